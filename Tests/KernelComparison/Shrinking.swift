import Diagnostics
import YAMLTree

extension Comparison {
  /// Makes the file smaller while kernel and simulator still differ in the same: services, networks, then keys are left
  /// out, the largest parts first (delta debugging, Zeller and Hildebrandt 2002).
  ///
  /// - Parameters:
  ///   - differences: what they differ in.
  ///   - place: the kernel.
  ///   - rounds: how many times parts are looked for; each takes some seconds.
  /// - Returns: the smallest file found.
  /// - Throws: when a sandbox can't be made.
  package func shrunk(_ differences: [Difference], in place: Place = .host, rounds: Int = 12) throws -> String {
    let kinds = Set(differences.map(\.kind))
    var text = yaml
    for round in 0..<rounds {
      let candidates = smallerFiles(text).enumerated().compactMap { index, yaml in
        Comparison(named: "shrink\(round)-\(index)", yaml: yaml, seed: seed, for: place)
      }.prefix(24)
      guard !candidates.isEmpty else { break }
      let found = try Self.differences(of: Array(candidates), in: place, rounds: 1)
      let smaller = candidates.filter { one in found[one.name]?.contains { kinds.contains($0.kind) } ?? false }
      guard let best = smaller.min(by: { $0.yaml.utf8.count < $1.yaml.utf8.count }) else { break }
      // A difference by chance would lead astray.
      let again = try Self.differences(of: [best], in: place, rounds: 2)
      guard again[best.name]?.contains(where: { kinds.contains($0.kind) }) ?? false else { continue }
      text = best.yaml
    }
    return text
  }

  /// The file without one of its parts, those that leave the least first.
  private func smallerFiles(_ text: String) -> [String] {
    // What follows `#` are instructions to the harness.
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let notes = lines.filter { $0.hasPrefix("#") }
    let source = SourceText(name: "lab.yaml", bytes: Array(text.utf8))
    guard let root = readYAML(source, id: SourceID(index: 0)).documents.first else { return [] }
    let value = root.value
    func file(_ value: YAMLValue, _ notes: [Substring]) -> String {
      let first = notes.filter { $0 == "# unchecked" }
      let rest = notes.filter { $0 != "# unchecked" }
      return (first + [Substring(writeYAML(value))] + rest).joined(separator: "\n") + "\n"
    }
    var result = value.withoutOnePart.map { file($0, notes) }
    for index in notes.indices where notes[index] != "# unchecked" {
      var fewer = notes
      fewer.remove(at: index)
      result.append(file(value, fewer))
    }
    return result.sorted { $0.utf8.count < $1.utf8.count }
  }
}

extension Comparison.Difference {
  /// What shrinking holds on to: the kind of probe or the program, wherever.
  fileprivate var kind: String {
    let words = subject.split(separator: " ").map(String.init)
    return words.dropFirst().first { !$0.contains(".") && !$0.contains(":") } ?? subject
  }
}

extension YAMLNode {
  /// The node as a value to be written again.
  fileprivate var value: YAMLValue {
    switch content {
    case .scalar(let scalar): scalar.isPlain ? .plain(scalar.text) : .text(scalar.text)
    case .sequence(let items): .list(items.map(\.value))
    case .mapping(let mapping): .map(mapping.entries.map { .init($0.key.value, $0.value.value) })
    }
  }
}

extension YAMLValue {
  /// The value with one entry or item less, wherever it stands: each possible one.
  fileprivate var withoutOnePart: [YAMLValue] {
    switch self {
    case .plain, .text: return []
    case .list(let items, let isFlow):
      return items.indices.flatMap { index -> [YAMLValue] in
        var fewer = items
        fewer.remove(at: index)
        let inner = items[index].withoutOnePart.map { part -> YAMLValue in
          var changed = items
          changed[index] = part
          return .list(changed, isFlow: isFlow)
        }
        return (fewer.isEmpty ? [] : [.list(fewer, isFlow: isFlow)]) + inner
      }
    case .map(let entries, let isFlow):
      return entries.indices.flatMap { index -> [YAMLValue] in
        var fewer = entries
        fewer.remove(at: index)
        let inner = entries[index].value.withoutOnePart.map { part -> YAMLValue in
          var changed = entries
          changed[index].value = part
          return .map(changed, isFlow: isFlow)
        }
        return (fewer.isEmpty ? [] : [.map(fewer, isFlow: isFlow)]) + inner
      }
    }
  }
}
