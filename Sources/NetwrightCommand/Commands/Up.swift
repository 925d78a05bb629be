import ArgumentParser
import Netwright

/// Builds the network.
struct Up: ParsableCommand {
  static let configuration = CommandConfiguration(
    command: "up",
    abstract: "Build the network on this machine.",
    discussion: """
      Runs the compiled script; needs root. A second up of the same file changes nothing. Whatever fails, or Ctrl-C, \
      undoes what was done. With --rootless the network is built in a sandbox, which stays until down; exec, status and \
      down find it there.

      Examples:
        sudo netwright up -f lab.yaml
        netwright up --rootless                   in a sandbox, without root
        netwright up --dry-run                  each step's result, in the simulator
        netwright up --dry-run --host host.json on a machine as it was seen
        netwright run lab.yaml -- bash          without root, in a sandbox
      """)

  @Flag(help: "Build nothing: carry out each step in the simulator, and print what came of it.")
  var dryRun = false

  @Option(help: "What loads netfilter rules: nftables, or iptables where there is nothing else.")
  var firewall: ScriptFirewall = .nftables

  @Flag(help: "Build it in a sandbox with user, network and mount namespaces of its own; needs no root.")
  var rootless = false

  @OptionGroup var files: FileOptions

  func run() throws {
    let compilation = try files.compileOrFail()
    guard let instance = compilation.instance else { throw ExitStatus.failed }
    if dryRun {
      guard let simulation = Simulation(compilation, firewall: firewall) else { throw ExitStatus.failed }
      let outcome = simulation.upText()
      try StandardStream.print(outcome.text)
      guard outcome.isGood else { throw ExitStatus.failed }
      return
    }
    let script = compilation.script(firewall: firewall) ?? ""
    try launching {
      if rootless { try Launch.upInSandbox(instance, script: script, in: .current) }
      try Launch.shell(script, arguments: ["up"])
    }
  }
}

/// Runs what becomes another program, and says why where it can't.
///
/// - Throws: `ExitStatus.systemRefused`.
func launching(_ body: () throws -> Never) throws -> Never {
  do {
    try body()
  } catch {
    StandardStream.say("netwright: \(error)\n")
    throw ExitStatus.systemRefused
  }
}
