/// The text of one input file, for showing lines of it.
package struct SourceText: Sendable {
  /// The file's name as the user gave it; `<stdin>` for standard input.
  package let name: String
  /// The file's bytes, as read.
  package let bytes: [UInt8]

  /// Creates a text.
  package init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  /// A line's text without its end of line, invalid UTF-8 replaced; nil beyond the last line.
  ///
  /// - Complexity: O(size of the text); lines are shown only when something is wrong.
  package func line(_ number: Int32) -> String? {
    guard number >= 1 else { return nil }
    var current: Int32 = 1
    var start = bytes.startIndex
    while current < number {
      guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
      start = end + 1
      current += 1
    }
    var end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }
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
