import ArgumentParser
import Netwright

/// Shows whether a network is up.
struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    command: "status",
    abstract: "Show whether a network is up, and whether all of it is still there.",
    discussion: """
      What is looked for are namespaces, the host's devices, tables of rules and links under /etc/netns; not what is in \
      them, nor routes.

      Examples:
        sudo netwright status
        sudo netwright status shop

      Exit status: 0 up and whole, 3 otherwise.
      """)

  @Argument(help: "The name of a network that is up.")
  var name: String?

  @OptionGroup var whereabouts: WhereaboutsOption

  @OptionGroup var files: FileOptions

  func validate() throws { try validateInstance(name) }

  func run() throws {
    let instance = try name ?? files.instance()
    let sandbox = try whereabouts.sandbox(of: instance)
    try launching {
      if let sandbox {
        try Launch.shell(try RunningNetworks.statusScript(instance), arguments: ["status"], in: sandbox)
      }
      try Launch.shell(try RunningNetworks.statusScript(instance), arguments: ["status"])
    }
  }
}
