/// What the command's exit status says.
public enum ExitStatus: Int32, CaseIterable, Sendable {
  /// All is well.
  case good = 0
  /// A file has errors.
  case fileHasErrors = 1
  /// The command line is wrong.
  case usage = 2
  /// The system refused: no privilege, a tool missing, a name taken, the kernel said no.
  case systemRefused = 3
}
