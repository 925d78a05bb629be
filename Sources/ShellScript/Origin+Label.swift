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
    text.append(ShellQuoting.oneLine(subject))
    text.append(" (")
    text.append(ShellQuoting.oneLine(file))
    text.append(":")
    line.write(to: &text)
    text.append(")")
  }
}
