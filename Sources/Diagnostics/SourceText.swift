/// The text of one input file, for reading it and for showing lines of it.
package struct SourceText: Sendable {
  /// The file's name as the user gave it; `<stdin>` for standard input.
  package let name: String
  /// The text in UTF-8 without a byte-order mark; what is neither UTF-8 nor marked as UTF-16 is left as it was read.
  package let bytes: [UInt8]

  /// Creates a text from a file's bytes, dropping a byte-order mark and converting UTF-16 that starts with one.
  package init(name: String, bytes: [UInt8]) {
    self.name = name
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      self.bytes = Array(bytes.dropFirst(3))
    } else {
      self.bytes = utf8(fromMarkedUTF16: bytes) ?? bytes
    }
  }

  /// A line's text without its end of line, invalid UTF-8 replaced; nil beyond the last line.
  ///
  /// - Complexity: O(size of the text); where many lines are shown, a `LineTable` finds each at once.
  package func line(_ number: Int32) -> String? { LineTable(self).line(number) }
}

/// The input files of one run, in the order given.
package struct SourceSet: Sendable {
  /// The files; a `SourceID` is an index here.
  package private(set) var sources: [SourceText] = []

  /// Creates an empty set.
  package init() {}

  /// Adds a file and returns its identifier.
  package mutating func add(_ text: SourceText) -> SourceID {
    sources.append(text)
    return SourceID(index: Int32(sources.count - 1))
  }

  /// The file with an identifier; the identifier must come from this set.
  package subscript(id: SourceID) -> SourceText { sources[Int(id.index)] }
}

/// The UTF-8 form of UTF-16 that starts with a byte-order mark; nil for anything else, a lone surrogate included.
private func utf8(fromMarkedUTF16 bytes: [UInt8]) -> [UInt8]? {
  let isBigEndian = bytes.starts(with: [0xFE, 0xFF])
  guard isBigEndian || bytes.starts(with: [0xFF, 0xFE]), bytes.count.isMultiple(of: 2) else { return nil }
  var units: [UInt16] = []
  units.reserveCapacity(bytes.count / 2)
  for index in stride(from: 2, to: bytes.count, by: 2) {
    let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
    units.append(isBigEndian ? first << 8 | second : second << 8 | first)
  }
  return String(validating: units, as: UTF16.self).map { Array($0.utf8) }
}
