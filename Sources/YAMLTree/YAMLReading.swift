package import Diagnostics

/// Bounds on what a file may ask of the reader, so that a small file can't take all memory or time.
package struct YAMLLimits: Sendable {
  /// The largest file in bytes.
  package var bytes = 32 << 20
  /// The deepest nesting of sequences and mappings.
  package var depth = 100
  /// The most nodes of all documents together, aliases counted as often as they are used.
  package var nodes = 4_000_000

  /// The limits that the command has.
  package init() {}
}

/// What was read of a file: its documents, as far as they could be read, and the findings.
package struct YAMLReading: Sendable {
  /// The documents' root nodes, in order; a document that is empty is left out.
  package var documents: [YAMLNode]
  /// What is wrong with the file as YAML.
  package var diagnostics: [Diagnostic]
}

// `func readYAML(_ text: SourceText, id: SourceID, limits: YAMLLimits = YAMLLimits()) -> YAMLReading` is the entry.
