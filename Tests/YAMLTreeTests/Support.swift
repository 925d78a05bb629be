import Diagnostics
import YAMLTree

/// A reading together with its text, for checking what ranges cover.
struct Sample {
  let text: SourceText
  let reading: YAMLReading

  init(_ text: String, limits: YAMLLimits = YAMLLimits()) { self.init(bytes: Array(text.utf8), limits: limits) }

  init(bytes: [UInt8], limits: YAMLLimits = YAMLLimits()) {
    text = SourceText(name: "sample.yaml", bytes: bytes)
    reading = readYAML(text, id: SourceID(index: 0), limits: limits)
  }

  /// The first document.
  var root: YAMLNode? { reading.documents.first }

  /// The text that a range covers, lines joined by `⏎`.
  func covered(_ range: SourceRange) -> String {
    (range.start.line...range.end.line).map { number in
      let line = Array((text.line(number) ?? "").unicodeScalars)
      let start = number == range.start.line ? Int(range.start.column) - 1 : 0
      let end = number == range.end.line ? Int(range.end.column) - 1 : line.count
      guard start <= end, end <= line.count else { return "<beyond the line>" }
      return String(String.UnicodeScalarView(line[start..<end]))
    }.joined(separator: "⏎")
  }

  /// What was found, as `line:column name "text covered"`.
  var findings: [String] {
    reading.diagnostics.map { diagnostic in
      guard let range = diagnostic.range else { return diagnostic.code.name }
      return "\(range.start.line):\(range.start.column) \(diagnostic.code.name) \"\(covered(range))\""
    }
  }

  /// The trees of all documents, in flow style.
  var outlines: [String] { reading.documents.map(\.outline) }
}

extension YAMLNode {
  /// The tree in flow style: plain scalars as they are, others in quotes, tags before their node.
  var outline: String {
    let prefix = tag.map { "!<\($0)> " } ?? ""
    switch content {
    case .scalar(let scalar): return prefix + (scalar.isPlain ? scalar.text : scalar.text.debugDescription)
    case .sequence(let items): return prefix + "[" + items.map(\.outline).joined(separator: ", ") + "]"
    case .mapping(let mapping):
      let entries = mapping.entries.map { "\($0.key.value): \($0.value.outline)" }
      return prefix + "{" + entries.joined(separator: ", ") + "}"
    }
  }

  /// The node at the end of a path of keys and indices.
  subscript(_ path: String...) -> YAMLNode? {
    var node: YAMLNode? = self
    for step in path {
      switch node?.content {
      case .mapping(let mapping): node = mapping[step]
      case .sequence(let items): node = Int(step).flatMap { items.indices.contains($0) ? items[$0] : nil }
      case .scalar, nil: return nil
      }
    }
    return node
  }

  /// How many nodes a walk of the tree meets, keys included.
  var countedSize: Int {
    switch content {
    case .scalar: 1
    case .sequence(let items): items.reduce(1) { $0 + $1.countedSize }
    case .mapping(let mapping): mapping.entries.reduce(1) { $0 + 1 + $1.value.countedSize }
    }
  }
}

/// SplitMix64: the same numbers for the same seed on every machine.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
