package import Diagnostics

/// Bounds on what a file may ask of the reader, so that a small file can't take all memory or time.
package struct YAMLLimits: Sendable {
  /// The largest file in bytes.
  package var bytes = 32 << 20
  /// The deepest nesting of sequences and mappings, aliases expanded.
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
  /// The explicit tags in them, resolved.
  package var tags: Set<String> = []
  /// What is wrong with the file as YAML.
  package var diagnostics: [Diagnostic]
}

/// Reads a file's documents.
///
/// Reading goes on after a finding as far as that makes sense: what an undefined alias or a doubled key stands for is
/// left out. It stops at a broken rule of syntax and at a limit; the documents before are kept.
package func readYAML(_ text: SourceText, id: SourceID, limits: YAMLLimits = YAMLLimits()) -> YAMLReading {
  guard text.bytes.count <= limits.bytes else {
    let message = "\(text.name) has \(text.bytes.count) bytes; at most \(limits.bytes) are read"
    return YAMLReading(documents: [], diagnostics: [Diagnostic(YAMLCode.tooLarge, message, at: nil)])
  }
  var parser = EventParser(text.bytes)
  var builder = TreeBuilder(text: text, id: id, limits: limits)
  do throws(YAMLParserError) {
    while true {
      let event = try parser.next()
      if case .streamEnd = event.kind { break }
      do throws(LimitExceeded) { try builder.take(event) } catch {
        builder.diagnostics.append(error.diagnostic)
        break
      }
    }
  } catch {
    builder.diagnostics.append(diagnostic(of: error, in: text, id: id))
  }
  return YAMLReading(documents: builder.documents, tags: builder.tags, diagnostics: builder.diagnostics)
}
