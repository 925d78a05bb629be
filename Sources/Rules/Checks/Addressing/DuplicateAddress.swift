import Diagnostics
import NetworkTypes
import Topology

/// One address on two interfaces that hear each other.
enum DuplicateAddress: Rule {
  static let code = RuleCode.duplicateAddress
  static let name = "duplicate-address"
  static let summary = "Two interfaces on one layer-2 segment have the same address."
  static let rationale = """
    Both answer to ARP and neighbour discovery, and whoever asks talks to either (RFC 5227 §1). Elsewhere the same \
    address is no error: in another VRF, or on a segment that isn't joined, it may be anycast.
    """
  static let failing = """
    services:
      web:
        networks:
          lan:
            ipv4_address: 10.0.0.7
      db:
        networks:
          lan:
            ipv4_address: 10.0.0.7  # error: NW0304
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
    """
  static let passing = """
    routers:
      a: { interfaces: { any0: { type: dummy, addresses: [192.0.2.1/32] } } }
      b: { interfaces: { any0: { type: dummy, addresses: [192.0.2.1/32] } } }
    links:
      - { endpoints: ["a:eth0", "b:eth0"], subnet: 10.0.0.0/30 }
    """

  private struct Place: Hashable {
    let segment: Int
    let address: IPAddress
  }

  static func check(_ context: RuleContext) -> [Diagnostic] {
    let segments = context.segments
    var first: [Place: SourceRange] = [:]
    var result: [Diagnostic] = []
    first.reserveCapacity(context.topology.nodes.count)
    for network in context.topology.networks {
      guard let segment = segments.segment(of: network) else { continue }
      for pool in network.pools where pool.gatewayNode == nil {
        // A gateway that a service has too is a finding of its own; one on a joined segment is found here.
        guard let gateway = pool.gateway, let origin = network.origin else { continue }
        let place = Place(segment: segment, address: gateway)
        if let other = first[place] {
          result.append(
            finding(
              "the gateway \(gateway) of `\(network.key)` is taken already on this segment", at: origin,
              labels: [.init(other, "by this network, which a cable joins to it")],
              help: "give one of them another gateway, or no addresses: ipam: { driver: \"null\" }"))
        }
        first[place] = origin
      }
    }
    let nodes = context.topology.nodes
    for index in nodes.indices where (nodes[index].replica ?? 1) == 1 {
      for position in nodes[index].interfaces.indices {
        let segment = segments.segment(node: NodeID(index: index), position: position)
        for assigned in nodes[index].interfaces[position].addresses {
          let place = Place(segment: segment, address: assigned.address.address)
          guard let other = first.updateValue(assigned.origin, forKey: place) else { continue }
          first[place] = other
          if isGateway(assigned.address.address, of: context.network(of: nodes[index].interfaces[position])) {
            continue
          }
          result.append(
            finding(
              "\(assigned.address.address) is taken already on this segment", at: assigned.origin,
              labels: [.init(other, "here")], help: "give one of them another address"))
        }
      }
    }
    guard context.topology.networks.contains(where: { $0.pools.contains { !$0.occupants.isEmpty } }) else {
      return result
    }
    return result + context.staticAddresses.compactMap { occupied($0.address, on: context.topology[$0.network]) }
  }

  /// A static address that somebody on the machine has already.
  private static func occupied(_ address: Located<IPAddress>, on network: Network) -> Diagnostic? {
    let occupants = network.pools.lazy.flatMap(\.occupants)
    guard let occupant = occupants.first(where: { $0.address == address.value }) else { return nil }
    var result = finding(
      "\(address.value) is taken already on this segment", at: address.range, help: "give it another address")
    if let name = occupant.name { result.notes.append("`\(name)` has it on the machine") }
    return result
  }

  private static func isGateway(_ address: IPAddress, of network: Network?) -> Bool {
    network?.pools.contains { $0.gateway == address } ?? false
  }
}
