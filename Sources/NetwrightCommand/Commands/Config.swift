import ArgumentParser
import Netwright

/// Prints the resolved file.
struct Config: ParsableCommand {
  static let configuration = CommandConfiguration(
    command: "config",
    abstract: "Print the file with everything resolved: names, addresses, hardware addresses, default routes.",
    discussion: """
      The result is a file again, and resolves to itself. Why a network gives the default route is said under \
      x-default-route.

      Examples:
        netwright config -f lab.yaml
      """)

  @OptionGroup var files: FileOptions

  func run() throws {
    let compilation = try files.compileOrFail()
    try StandardStream.print(compilation.resolvedFile() ?? "")
  }
}
