import ArgumentParser
import Netwright

/// Runs a file's checks.
struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    command: "test",
    abstract: "Run the file's checks in the simulator, or in the kernel.",
    discussion: """
      For each check it says whether it came as expected; for one that failed, what happened, and which device dropped a \
      packet and why.

      Examples:
        netwright test -f lab.yaml
        netwright test --format junit > report.xml
        sudo netwright test --live             in the kernel, against what up built

      With --live the probes are real: pings, connections and datagrams from namespace to namespace, and something \
      listens on the ports that services expose or publish. It needs root, and the network has to be up.

      Exit status: 0 every check came as expected, 1 one did not or couldn't be tried, or the file has errors.
      """)

  @Option(help: "How results are printed: text, json, tap or junit.")
  var format: CheckFormat = .text

  @Flag(help: "Try them in the kernel, against the network that is up.")
  var live = false

  @Option(help: "What loads the netfilter rules in the simulator: nftables or iptables.")
  var firewall: ScriptFirewall?

  @OptionGroup var files: FileOptions

  func validate() throws {
    if live, firewall != nil {
      throw ValidationError("--firewall is for the simulator: with --live the rules are those that up loaded.")
    }
  }

  func run() throws {
    let compilation = try files.compileOrFail()
    let outcomes = live ? try runLive(compilation) : compilation.runChecks(firewall: firewall ?? .nftables)
    guard let outcomes else { throw ExitStatus.failed }
    try StandardStream.print(outcomes.text(as: format))
    if outcomes.hasFailures { throw ExitStatus.failed }
  }

  private func runLive(_ compilation: Compilation) throws -> CheckOutcomes? {
    do {
      return try compilation.runLiveChecks()
    } catch {
      StandardStream.say("netwright: \(error)\n")
      throw ExitStatus.systemRefused
    }
  }
}
