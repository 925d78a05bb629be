import Diagnostics

/// Codes to make findings with.
enum SampleCode: String, DiagnosticCode {
  case wrong = "NW9001"
  case odd = "NW9002"
  case fact = "NW9003"

  var name: String {
    switch self {
    case .wrong: "something-wrong"
    case .odd: "something-odd"
    case .fact: "plain-fact"
    }
  }

  var severity: Severity {
    switch self {
    case .wrong: .error
    case .odd: .warning
    case .fact: .note
    }
  }

  var summary: String { "A sample." }
}

/// A set of files with these texts, called a.yaml, b.yaml and so on.
func files(_ texts: String...) -> SourceSet {
  var sources = SourceSet()
  for (name, text) in zip(["a.yaml", "b.yaml", "c.yaml"], texts) {
    _ = sources.add(SourceText(name: name, bytes: Array(text.utf8)))
  }
  return sources
}

/// The stretch from one place to another of a file: `place(3, 5, 8)` is line 3, columns 5 to 7.
func place(_ line: Int32, _ start: Int32, _ end: Int32, toLine: Int32? = nil, file: Int32 = 0) -> SourceRange {
  SourceRange(
    source: SourceID(index: file), start: SourcePosition(line: line, column: start),
    end: SourcePosition(line: toLine ?? line, column: end))
}
