/// What the command's exit status says.
public enum ExitStatus: Int32, CaseIterable, Sendable {
  /// All is well.
  case good = 0
  /// A file has errors, or a probe or check came otherwise than it should.
  case failed = 1
  /// The command line is wrong.
  case usage = 2
  /// The system refused: no privilege, a tool missing, a name taken, the kernel said no.
  case systemRefused = 3
}
