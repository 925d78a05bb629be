import ArgumentParser
import Netwright

/// Runs a file's checks.
struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Run the file's checks in the simulator.",
    discussion: """
      For each check it says whether it came as expected; for one that failed, what happened, and which device dropped a \
      packet and why.

      Examples:
        netwright test -f lab.yaml
        netwright test --format junit > report.xml

      Exit status: 0 every check came as expected, 1 one did not, or the file has errors.
      """)

  @Option(help: "How results are printed: text, json, tap or junit.")
  var format: CheckFormat = .text

  @OptionGroup var files: FileOptions

  func run() throws {
    guard let outcomes = try files.compileOrFail().runChecks() else { throw ExitStatus.failed }
    StandardStream.output.write(outcomes.text(as: format))
    if outcomes.hasFailures { throw ExitStatus.failed }
  }
}
