import ArgumentParser
import Netwright

/// Shows a namespace's state.
struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    command: "show",
    abstract: "Show a namespace's state in the simulator, in the format of the program that shows it.",
    discussion: """
      What can be shown, byte for byte as the program prints it but for what is random: ip addr, ip link, ip route, ip \
      rule, ip neigh, with -4, -6, -s, -br and -j; bridge link, fdb and vlan, with -j; brctl show and showmacs BRIDGE; \
      ifconfig [-a]; route -n; sysctl KEY and -a; iflink; nft; conntrack; docker network ls and \
      inspect NAME; iptables and ip6tables with -t TABLE and --line-numbers, iptables-save and ip6tables-save with -c, of \
      the rules that `compile --firewall iptables` loads.

      Examples:
        netwright show web ip route
        netwright show web ip -6 route show table all
        netwright show host bridge fdb --after 'ping web db'
        netwright show host docker network inspect lab_front
        netwright show host iptables -t nat --after 'connect web host:8080/tcp'
      """)

  @Argument(help: "Whose: a service, a replica, a router or host.")
  var name: String

  @Argument(parsing: .allUnrecognized, help: "The program's command line.")
  var view: [String]

  @Option(
    name: .customLong("after"), parsing: .singleValue,
    help: ArgumentHelp("A step that is carried out before, like 'ping web db'.", valueName: "step"))
  var after: [String] = []

  @OptionGroup var capture: CaptureOptions

  @OptionGroup var files: FileOptions

  func run() throws {
    let before = try scenarioSteps(after)
    let look = try scenarioStep(try .show(name, view))
    var simulation = try files.simulate([look] + before)
    if capture.pcap != nil { simulation.beginCapture() }
    for step in before { _ = try simulation.outcome(of: step) }
    try simulation.print([look], showsSteps: false, capture)
  }
}
