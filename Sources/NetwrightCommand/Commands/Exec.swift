import ArgumentParser
import Netwright

/// Runs a command in a namespace.
struct Exec: ParsableCommand {
  static let configuration = CommandConfiguration(
    command: "exec",
    abstract: "Run a command in the namespace of a service or router that is up.",
    discussion: """
      Needs root, but for a network in a sandbox of yours (up --rootless). The exit status is the command's: 127 where \
      there is no such command, 126 where it can't be run.

      Examples:
        sudo netwright exec web -- ping -c1 db
        sudo netwright exec -f lab.yaml web-2 -- sh
      """)

  @OptionGroup var whereabouts: WhereaboutsOption

  @OptionGroup var files: FileOptions

  @Argument(help: "A service, a router, or NAME-N for a replica.")
  var node: String

  @Argument(parsing: .postTerminator, help: "The command and its arguments, after --.")
  var command: [String]

  func validate() throws {
    guard !command.isEmpty else { throw ValidationError("Give a command after --.") }
  }

  func run() throws {
    let compilation = try files.compileOrFail()
    guard let namespace = compilation.namespace(of: node) else {
      StandardStream.say(
        "netwright: \(node) is no service or router with a namespace of its own\(compilation.hint(forNode: node))\n")
      throw ExitStatus.usage
    }
    guard let instance = compilation.instance else { throw ExitStatus.failed }
    let sandbox = try whereabouts.sandbox(of: instance)
    let isUp = RunningNetworks.names().contains(instance)
    guard sandbox != nil || isUp && RunningNetworks.hasNamespace(namespace) else {
      let state = isUp ? "up in another form" : "not up"
      StandardStream.say("netwright: \(instance) is \(state): there is no namespace \(namespace)\n")
      throw ExitStatus.systemRefused
    }
    try launching {
      if let sandbox { try Launch.inNamespace(namespace, command, in: sandbox, from: .current) }
      try Launch.inNamespace(namespace, command)
    }
  }
}
