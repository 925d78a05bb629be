import ArgumentParser
import Netwright

/// Builds the network in a sandbox and runs a command there.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    command: "run",
    abstract: "Build the network in a private sandbox, run a command there, and leave nothing behind.",
    usage: "netwright run [--prefix <word>] [--profile <profile> ...] [--firewall <firewall>] <file> -- <command> ...",
    discussion: """
      Needs no root where the kernel lets users make user namespaces: the sandbox has its own user, network, mount and \
      process namespaces, which go away with the command. The exit status is the command's.

      Examples:
        netwright run lab.yaml -- ip netns exec web ping -c1 db
        netwright run lab.yaml -- bash
      """)

  @Argument(help: "The file; - for standard input.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Argument(parsing: .postTerminator, help: "The command and its arguments, after --.")
  var command: [String]

  @Option(help: ArgumentHelp("A word put before every namespace and device name.", valueName: "word"))
  var prefix: String?

  @Option(
    name: .customLong("profile"), parsing: .singleValue,
    help: ArgumentHelp("A profile whose services are taken too; '*' for all.", valueName: "profile"))
  var profiles: [String] = []

  @Option(help: "What loads netfilter rules: nftables, or iptables where there is nothing else.")
  var firewall: ScriptFirewall = .nftables

  func validate() throws {
    guard !command.isEmpty else { throw ValidationError("Give a command after --.") }
  }

  func run() throws {
    var files = FileOptions()
    files.files = [file]
    files.prefix = prefix
    files.projectName = nil
    files.host = nil
    files.projectDirectory = nil
    files.environmentFiles = []
    files.profiles = profiles
    let compilation = try files.compileOrFail()
    try launching { try Launch.inSandbox(command, script: compilation.script(firewall: firewall) ?? "") }
  }
}
