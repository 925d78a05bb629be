import Plan

extension Origin {
  /// `service web (lab.yaml:12)`.
  var label: String { "\(ShellQuoting.oneLine(subject)) (\(ShellQuoting.oneLine(file)):\(line))" }

  /// The label as a line of comment.
  var comment: String { "# \(label)\n" }
}
