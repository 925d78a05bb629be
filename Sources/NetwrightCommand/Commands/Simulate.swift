import ArgumentParser
import Netwright

/// Runs the plan, and a scenario after it, in the simulator.
struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    command: "simulate",
    abstract: "Run the plan in a simulated Linux, and steps after it.",
    discussion: """
      Every operation succeeds or fails as it would on Linux; the first that fails is shown with the line that it comes \
      from. A scenario is a step a line: ping, traceroute, connect, trace, set NAME DEVICE up|down, listen NAME \
      PORT/tcp, wait TIME, show NAME WHAT. Time is virtual: `wait 300s` takes no time. After a step may stand what is \
      expected of it: `ping web db => filtered`, `show web ip neigh => FAILED`, `=> not TEXT`.

      Examples:
        netwright simulate -f lab.yaml
        netwright simulate 'set db eth0 down' 'ping web db' 'show web ip neigh'
        netwright simulate --scenario failover.txt

      Exit status: 0 all went well, 1 a step or a probe failed, or the file has errors.
      """)

  @Argument(help: "A step that is carried out after the plan, in quotes.")
  var steps: [String] = []

  @Option(
    help: ArgumentHelp("A file of steps, one a line; - for standard input.", valueName: "file"),
    completion: .file())
  var scenario: String?

  @Flag(name: .customLong("steps"), help: "List every operation of the plan, not only one that fails.")
  var showsAll = false

  @Option(
    help: "What loads the netfilter rules: nftables or iptables; by default what the steps show, or nftables.")
  var firewall: ScriptFirewall?

  @Option(help: ArgumentHelp("What chance goes by, where links lose or delay.", valueName: "number"))
  var seed: WholeNumber = 1

  @OptionGroup var capture: CaptureOptions

  @OptionGroup var files: FileOptions

  func run() throws {
    var script: [ScenarioStep] = []
    if let scenario {
      do {
        script = try Scenario(try InputFiles.text(scenario), name: scenario).steps
      } catch let error as InputError {
        StandardStream.say("netwright: \(error)\n")
        throw ExitStatus.failed
      } catch {
        StandardStream.say("netwright: \(error)\n")
        throw ExitStatus.usage
      }
    }
    script += try scenarioSteps(steps)
    guard
      var simulation = Simulation(try files.compileOrFail(), seed: seed.value, firewall: firewall ?? script.firewall)
    else { throw ExitStatus.failed }
    if showsAll || simulation.hasFailures || script.isEmpty {
      try StandardStream.print(simulation.stepsText(showsAll: showsAll))
    }
    guard !simulation.hasFailures else { throw ExitStatus.failed }
    StandardStream.say(simulation.warnings)
    try simulation.print(script, showsSteps: true, capture)
  }
}
