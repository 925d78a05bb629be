import NetworkTypes

/// What makes any text safe in a shell script.
///
/// Names, addresses and numbers hold none but letters, digits and `. : / _ -` by their types and stand bare. Every
/// other text (values of kernel parameters, lines of files, names of input files) goes through one of these functions.
enum ShellQuoting {
  /// A text as one shell word between single quotes, in which nothing but the quote itself has a meaning (POSIX XCU
  /// §2.2.2).
  static func word(_ text: String) -> String {
    var quoted = "'"
    for scalar in oneLine(text).unicodeScalars {
      if scalar == "'" { quoted += "'\\''" } else { quoted.unicodeScalars.append(scalar) }
    }
    return quoted + "'"
  }

  /// A text for a comment or a message: on one line, and without characters that steer a terminal or reorder what
  /// stands around them.
  static func oneLine(_ text: String) -> String {
    var bytes = TextBuffer()
    bytes.append(text)
    guard !bytes.isPrintable(from: 0) else { return text }
    var clean = ""
    for scalar in text.unicodeScalars {
      clean.unicodeScalars.append(steers(scalar) ? "?" : scalar)
    }
    return clean
  }

  /// Whether a scalar is a control (C0, DEL, C1), a line or paragraph separator, or directs bidirectional text
  /// (Unicode Standard Annex #9 §2).
  private static func steers(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f..<0xa0, 0x061c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
    default: false
    }
  }

  /// A line of a file: as it is, but for bytes that would end it or that a shell can't hold.
  static func fileLine(_ text: String) -> String {
    guard hasControls(text) else { return text }
    var clean = ""
    for scalar in text.unicodeScalars {
      let isControl = scalar.value < 0x20 && scalar != "\t" || scalar.value == 0x7f
      clean.unicodeScalars.append(isControl ? "?" : scalar)
    }
    return clean
  }

  /// Whether a text has control characters of ASCII other than tabs.
  private static func hasControls(_ text: String) -> Bool {
    let bytes = text.utf8Span.span
    for index in bytes.indices where bytes[index] < 0x20 && bytes[index] != 0x09 || bytes[index] == 0x7f { return true }
    return false
  }

  /// A word that ends a here-document (POSIX XCU §2.7.4) of these lines: none of them equals it.
  static func delimiter(for lines: [String]) -> String {
    var delimiter = "END"
    while lines.contains(delimiter) { delimiter += "_" }
    return delimiter
  }
}
