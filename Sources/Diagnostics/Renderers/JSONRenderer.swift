import FoundationEssentials

/// Findings as JSON, in the form that Schemas/diagnostics-v1.schema.json describes.
package struct JSONRenderer: Sendable {
  /// The files that the findings are about.
  package let sources: SourceSet

  /// Creates a renderer for findings about files.
  package init(sources: SourceSet) { self.sources = sources }

  /// The findings in the order given, with a line end after the last line.
  ///
  /// - Throws: `EncodingError`; no finding leads to one.
  package func render(_ diagnostics: [Diagnostic]) throws -> String {
    let counts = DiagnosticCounts(diagnostics)
    let report = Report(
      version: 1, diagnostics: diagnostics.map { Report.Finding($0, sources) },
      summary: .init(errors: counts.errors, warnings: counts.warnings))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(report), as: UTF8.self) + "\n"
  }
}

/// The JSON form.
private struct Report: Encodable {
  struct Summary: Encodable {
    var errors: Int
    var warnings: Int
  }

  struct Position: Encodable {
    var line: Int32
    var column: Int32

    init(_ position: SourcePosition) { (line, column) = (position.line, position.column) }
  }

  struct Range: Encodable {
    var start: Position
    var end: Position

    init(_ range: SourceRange) { (start, end) = (Position(range.start), Position(range.end)) }
  }

  struct Label: Encodable {
    var file: String
    var range: Range
    var text: String
  }

  struct Finding: Encodable {
    var code: String
    var name: String
    var severity: Severity
    var message: String
    var file: String?
    var range: Range?
    var caption: String?
    var labels: [Label]
    var notes: [String]
    var help: String?

    init(_ diagnostic: Diagnostic, _ sources: SourceSet) {
      code = diagnostic.code.number
      name = diagnostic.code.name
      severity = diagnostic.severity
      message = diagnostic.message
      file = diagnostic.range.map { sources[$0.source].name }
      range = diagnostic.range.map(Range.init)
      caption = diagnostic.caption
      labels = diagnostic.labels.map { label in
        Label(file: sources[label.range.source].name, range: Range(label.range), text: label.text)
      }
      notes = diagnostic.notes
      help = diagnostic.help
    }
  }

  var version: Int
  var diagnostics: [Finding]
  var summary: Summary
}
