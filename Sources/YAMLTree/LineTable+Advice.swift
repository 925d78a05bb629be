import Diagnostics

/// What the lines around a syntax error tell about its cause.
extension LineTable {
  /// The place of the first tab in the indentation of a line or of the line above it.
  func indentingTab(atOrAbove number: Int32) -> SourcePosition? {
    for number in [number, number - 1] {
      guard let bytes = bytes(ofLine: number) else { continue }
      let indentation = bytes.prefix { $0 == 0x20 || $0 == 0x09 }
      if indentation.count < bytes.count, let tab = indentation.firstIndex(of: 0x09) {
        return SourcePosition(line: number, column: Int32(tab - bytes.startIndex + 1))
      }
    }
    return nil
  }

  /// Whether the first character of a line that isn't blank is at a position.
  func isFirst(_ place: SourcePosition) -> Bool {
    guard let line = line(place.line) else { return true }
    return line.unicodeScalars.prefix(Int(place.column) - 1).allSatisfy { $0 == " " || $0 == "\t" }
  }

  /// The text of a line from a position on.
  func text(from place: SourcePosition) -> String {
    line(place.line).map { String($0.unicodeScalars.dropFirst(Int(place.column) - 1)) } ?? ""
  }

  /// Whether a line is one that a version control system left where two changes met.
  func isConflictMarker(_ number: Int32) -> Bool {
    guard let line = line(number) else { return false }
    return line.hasPrefix("<<<<<<< ") || line == "=======" || line.hasPrefix(">>>>>>> ")
  }

  /// The advice to put a colon at the end, if a line is one word without any.
  func missingColonHelp(_ number: Int32) -> String? {
    guard let words = line(number)?.split(whereSeparator: { $0 == " " || $0 == "\t" }), words.count == 1,
      let word = words.first, !word.contains(":")
    else { return nil }
    return "put a colon at the end of the line above: `\(word):`"
  }

  /// The advice to put a space after the colon, if a line is one word with a colon inside: `image:nginx`.
  func missingSpaceHelp(_ number: Int32) -> String? {
    guard let words = line(number)?.split(whereSeparator: { $0 == " " || $0 == "\t" }), words.count == 1,
      let word = words.first, let colon = word.firstIndex(of: ":"), colon > word.startIndex,
      word.index(after: colon) < word.endIndex
    else { return nil }
    return "put a space after the colon: `\(word[...colon]) \(word[word.index(after: colon)...])`"
  }
}
