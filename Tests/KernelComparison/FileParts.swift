import Diagnostics
import YAMLTree

/// A file as parts, each of which can be left out: entries and items wherever they stand, and notes to the harness.
struct FileParts {
  /// A part: its way through the tree, or the number of a note.
  enum Part: Hashable, Sendable {
    case node([Int])
    case note(Int)
  }

  /// A part that can be left out.
  struct Named {
    let part: Part
    /// What it is called by, whatever else is left out: the keys and items on its way.
    let name: String
    /// How long it is, in bytes.
    let size: Int
    fileprivate let range: SourceRange?
  }

  private let root: YAMLNode
  private let notes: [String]
  /// All parts, in the order of the file.
  let all: [Named]

  /// Takes a file apart; nil where it is no mapping.
  init?(_ text: String) {
    let source = SourceText(name: "lab.yaml", bytes: Array(text.utf8))
    guard let root = readYAML(source, id: SourceID(index: 0)).documents.first, case .mapping = root.content else {
      return nil
    }
    self.root = root
    notes = text.split(separator: "\n").filter { $0.hasPrefix("#") }.map(String.init)
    let noted = notes.enumerated().filter { $0.element != Self.uncheckedNote }.map { index, note in
      Named(part: .note(index), name: note, size: note.utf8.count, range: nil)
    }
    all = root.parts(at: [], name: "") + noted
  }

  /// The note of a file that is wrong on purpose: it isn't left out, since the file would be another.
  static let uncheckedNote = "# unchecked"

  /// The file without some of its parts; what is empty then goes too.
  func text(without parts: some Collection<Part>) -> String {
    let gone = Set(parts)
    let kept = notes.enumerated().filter { !gone.contains(.note($0.offset)) }.map(\.element)
    let first = kept.filter { $0 == Self.uncheckedNote }
    let rest = kept.filter { $0 != Self.uncheckedNote }
    let tree = root.value(at: [], without: gone) ?? .map([])
    var body = writeYAML(tree)
    if body.hasSuffix("\n") { body.removeLast() }
    return (first + [body] + rest).joined(separator: "\n") + "\n"
  }

  /// The smallest part that a place is in; nil where that is the whole file.
  func part(at range: SourceRange) -> Part? {
    all.last { $0.range?.contains(range) ?? false }?.part
  }
}

extension YAMLNode {
  /// The entries or items below a node, each before those within it.
  fileprivate func parts(at path: [Int], name: String) -> [FileParts.Named] {
    switch content {
    case .scalar: return []
    case .sequence(let items):
      return items.enumerated().flatMap { index, item -> [FileParts.Named] in
        let text = writeYAML(item.value)
        let own = "\(name)/\(text)"
        return [.init(part: .node(path + [index]), name: own, size: text.utf8.count, range: item.range)]
          + item.parts(at: path + [index], name: own)
      }
    case .mapping(let mapping):
      return mapping.entries.enumerated().flatMap { index, entry -> [FileParts.Named] in
        let own = "\(name)/\(entry.key.value)"
        let size = entry.key.value.utf8.count + writeYAML(entry.value.value).utf8.count
        let range = entry.key.range.union(entry.value.range)
        return [.init(part: .node(path + [index]), name: own, size: size, range: range)]
          + entry.value.parts(at: path + [index], name: own)
      }
    }
  }

  /// The node as a value to be written again.
  fileprivate var value: YAMLValue { value(at: [], without: []) ?? .map([]) }

  /// The node without some parts; nil if nothing is left of what wasn't empty.
  fileprivate func value(at path: [Int], without gone: Set<FileParts.Part>) -> YAMLValue? {
    switch content {
    case .scalar(let scalar): return scalar.isPlain ? .plain(scalar.text) : .text(scalar.text)
    case .sequence(let items):
      let kept = items.enumerated().compactMap { index, item in
        gone.contains(.node(path + [index])) ? nil : item.value(at: path + [index], without: gone)
      }
      return kept.isEmpty && !items.isEmpty ? nil : .list(kept, isFlow: items.allSatisfy(\.isScalar))
    case .mapping(let mapping):
      let kept = mapping.entries.enumerated().compactMap { index, entry -> YAMLValue.Entry? in
        guard !gone.contains(.node(path + [index])),
          let value = entry.value.value(at: path + [index], without: gone)
        else { return nil }
        return .init(entry.key.value, value)
      }
      return kept.isEmpty && !mapping.entries.isEmpty ? nil : .map(kept)
    }
  }

  private var isScalar: Bool { if case .scalar = content { true } else { false } }
}
