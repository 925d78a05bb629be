/// The findings in the order of their places, each once.
package func ordered(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
  var seen: Set<Diagnostic> = []
  return diagnostics.sorted().filter { seen.insert($0).inserted }
}

/// How many findings of each kind there are.
package struct DiagnosticCounts: Hashable, Sendable {
  /// Those that keep the file from being compiled.
  package private(set) var errors = 0
  /// Those that don't.
  package private(set) var warnings = 0

  /// Counts findings.
  package init(_ diagnostics: [Diagnostic]) {
    for diagnostic in diagnostics {
      switch diagnostic.severity {
      case .error: errors += 1
      case .warning: warnings += 1
      case .note: break
      }
    }
  }

  /// `2 errors, 1 warning`; nil if there is neither.
  package var summary: String? {
    let parts = [(errors, "error"), (warnings, "warning")].filter { $0.0 > 0 }
    return parts.isEmpty ? nil : parts.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }.joined(separator: ", ")
  }
}
