import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// Which entries of `ports` take ports of the host's, and at which of its addresses.
///
/// Beside those that are published they are those that the engine would publish and Netwright doesn't: by its proxy, or
/// on a bridge of which the host has no address.
struct HostBindings {
  /// Where ports are taken.
  struct Binding {
    /// The host's address; nil for all.
    let address: IPAddress?
  }

  /// An entry of a node's: an anchor can make one place the entry of several.
  private struct Place: Hashable {
    let node: String
    let range: SourceRange
  }

  private var published: [Place: Binding] = [:]
  private var translating: [String: Set<AddressFamily>] = [:]

  init(_ topology: Topology) {
    for publication in topology.publications where publication.hostPorts != nil {
      let place = Place(node: topology[publication.node].key, range: publication.origin)
      if published[place]?.address == nil { published[place] = Binding(address: publication.hostAddress) }
    }
    for node in topology.nodes {
      for route in node.defaultRoutes where Self.translates(topology[route.network], route.family) {
        translating[node.key, default: []].insert(route.family)
      }
    }
  }

  /// Where an entry takes ports; nil where it takes none.
  subscript(entry: PublishedPortEntry, of node: NodeEntry) -> Binding? {
    let key = node.name.value
    if let binding = published[Place(node: key, range: entry.range)] {
      return Binding(address: entry.hostAddress ?? binding.address)
    }
    // The proxy leads to IPv4 alone from an address of the other family.
    let families = translating[key] ?? []
    let isTaken = families.contains(.ipv4) || families.contains(.ipv6) && entry.hostAddress?.family != .ipv4
    return isTaken ? Binding(address: entry.hostAddress) : nil
  }

  /// Whether the engine leads from the host's ports to those on a network that gives a node its default route.
  private static func translates(_ network: Network, _ family: AddressFamily) -> Bool {
    guard network.bridge != nil, network.pool(family)?.gatewayNode == nil else { return false }
    switch network.policy.gatewayMode(family) {
    case .nat, .natUnprotected: return true
    case .routed, .isolated: return false
    }
  }
}
