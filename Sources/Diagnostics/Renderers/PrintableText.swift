/// Text that a terminal shows and doesn't obey: what input files hold may be meant to deceive.
extension Unicode.Scalar {
  /// What to show of it: itself, an escape such as `\u{1b}` for what a terminal acts on or hides.
  var printable: String { isHarmless ? String(self) : "\\u{\(String(value, radix: 16))}" }

  /// Whether it shows as itself: no control, no change of direction, nothing invisible or without a meaning.
  private var isHarmless: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
    default: true
    }
  }

  /// How many columns a terminal gives it (Unicode Standard Annex 11, the wide and full-width blocks).
  var columns: Int {
    if value < 0x300 { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: break
    }
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
      0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}

extension String {
  /// The text on one line, with escapes for what a terminal would act on.
  var printable: String {
    utf8.allSatisfy { (0x20..<0x7F).contains($0) } ? self : unicodeScalars.map(\.printable).joined()
  }
}

/// A part of a source line as it is shown, and where in it the marks go.
struct ShownLine {
  /// What is shown.
  private(set) var text = ""
  /// The column, from 0, at which each scalar of the part starts, and the one after the last.
  private var offsets: [Int] = []
  /// The index, in the line, of the part's first scalar.
  private let first: Int

  /// A line longer than this is shown in part.
  static let longest = 120
  /// How much of a long line is shown, and how much of that before the mark.
  private static let (window, before) = (100, 40)

  /// Shows a line, around a scalar if it is long; tabs reach to the next multiple of four.
  init(_ scalars: [Unicode.Scalar], around mark: Int) {
    let isLong = scalars.count > Self.longest
    first = isLong ? max(0, min(mark - Self.before, scalars.count - Self.window)) : 0
    let end = isLong ? first + Self.window : scalars.count
    if first > 0 { text = "..." }
    var column = text.utf8.count
    for scalar in scalars[first..<end] {
      offsets.append(column)
      let shown = scalar == "\t" ? String(repeating: " ", count: 4 - column % 4) : scalar.printable
      text += shown
      column += shown.utf8.count == 1 ? 1 : shown.unicodeScalars.reduce(0) { $0 + $1.columns }
    }
    offsets.append(column)
    if end < scalars.count { text += "..." }
  }

  /// The columns, from 0, of a stretch of the line's scalars, as far as it is shown; at least one.
  func columns(_ range: Range<Int>) -> Range<Int> {
    func offset(_ index: Int) -> Int { offsets[min(max(0, index - first), offsets.count - 1)] }
    let start = offset(range.lowerBound)
    return start..<max(start + 1, offset(range.upperBound))
  }
}
