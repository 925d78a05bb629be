/// Where each line of a text starts.
///
/// Lines end as YAML readers see it (YAML 1.1 §4.1.4, which libyaml follows): at LF, CR, CR LF, and at the Unicode
/// breaks U+0085, U+2028 and U+2029.
package struct LineTable: Sendable {
  private let bytes: [UInt8]
  /// The index of each line's first byte, and of the byte after its last one before the break.
  private var bounds: [Range<Int>] = []

  /// Finds the lines of a text.
  ///
  /// - Complexity: O(size of the text)
  package init(_ text: SourceText) {
    bytes = text.bytes
    bounds.reserveCapacity(bytes.count / 24 + 1)
    var start = 0
    var index = 0
    while index < bytes.count {
      let length = breakLength(at: index)
      if length > 0 {
        bounds.append(start..<index)
        start = index + length
      }
      index += max(1, length)
    }
    bounds.append(start..<bytes.count)
  }

  /// The number of bytes that the line break at an index takes; 0 where there is none.
  private func breakLength(at index: Int) -> Int {
    switch bytes[index] {
    case 0x0A: 1
    case 0x0D: index + 1 < bytes.count && bytes[index + 1] == 0x0A ? 2 : 1
    case 0xC2: index + 1 < bytes.count && bytes[index + 1] == 0x85 ? 2 : 0
    case 0xE2:
      index + 2 < bytes.count && bytes[index + 1] == 0x80 && (bytes[index + 2] == 0xA8 || bytes[index + 2] == 0xA9)
        ? 3 : 0
    default: 0
    }
  }

  /// How many lines there are; at least 1.
  package var count: Int { bounds.count }

  /// A line's bytes without its end of line; nil for a number below 1 or beyond the last line.
  package func bytes(ofLine number: Int32) -> ArraySlice<UInt8>? {
    guard number >= 1, Int(number) <= bounds.count else { return nil }
    return bytes[bounds[Int(number) - 1]]
  }

  /// A line's text without its end of line, invalid UTF-8 replaced; nil for a number that no line has.
  package func line(_ number: Int32) -> String? {
    bytes(ofLine: number).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The position of a byte, given by its index in the text's bytes.
  package func position(ofByte index: Int) -> SourcePosition {
    var (low, high) = (0, bounds.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if bounds[middle].lowerBound <= index { low = middle } else { high = middle - 1 }
    }
    let prefix = bytes[bounds[low].lowerBound..<min(max(index, bounds[low].lowerBound), bytes.count)]
    return SourcePosition(
      line: Int32(low + 1), column: Int32(String(decoding: prefix, as: UTF8.self).unicodeScalars.count + 1))
  }
}
