import Foundation
import Netwright

extension Comparison {
  /// Makes the file smaller while kernel and simulator still differ in the same.
  ///
  /// - Parameters:
  ///   - differences: what they differ in.
  ///   - place: the kernel.
  ///   - limit: how long it may take, in seconds.
  /// - Returns: the smallest file found, and how.
  /// - Throws: when a sandbox can't be made.
  package func shrunk(
    _ differences: [Difference], in place: Place = .host, limit: Double = 240
  ) throws -> Shrinking.Result {
    let kinds = Set(differences.map(\.kind))
    let start = Date()
    var shrinking = Shrinking(clock: { Date().timeIntervalSince(start) }, mend: Self.mended) { texts in
      let cases = texts.enumerated().map { index, yaml in
        Comparison(named: "candidate-\(index)", yaml: yaml, seed: seed, for: place)
      }
      let found = try Self.differences(of: cases.compactMap { $0 }, in: place, rounds: 1)
      return cases.map { one in
        one.flatMap { found[$0.name] }?.contains { kinds.contains($0.kind) } ?? false
      }
    }
    shrinking.limit = limit
    return try shrinking.smallest(yaml)
  }

  /// A file without what `validate` finds wrong, whatever that says is missing; nil where nothing would be left.
  package static func mended(_ yaml: String) -> String? {
    var text = yaml
    guard !text.hasPrefix(FileParts.uncheckedNote) else { return text }
    for _ in 0..<12 {
      let compilation = compile([Input(name: "lab.yaml", bytes: Array(text.utf8))])
      guard compilation.hasErrors else { return text }
      guard let file = FileParts(text) else { return nil }
      let wrong = compilation.errorRanges.compactMap(file.part)
      guard !wrong.isEmpty else { return nil }
      text = file.text(without: wrong)
    }
    return nil
  }
}

extension Comparison.Difference {
  /// What shrinking holds on to: the kind of probe, the program, counters or frames, wherever.
  fileprivate var kind: String {
    let words = subject.split(separator: " ").map(String.init)
    if let last = words.last, ["counters", "frames"].contains(last) { return last }
    return words.dropFirst().first { !$0.contains(".") && !$0.contains(":") } ?? subject
  }
}
