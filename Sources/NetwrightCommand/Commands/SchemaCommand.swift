import ArgumentParser
import Netwright

/// Prints a JSON Schema.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    command: "schema",
    abstract: "Print a JSON Schema: of the file, or of what the command prints as JSON.",
    discussion: """
      For editors: with yaml-language-server, the first line of a file may be
        # yaml-language-server: $schema=netwright.schema.json

      Examples:
        netwright schema > netwright.schema.json
        netwright schema plan                   what plan --format json prints
        netwright schema diagnostics            what validate --format json prints
        netwright schema trace                  what trace --format json prints
        netwright schema host                   what snapshot writes
      """)

  @Argument(help: "What the schema is of.")
  var subject = SchemaSubject.file

  func run() throws {
    try StandardStream.print(subject.text())
  }
}
