import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// One address on two interfaces that hear each other.
enum DuplicateAddress: Rule {
  static let code = RuleCode.duplicateAddress
  static let name = "duplicate-address"
  static let summary = "Two interfaces on one layer-2 segment have the same address."
  static let rationale = """
    Both answer to ARP and neighbour discovery, and whoever asks talks to either (RFC 5227 §1). Elsewhere the same \
    address is no error: in another VRF, or on a segment that isn't joined, it may be anycast. One router may have the \
    gateway's address as its `ipv4_address`: it is the gateway then, and the bridge has no address.
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
      third:
        networks:
          lan:
            addresses: [10.0.0.1/24]  # error: NW0304
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

  /// Who has an address: where the file says so, if it does.
  private struct Owner {
    let range: SourceRange?
    var network: String?

    var labels: [Diagnostic.Label] {
      range.map { [.init($0, network == nil ? "here" : "the gateway of this network")] } ?? []
    }
  }

  static func check(_ context: RuleContext) -> [Diagnostic] {
    let segments = context.segments
    var first: [Place: Owner] = [:]
    first.reserveCapacity(context.topology.nodes.count)
    var result = gateways(context, segments, &first)
    addParents(context, segments, &first)
    lazy var saidElsewhere = servicesAtGateways(context)
    let nodes = context.topology.nodes
    for index in nodes.indices where (nodes[index].replica ?? 1) == 1 {
      for position in nodes[index].interfaces.indices {
        let segment = segments.segment(node: NodeID(index: index), position: position)
        for assigned in nodes[index].interfaces[position].addresses {
          let place = Place(segment: segment, address: assigned.address.address)
          guard let other = first.updateValue(Owner(range: assigned.origin), forKey: place) else { continue }
          first[place] = other
          if saidElsewhere.contains(assigned.origin) { continue }
          result.append(
            finding(
              "\(assigned.address.address) is taken already on this segment", at: assigned.origin,
              labels: other.labels, notes: other.network.map { ["it is the gateway of `\($0)`"] } ?? [],
              help: "give one of them another address"))
        }
      }
    }
    result += keptFree(context)
    guard context.topology.networks.contains(where: { $0.pools.contains { !$0.occupants.isEmpty } }) else {
      return result
    }
    return result + context.staticAddresses.compactMap { occupied($0.address, on: context.topology[$0.network]) }
  }

  /// Takes the addresses that the host has on its bridges as their gateways; two on joined segments may be the same.
  private static func gateways(
    _ context: RuleContext, _ segments: Segments, _ first: inout [Place: Owner]
  ) -> [Diagnostic] {
    var result: [Diagnostic] = []
    for network in context.topology.networks {
      guard let segment = segments.segment(of: network) else { continue }
      for family in AddressFamily.allCases {
        guard let gateway = network.hostAddress(family) else { continue }
        let place = Place(segment: segment, address: gateway)
        if let other = first[place] {
          result.append(
            finding(
              "the gateway \(gateway) of `\(network.key)` is taken already on this segment", at: network.origin,
              labels: other.range.map { [.init($0, "by this network, which a cable joins to it")] } ?? [],
              help: "give one of them another gateway, or no addresses: ipam: { driver: \"null\" }"))
        }
        first[place] = Owner(range: network.origin, network: network.key)
      }
    }
    return result
  }

  /// Takes the addresses that the host has on the devices that macvlan and ipvlan networks are on.
  private static func addParents(_ context: RuleContext, _ segments: Segments, _ first: inout [Place: Owner]) {
    for interface in context.topology.host.interfaces {
      guard let segment = segments.segment(ofParent: interface.name) else { continue }
      for address in interface.addresses {
        first[Place(segment: segment, address: address.address)] = Owner(range: interface.origin)
      }
    }
  }

  /// The static addresses of services that are their networks' gateways, which is a finding of its own.
  private static func servicesAtGateways(_ context: RuleContext) -> Set<SourceRange> {
    Set(
      context.staticAddresses.compactMap { item in
        switch item.role {
        case .service: context.gateways[item.network.index].contains(item.address.value) ? item.address.range : nil
        case .router: nil
        }
      })
  }

  /// Static addresses of services that the network keeps free; a router may be who one is kept for.
  private static func keptFree(_ context: RuleContext) -> [Diagnostic] {
    let networks = context.topology.networks
    guard networks.contains(where: { $0.pools.contains { !$0.auxiliary.isEmpty } }) else { return [] }
    var kept: [NetworkID: [IPAddress: SourceRange]] = [:]
    for network in networks {
      for address in network.pools.flatMap(\.auxiliary) {
        kept[network.id, default: [:]][address.value] = address.range
      }
    }
    return context.staticAddresses.compactMap { item in
      guard let range = kept[item.network]?[item.address.value] else { return nil }
      switch item.role {
      case .router: return nil
      case .service: break
      }
      return finding(
        "\(item.address.value) is kept free on `\(context.topology[item.network].key)`", at: item.address.range,
        labels: [.init(range, "the auxiliary address")], help: "give it another address")
    }
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
}
