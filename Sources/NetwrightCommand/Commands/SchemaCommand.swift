import ArgumentParser
import Netwright

/// Prints a JSON Schema.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of the file.",
    discussion: """
      For editors: with yaml-language-server, the first line of a file may be
        # yaml-language-server: $schema=netwright.schema.json

      Examples:
        netwright schema > netwright.schema.json
      """)

  func run() throws {
    StandardStream.output.write(try fileSchema())
  }
}
