import Diagnostics
import NetworkTypes
import Topology

/// Addresses or subnets that ran out.
enum ExhaustedPool: Rule {
  static let code = RuleCode.exhaustedPool
  static let name = "exhausted-pool"
  static let summary = "A network has fewer addresses than are asked of it, or no subnet is left for a network."
  static let rationale = """
    The engine answers «no available IPv4 addresses on this network's address pools», and, after 31 networks without a \
    subnet, «all predefined address pools have been fully subnetted».
    """
  static let failing = """
    services:
      web:
        scale: 6
        networks: [lan]  # error: NW0311
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/29 }] } }
    """
  static let passing = """
    services:
      web:
        scale: 5
        networks: [lan]
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/29 }] } }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    var seen: Set<NetworkID> = []
    return context.topology.failures.compactMap { failure in
      switch failure {
      case .defaultPools(let network, let family): return noSubnet(context.topology[network], family)
      case .addresses(let network, let pool, let node, let attachment):
        // One finding a network: the rest follows from it.
        guard seen.insert(network).inserted else { return nil }
        return noAddress(context.topology[network], pool, context.topology[node], attachment)
      case .gateway(let network, let pool):
        guard seen.insert(network).inserted else { return nil }
        return finding(
          "\(pool) has no address for a gateway",
          at: context.topology[network].pools.first { $0.subnet == pool }?.origin,
          help: "use a larger subnet")
      case .linkAddresses(_, let subnet):
        return finding(
          "\(subnet.value) has fewer addresses than the link has ends", at: subnet.range,
          help: "use a /31 or a /30, or larger")
      case .hostPorts: return nil
      }
    }
  }

  private static func noSubnet(_ network: Network, _ family: AddressFamily) -> Diagnostic {
    finding(
      "no default subnet is left for `\(network.key)`", at: network.origin,
      notes: [
        "the default pools hold 15 blocks of /16 and 16 of /20; reserved blocks and other subnets take some of them"
      ],
      help: "give the network a subnet: ipam: { config: [{ subnet: … }] }")
  }

  private static func noAddress(_ network: Network, _ pool: IPPrefix, _ node: Node, _ range: SourceRange) -> Diagnostic
  {
    let origin = network.pools.first { $0.subnet == pool }?.origin
    return finding(
      "no address is left in \(pool) for `\(node.name)`", at: range,
      labels: origin.map { [.init($0, "the subnet of `\(network.key)`")] } ?? [],
      notes: ["each interface takes one, the gateway one, and auxiliary addresses theirs"],
      help: "use a larger subnet")
  }
}
