import Plan

/// The lines of comment that say what the commands after them come from, as they stand in the text.
///
/// The steps of a part of the file are in several places of a plan, the parts in the same order in each: the next line
/// is mostly one that has been written, and copied from there in a tenth of the time.
struct WrittenLabels {
  private var lines: [(origin: Origin, bytes: Range<Int>)] = []
  /// The index of the line that is likely to come next.
  private var next = 0

  /// Appends the line of an origin to the text, which is always the same, and only ever grows.
  mutating func write(_ origin: Origin, to text: inout ShellText) {
    if let known = index(of: origin) {
      text.repeatBytes(lines[known].bytes)
      next = known + 1
      return
    }
    if next == lines.count { next += 1 }
    let start = text.count
    text.append("# ", origin, "\n")
    lines.append((origin, start..<text.count))
  }

  /// The index of an origin's line: of the next, or of the first.
  private func index(of origin: Origin) -> Int? {
    if next < lines.count, lines[next].origin == origin { return next }
    return lines.first?.origin == origin ? 0 : nil
  }
}
