import ArgumentParser
import Netwright

/// Builds the network in a sandbox and runs a command there.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    command: "run",
    abstract: "Build the network in a private sandbox, run a command there, and leave nothing behind.",
    discussion: """
      Needs no root where the kernel lets users make user namespaces: the sandbox has its own user, network, mount and \
      process namespaces, which go away with the command. The exit status is the command's.

      Examples:
        netwright run lab.yaml -- ip netns exec web ping -c1 db
        netwright run -- bash
        netwright run -f lab.yaml -f lossy.yaml -- bash
      """)

  @Option(help: "What loads netfilter rules: nftables, or iptables where there is nothing else.")
  var firewall: ScriptFirewall = .nftables

  @OptionGroup var files: FileOptions

  @Argument(
    help: "The file, where it is one alone, in place of -f; - for standard input.",
    completion: .file(extensions: ["yaml", "yml"]))
  var file: String?

  @Argument(parsing: .postTerminator, help: "The command and its arguments, after --.")
  var command: [String]

  func validate() throws {
    if file != nil, !files.files.isEmpty { throw ValidationError("Give one file as an argument, or all by -f.") }
    guard !command.isEmpty else { throw ValidationError("Give a command after --.") }
  }

  func run() throws {
    var files = files
    if let file { files.files = [file] }
    let compilation = try files.compileOrFail()
    try launching { try Launch.inSandbox(command, script: compilation.script(firewall: firewall) ?? "") }
  }
}
