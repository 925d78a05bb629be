/// Findings for people: each with its message, the lines it is about, marks under them, notes and help.
package struct TerminalRenderer: Sendable {
  /// The files that the findings are about.
  package let sources: SourceSet
  /// Whether to color by escape sequences (ECMA-48 SGR).
  package let color: Bool

  /// Creates a renderer for findings about files.
  package init(sources: SourceSet, color: Bool) {
    self.sources = sources
    self.color = color
  }

  /// The findings in the order given, an empty line after each, and a line that counts them; nothing for none.
  ///
  /// No text of the input reaches the terminal with control characters in it.
  package func render(_ diagnostics: [Diagnostic]) -> String {
    var output = ""
    var reader = LineReader(sources: sources)
    for diagnostic in diagnostics {
      render(diagnostic, &reader, to: &output)
      output += "\n"
    }
    if let summary = DiagnosticCounts(diagnostics).summary { output += summary + "\n" }
    return output
  }

  private func render(_ diagnostic: Diagnostic, _ reader: inout LineReader, to output: inout String) {
    let severity = TextStyle(diagnostic.severity)
    output += styled("\(diagnostic.severity.rawValue)[\(diagnostic.code.number) \(diagnostic.code.name)]", severity)
    output += styled(": \(diagnostic.message.printable)", .strong) + "\n"
    let files = marks(of: diagnostic)
    let lastLine = files.joined().map(\.range.start.line).max() ?? 0
    let margin = String(repeating: " ", count: String(lastLine).utf8.count)
    for (index, marks) in files.enumerated() {
      guard let place = (marks.first { $0.isPrimary } ?? marks.first)?.range else { continue }
      let name = sources[place.source].name.printable
      output += margin + styled(index == 0 ? "--> " : "::: ", .frame)
      output += "\(name):\(place.start.line):\(place.start.column)\n"
      output += "\(margin) \(styled("|", .frame))\n"
      renderLines(marks, margin, severity, &reader, to: &output)
    }
    let remarks = diagnostic.notes.map { ("note", $0) } + (diagnostic.help.map { [("help", $0)] } ?? [])
    if !remarks.isEmpty, !files.isEmpty { output += "\(margin) \(styled("|", .frame))\n" }
    for (kind, text) in remarks {
      output += "\(margin) \(styled("=", .frame)) \(styled("\(kind):", .strong)) \(text.printable)\n"
    }
  }

  /// The marks of a finding, a list a file, the finding's own file first, each in the order of the lines.
  private func marks(of diagnostic: Diagnostic) -> [[Mark]] {
    var marks = diagnostic.labels.map { Mark(range: $0.range, text: $0.text, isPrimary: false) }
    if let range = diagnostic.range {
      marks.append(Mark(range: range, text: diagnostic.caption ?? "", isPrimary: true))
    }
    let own = diagnostic.range?.source
    let files = Set(marks.map(\.range.source)).sorted { $0 == own ? $1 != own : $1 != own && $0 < $1 }
    return files.map { file in
      marks.filter { $0.range.source == file }.sorted {
        $0.range == $1.range ? $0.isPrimary && !$1.isPrimary : $0.range < $1.range
      }
    }
  }

  /// The lines of one file that have marks, each once unless it is too long to show whole, and the marks under them.
  private func renderLines(
    _ marks: [Mark], _ margin: String, _ severity: TextStyle, _ reader: inout LineReader, to output: inout String
  ) {
    var last: (number: Int32, line: ShownLine)?
    for mark in marks {
      let number = mark.range.start.line
      guard let scalars = reader.scalars(mark.range.source, number) else { continue }
      let start = Int(mark.range.start.column) - 1
      let end = mark.range.end.line == number ? Int(mark.range.end.column) - 1 : scalars.count
      let line: ShownLine
      if let last, last.number == number, scalars.count <= ShownLine.longest {
        line = last.line
      } else {
        if let last, number > last.number + 1 { output += styled("...", .frame) + "\n" }
        line = ShownLine(scalars, around: start)
        let label = String(repeating: " ", count: margin.utf8.count - String(number).utf8.count) + String(number)
        output += styled("\(label) |", .frame) + (line.text.isEmpty ? "" : " \(line.text)") + "\n"
      }
      last = (number, line)
      let columns = line.columns(start..<max(start, end))
      let underline = String(repeating: mark.isPrimary ? "^" : "-", count: columns.count)
      let text = mark.text.isEmpty ? "" : " \(mark.text.printable)"
      output += "\(margin) \(styled("|", .frame)) " + String(repeating: " ", count: columns.lowerBound)
      output += styled(underline + text, mark.isPrimary ? severity : .frame) + "\n"
    }
  }

  private func styled(_ text: String, _ style: TextStyle) -> String {
    color ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }
}

/// A place to underline, and what to say about it.
private struct Mark {
  let range: SourceRange
  let text: String
  let isPrimary: Bool
}

/// The ways to stress text: parameters of SGR.
private enum TextStyle: String {
  case error = "1;31"
  case warning = "1;33"
  case note = "1;36"
  case strong = "1"
  case frame = "1;34"

  init(_ severity: Severity) {
    self =
      switch severity {
      case .error: .error
      case .warning: .warning
      case .note: .note
      }
  }
}

/// Finds lines, keeping each file's table and the last line: many findings may be about one long line.
private struct LineReader {
  let sources: SourceSet
  private var tables: [SourceID: LineTable] = [:]
  private var last: (source: SourceID, number: Int32, scalars: [Unicode.Scalar])?

  init(sources: SourceSet) { self.sources = sources }

  /// The scalars of a line; nil beyond the last.
  mutating func scalars(_ source: SourceID, _ number: Int32) -> [Unicode.Scalar]? {
    if let last, last.source == source, last.number == number { return last.scalars }
    let table = tables[source] ?? LineTable(sources[source])
    tables[source] = table
    guard let line = table.line(number) else { return nil }
    let scalars = Array(line.unicodeScalars)
    last = (source, number, scalars)
    return scalars
  }
}
