import Diagnostics
import NetworkTypes
import Topology

/// More devices on a bridge than it has ports.
enum TooManyPorts: Rule {
  static let code = RuleCode.tooManyPorts
  static let name = "too-many-ports"
  static let summary = "A network has more services than its bridge has ports."
  static let rationale = """
    A bridge of the Linux kernel has 1023 ports; the next device is refused with "Exchange full" (net/bridge/br_if.c, \
    find_portno).
    """
  static let failing = """
    services:
      web: { scale: 1024, networks: [lan] }  # error: NW0410
    networks:
      lan: {}
    """
  static let passing = """
    services:
      web: { scale: 2, networks: [lan] }
    networks:
      lan: {}
    """

  /// The ports that a bridge has.
  private static let most = DeviceLimits.bridgePorts

  static func check(_ context: RuleContext) -> [Diagnostic] {
    var ports = [Int](repeating: 0, count: context.topology.networks.count)
    var result: [Diagnostic] = []
    for link in context.topology.links {
      for end in [link.first, link.second] { if case .bridge(let network, _, _) = end { ports[network.index] += 1 } }
    }
    let nodes = context.topology.nodes
    for index in nodes.indices {
      for position in nodes[index].interfaces.indices {
        guard case .port(let network, _, _) = nodes[index].interfaces[position].source else { continue }
        ports[network.index] += 1
        guard ports[network.index] == most + 1 else { continue }
        result.append(
          finding(
            "this is more than the \(most) ports that the bridge of `\(context.topology[network].key)` has",
            at: nodes[index].interfaces[position].origin,
            help: "spread the services over several networks, with a router between them"))
      }
    }
    return result
  }
}
