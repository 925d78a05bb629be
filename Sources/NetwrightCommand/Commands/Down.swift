import ArgumentParser
import Netwright

/// Takes the network away.
struct Down: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "down",
    abstract: "Take a network away.",
    discussion: """
      Takes back what up recorded, so the file isn't needed: with a name, that network (netwright ls lists them); \
      without, the one that the file names. Needs root.

      Examples:
        sudo netwright down
        sudo netwright down shop
      """)

  @Argument(help: "The name of a network that is up.")
  var name: String?

  @OptionGroup var files: FileOptions

  func run() throws {
    let instance = try name ?? files.instance()
    try launching { try Launch.shell(try RunningNetworks.downScript(instance), arguments: ["down"]) }
  }
}
