import NetworkTypes
import Plan

extension Origin {
  /// `service web (lab.yaml:12)`.
  var label: String { String("\(self)" as ShellText) }

  /// Whether the labels are the same: a label has no column.
  func hasSameLabel(as other: Origin) -> Bool {
    self == other || line == other.line && subject == other.subject && file == other.file
  }
}

extension Origin: ShellWord {
  /// Appends the label: it stands in comments and messages.
  func write(to text: inout TextBuffer) {
    let start = text.count
    Self.write(subject, file, to: &text)
    if !text.isPrintable(from: start) {
      text.removeAll(from: start)
      Self.write(ShellQuoting.oneLine(subject), ShellQuoting.oneLine(file), to: &text)
    }
    text.append(":")
    line.write(to: &text)
    text.append(")")
  }

  private static func write(_ subject: String, _ file: String, to text: inout TextBuffer) {
    text.append(subject)
    text.append(" (")
    text.append(file)
  }
}
