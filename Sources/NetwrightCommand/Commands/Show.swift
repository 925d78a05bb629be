import ArgumentParser
import Netwright

/// Shows a namespace's state.
struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a namespace's state in the simulator, in the format of the program that shows it.",
    discussion: """
      What can be shown: ip addr, ip link, ip [-6] route [show table N|all], ip [-6] rule, ip neigh, bridge link, \
      bridge fdb, bridge vlan, brctl show, route -n, iflink, sysctl KEY, nft, conntrack.

      Examples:
        netwright show web ip route
        netwright show web 'ip -6 route show table all'
        netwright show host bridge fdb --after 'ping web db'
      """)

  @Argument(help: "Whose: a service, a replica, a router or host.")
  var name: String

  @Argument(help: "The program's command line; in quotes where it has options.")
  var view: [String]

  @Option(
    name: .customLong("after"), parsing: .singleValue,
    help: ArgumentHelp("A step that is carried out before, like 'ping web db'.", valueName: "step"))
  var after: [String] = []

  @OptionGroup var capture: CaptureOptions

  @OptionGroup var files: FileOptions

  func run() throws {
    let before = try scenarioSteps(after)
    let look = try scenarioSteps(["show \(name) \(view.joined(separator: " "))"])
    var simulation = try files.simulate()
    if capture.pcap != nil { simulation.beginCapture() }
    for step in before {
      do {
        _ = try simulation.run(step)
      } catch {
        StandardStream.error.write("netwright: \(error)\n")
        throw ExitStatus.usage
      }
    }
    try simulation.print(look, showsSteps: false, capture)
  }
}
