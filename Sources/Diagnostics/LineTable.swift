/// Where the lines of a text start.
///
/// Lines end as YAML readers see it (YAML 1.1 §4.1.4, which libyaml follows): at LF, CR, CR LF, and at the Unicode
/// breaks U+0085, U+2028 and U+2029. Only every 64th start is kept, so that a file of empty lines costs no more
/// memory than another.
package struct LineTable: Sendable {
  private let bytes: [UInt8]
  /// The index of the first byte of lines 1, 65, 129 and so on.
  private var starts = [0]
  /// How many lines there are; at least 1.
  package private(set) var count = 1

  private static let interval = 64

  /// Finds the lines of a text.
  ///
  /// - Complexity: O(size of the text)
  package init(_ text: SourceText) {
    bytes = text.bytes
    var line = nextBreak(from: 0)
    while let found = line {
      if count.isMultiple(of: Self.interval) { starts.append(found.upperBound) }
      count += 1
      line = nextBreak(from: found.upperBound)
    }
  }

  /// The bytes of the first line break at or after an index.
  private func nextBreak(from start: Int) -> Range<Int>? {
    var index = start
    while index < bytes.count {
      let length = breakLength(at: index)
      if length > 0 { return index..<index + length }
      index += 1
    }
    return nil
  }

  /// The number of bytes that the line break at an index takes; 0 where there is none.
  private func breakLength(at index: Int) -> Int {
    switch bytes[index] {
    case 0x0A: 1
    case 0x0D: follows(index, [0x0A]) ? 2 : 1
    case 0xC2: follows(index, [0x85]) ? 2 : 0
    case 0xE2: follows(index, [0x80, 0xA8]) || follows(index, [0x80, 0xA9]) ? 3 : 0
    default: 0
    }
  }

  private func follows(_ index: Int, _ expected: [UInt8]) -> Bool { bytes[(index + 1)...].starts(with: expected) }

  /// A line's bytes without its end of line; nil for a number below 1 or beyond the last line.
  package func bytes(ofLine number: Int32) -> ArraySlice<UInt8>? {
    guard number >= 1, Int(number) <= count else { return nil }
    let (block, rest) = (Int(number) - 1).quotientAndRemainder(dividingBy: Self.interval)
    var start = starts[block]
    for _ in 0..<rest { start = nextBreak(from: start)?.upperBound ?? start }
    return bytes[start..<(nextBreak(from: start)?.lowerBound ?? bytes.count)]
  }

  /// A line's text without its end of line, invalid UTF-8 replaced; nil for a number that no line has.
  package func line(_ number: Int32) -> String? {
    bytes(ofLine: number).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The position of a byte, given by its index in the text's bytes; the text's end for an index beyond it.
  package func position(ofByte index: Int) -> SourcePosition {
    let index = min(max(0, index), bytes.count)
    let block = (starts.firstIndex { $0 > index } ?? starts.count) - 1
    var (line, start) = (block * Self.interval + 1, starts[block])
    while let found = nextBreak(from: start), found.upperBound <= index { (line, start) = (line + 1, found.upperBound) }
    let column = String(decoding: bytes[start..<index], as: UTF8.self).unicodeScalars.count + 1
    return SourcePosition(line: Int32(clamping: line), column: Int32(clamping: column))
  }
}
