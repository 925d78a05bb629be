/// What the resolver takes from beside the file.
package struct ResolutionOptions: Sendable {
  /// The project's name where the file gives none: compose's rule makes it of the folder's name.
  package var defaultProjectName: String
  /// The word before every namespace and device name, instead of the file's.
  package var prefix: String?

  /// Creates options.
  package init(defaultProjectName: String, prefix: String? = nil) {
    self.defaultProjectName = defaultProjectName
    self.prefix = prefix
  }
}

/// A text as compose makes project names of it: lower case, only letters, digits, `_` and `-`, starting with a letter or
/// a digit; empty if nothing of it is left (compose-go, loader.NormalizeProjectName).
package func normalizedProjectName(_ text: String) -> String {
  let kept = text.lowercased().unicodeScalars.filter {
    ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "_" || $0 == "-"
  }
  return String(String.UnicodeScalarView(kept.drop { $0 == "_" || $0 == "-" }))
}
