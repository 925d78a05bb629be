import ArgumentParser
import Netwright

/// Says what is wrong with a file.
struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    command: "validate",
    abstract: "Check a file and print every finding.",
    discussion: """
      Findings are printed on standard output, each with its place and what to do. Nothing is built, and no privilege is \
      needed.

      Examples:
        netwright validate -f lab.yaml
        netwright validate --format json < lab.yaml -f -

      Exit status: 0 no errors (there may be warnings), 1 errors.
      """)

  @OptionGroup var files: FileOptions

  @Option(help: "How findings are printed: text or json.")
  var format: DiagnosticFormat = .text

  func run() throws {
    let compilation = try files.compile()
    let color = ProcessContext.current.wantsColor(on: .output)
    try StandardStream.print(compilation.findings(as: format, color: color))
    if compilation.hasErrors { throw ExitStatus.failed }
  }
}
