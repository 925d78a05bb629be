import Diagnostics

/// Places that libyaml's marks don't give: it counts a node's properties and the blank lines below it in.
extension LineTable {
  /// Where a node's own text starts, after its anchor and tag and what stands between; nil if nothing of it is above
  /// `end`.
  func contentStart(from start: SourcePosition, to end: SourcePosition) -> SourcePosition? {
    var place = start
    var atWordStart = true
    var inProperty = false
    while place < end {
      guard let line = line(place.line) else { return nil }
      for scalar in line.unicodeScalars.dropFirst(Int(place.column) - 1) {
        guard place < end else { return nil }
        let isSpace = scalar == " " || scalar == "\t"
        if isSpace { inProperty = false }
        if atWordStart, scalar == "#" { break }
        if atWordStart, scalar == "&" || scalar == "!" { inProperty = true }
        if !isSpace, !inProperty { return place }
        atWordStart = isSpace
        place = SourcePosition(line: place.line, column: place.column + 1)
      }
      place = SourcePosition(line: place.line + 1, column: 1)
      (atWordStart, inProperty) = (true, false)
    }
    return nil
  }

  /// Where a block scalar's last line that isn't blank ends.
  func contentEnd(from start: SourcePosition, to end: SourcePosition) -> SourcePosition {
    var number = end.column > 1 ? end.line : end.line - 1
    while number > start.line, let bytes = bytes(ofLine: number), bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
      number -= 1
    }
    guard let line = line(number) else { return end }
    return SourcePosition(line: number, column: Int32(line.unicodeScalars.count + 1))
  }
}
