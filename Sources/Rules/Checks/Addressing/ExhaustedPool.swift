import Diagnostics
import NetworkTypes
import ProjectFile
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
      db:
        scale: 2
        networks: [part]  # error: NW0311
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/29 }] } }
      part: { ipam: { config: [{ subnet: 10.0.1.0/24, ip_range: 10.0.1.128/31 }] } }
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
      case .addresses(let network, let family, let node, let attachment):
        // One finding a network: the rest follows from it.
        guard seen.insert(network).inserted else { return nil }
        let sources = context.sources(of: context.topology[network]).filter { $0.block.family == family }
        return noAddress(context.topology[network], sources, context.topology[node], attachment)
      case .gateway(let network, let pool):
        guard seen.insert(network).inserted else { return nil }
        let source = context.sources(of: context.topology[network]).first { $0.pool == pool }
        return finding(
          "\(source?.block ?? pool) has no address for a gateway", at: source?.origin,
          help: "use a larger \(source?.noun ?? "subnet")")
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

  private static func noAddress(
    _ network: Network, _ sources: [AddressSource], _ node: Node, _ range: SourceRange
  ) -> Diagnostic {
    let places = sources.map { $0.isRange ? "the range \($0.block)" : "\($0.block)" }
    return finding(
      "no address is left in \(places.joined(separator: " and ")) for `\(node.name)`", at: range,
      labels: sources.compactMap { source in
        source.origin.map { .init($0, "the \(source.noun) of `\(network.key)`") }
      },
      notes: ["each interface takes one, the gateway one, and auxiliary addresses theirs"],
      help: sources.contains(where: \.isRange) ? "use a larger range, or take `ip_range` out" : "use a larger subnet")
  }
}

/// What dynamic addresses come from: a pool's range, or all of its subnet.
private struct AddressSource {
  let pool: IPPrefix
  let block: IPPrefix
  let isRange: Bool
  let origin: SourceRange?

  var noun: String { isRange ? "range" : "subnet" }
}

extension RuleContext {
  /// What a network's dynamic addresses come from, pool by pool.
  fileprivate func sources(of network: Network) -> [AddressSource] {
    network.pools.map { pool in
      guard let range = pool.range, pool.subnet.contains(range) else {
        return AddressSource(pool: pool.subnet, block: pool.subnet, isRange: false, origin: pool.origin)
      }
      let written = networkEntries[network.key]?.pools.first {
        $0.ipRange?.value == range && $0.subnet?.value == pool.subnet
      }
      return AddressSource(pool: pool.subnet, block: range, isRange: true, origin: written?.ipRange?.range)
    }
  }
}
