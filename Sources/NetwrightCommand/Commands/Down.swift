import ArgumentParser
import Netwright

/// Takes the network away.
struct Down: ParsableCommand {
  static let configuration = CommandConfiguration(
    command: "down",
    abstract: "Take a network away.",
    discussion: """
      Takes back what up recorded, so the file isn't needed: with a name, that network (netwright ls lists them); \
      without, the one that the file names. Needs root, but for a network in a sandbox of yours.

      Examples:
        sudo netwright down
        sudo netwright down shop
        netwright down --dry-run                what would be taken back
      """)

  @Argument(help: "The name of a network that is up.")
  var name: String?

  @Flag(help: "Take nothing away: carry the plan out and take it back in the simulator, and print what came of it.")
  var dryRun = false

  @Option(help: "With --dry-run: what loads the netfilter rules, nftables or iptables.")
  var firewall: ScriptFirewall?

  @OptionGroup var whereabouts: WhereaboutsOption

  @OptionGroup var files: FileOptions

  func validate() throws {
    if dryRun, name != nil { throw ValidationError("--dry-run goes by the file: give no name.") }
    if !dryRun, firewall != nil {
      throw ValidationError("--firewall is for --dry-run: of a network that is up it is known what loaded its rules.")
    }
    try validateInstance(name)
  }

  func run() throws {
    if dryRun {
      guard let simulation = Simulation(try files.compileOrFail(), firewall: firewall ?? .nftables) else {
        throw ExitStatus.failed
      }
      let outcome = simulation.downText()
      try StandardStream.print(outcome.text)
      guard outcome.isGood else { throw ExitStatus.failed }
      return
    }
    let instance = try name ?? files.instance()
    if let sandbox = try whereabouts.sandbox(of: instance) {
      do {
        try sandbox.end(in: .current)
      } catch {
        StandardStream.say("netwright: \(error)\n")
        throw ExitStatus.systemRefused
      }
      try StandardStream.print("\(instance) is down\n")
      return
    }
    try launching { try Launch.shell(try RunningNetworks.downScript(instance), arguments: ["down"]) }
  }
}
