/// A text as compose makes project names of it: lower case, only letters, digits, `_` and `-`, starting with a letter
/// or a digit; empty if nothing of it is left (compose-go, loader.NormalizeProjectName).
package func normalizedProjectName(_ text: String) -> String {
  let kept = text.lowercased().unicodeScalars.filter {
    ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "_" || $0 == "-"
  }
  return String(String.UnicodeScalarView(kept.drop { $0 == "_" || $0 == "-" }))
}

/// Whether a text can be the word before the names of namespaces and devices: one that can be a project's name.
package func isNamePrefix(_ text: String) -> Bool { !text.isEmpty && normalizedProjectName(text) == text }
