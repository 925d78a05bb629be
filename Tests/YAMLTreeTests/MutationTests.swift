import Diagnostics
import Testing
import YAMLTree

@Suite struct MutationTests {
  @Test func `Mutated files are read without a trap, sizes and ranges kept true`() {
    let seed: UInt64 = 20_260_801
    var random = SeededGenerator(seed: seed)
    let sample = Array(
      """
      a: &a {x: 1, "y": [1, 2.5, ~], z: 'q'}
      b: !t
        <<: *a
        c: |2
            text
          more
        ? d
        : - e
          - >-
            folded
      --- # ключ
      - [a: b, {c: d}]
      - "\\u263A \\n"
      ...

      """.utf8)
    for round in 0..<2000 {
      var bytes = sample
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(sample[Int.random(in: 0..<sample.count, using: &random)], at: place)
        default: bytes.replaceSubrange(place..<place, with: sample[Int.random(in: 0..<sample.count, using: &random)...])
        }
      }
      let read = Sample(bytes: bytes)
      let lines = LineTable(read.text)
      let comment: Comment = "seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self).debugDescription)"
      for document in read.reading.documents {
        #expect(document.size == document.countedSize, comment)
        document.forEachRange { range in #expect(lines.covers(range), "\(range), \(comment)") }
      }
      for range in read.reading.diagnostics.flatMap({ [$0.range].compactMap(\.self) + $0.labels.map(\.range) }) {
        #expect(lines.covers(range), "\(range), \(comment)")
      }
    }
  }
}

extension YAMLNode {
  /// Calls a function with the range of every node and key.
  fileprivate func forEachRange(_ body: (SourceRange) -> Void) {
    body(range)
    switch content {
    case .scalar: break
    case .sequence(let items): for item in items { item.forEachRange(body) }
    case .mapping(let mapping):
      for entry in mapping.entries {
        body(entry.key.range)
        entry.value.forEachRange(body)
      }
    }
  }
}

extension LineTable {
  /// Whether a range runs forwards between two places of the text.
  fileprivate func covers(_ range: SourceRange) -> Bool {
    range.start <= range.end
      && [range.start, range.end].allSatisfy { place in
        guard let line = line(place.line) else { return false }
        return place.column >= 1 && place.column <= line.unicodeScalars.count + 1
      }
  }
}
