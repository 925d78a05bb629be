import Diagnostics
import NetworkTypes
import ProjectFile

/// A node's interface on a network, in the order that decides about default routes and names.
struct Endpoint {
  let network: NetworkID
  /// The interface's index in the node.
  let position: Int
  let gatewayPriority: Int
  let isDualStack: Bool
}

extension Resolver {
  /// Chooses for every service which of its networks gives the default route, as Docker does; a route written in the
  /// file is taken instead of it, and a router has those alone that are written.
  mutating func chooseDefaultRoutes() {
    waysOut = topology.networks.map { network in AddressFamily.allCases.filter { givesRoute(network, $0) } }
    for index in topology.nodes.indices {
      switch topology.nodes[index].role {
      case .router: continue
      case .service: topology.nodes[index].defaultRoutes = defaultRoutes(of: index)
      }
    }
  }

  /// A node's interfaces on networks as Docker orders them: by `gw_priority`, those that lead out first, those of both
  /// families first, by the networks' names (libnetwork, sandbox.go: Endpoint.Less).
  func endpoints(of index: Int) -> [Endpoint] {
    var endpoints: [Endpoint] = []
    for position in topology.nodes[index].interfaces.indices {
      guard let attachment = attachments[index][position] else { continue }
      let entry = topology.nodes[index].entry
      var priority: Int?
      if let written = attachment.written { priority = file.nodes[entry].attachments[written].gatewayPriority?.value }
      endpoints.append(
        Endpoint(
          network: attachment.network, position: position, gatewayPriority: priority ?? 0,
          isDualStack: waysOut[attachment.network.index].count == AddressFamily.allCases.count))
    }
    guard endpoints.count > 1 else { return endpoints }
    let networks = topology.networks
    endpoints.sort { left, right in
      if left.gatewayPriority != right.gatewayPriority { return left.gatewayPriority > right.gatewayPriority }
      let (one, other) = (left.network.index, right.network.index)
      if networks[one].isInternal != networks[other].isInternal { return networks[other].isInternal }
      if left.isDualStack != right.isDualStack { return left.isDualStack }
      return networks[one].name < networks[other].name
    }
    return endpoints
  }

  private func defaultRoutes(of index: Int) -> [DefaultRoute] {
    let candidates = gatewayCandidates(of: index)
    guard !candidates.isEmpty else { return [] }
    var routes: [DefaultRoute] = []
    for family in AddressFamily.allCases {
      guard let first = candidates.firstIndex(where: { isAble($0, index, family) }), !hasWrittenDefault(index, family)
      else { continue }
      let chosen = candidates[first]
      let others = candidates[(first + 1)...].filter { isAble($0, index, family) }
      routes.append(
        DefaultRoute(
          gateway: gateway(of: chosen.network, family), family: family, network: chosen.network,
          interface: topology.nodes[index].interfaces[chosen.position].name,
          reason: reason(chosen, next: others.first), others: others.map(\.network),
          origin: topology.nodes[index].interfaces[chosen.position].origin))
    }
    return routes
  }

  /// The network, and the interface on it, that would give a node its default route if the file said none: published
  /// ports are reached over it.
  func gatewayEndpoint(of index: Int, _ family: AddressFamily) -> (network: Network, interface: Interface)? {
    gatewayCandidates(of: index).first { isAble($0, index, family) }
      .map { (topology[$0.network], topology.nodes[index].interfaces[$0.position]) }
  }

  private func isAble(_ candidate: Endpoint, _ index: Int, _ family: AddressFamily) -> Bool {
    waysOut[candidate.network.index].contains(family)
      && topology.nodes[index].interfaces[candidate.position].addresses.contains { $0.address.family == family }
  }

  /// A node's interfaces on networks that could give it a default route, the one that comes first in front.
  private func gatewayCandidates(of index: Int) -> [Endpoint] {
    var candidates = endpoints(of: index)
    candidates.removeAll { topology.networks.span[$0.network.index].isInternal }
    return candidates
  }

  /// Whether a network has a way out for a family: a gateway, or, with ipvlan at layer 3, the device alone.
  private func givesRoute(_ network: Network, _ family: AddressFamily) -> Bool {
    guard let pool = network.pool(family) else { return false }
    switch network.driver {
    case .ipvlan(_, let makesParent, .l3), .ipvlan(_, let makesParent, .l3s): return !makesParent
    case .macvlan(_, let makesParent, _), .ipvlan(_, let makesParent, .l2):
      return (pool.nodesGateway ?? pool.gateway) != nil && !makesParent
    case .bridge where pool.nodesGateway != nil: return true
    case .bridge: return pool.gateway != nil && !(network.inhibitsIPv4 && family == .ipv4 && pool.gatewayNode == nil)
    case .host, .none: return false
    }
  }

  private func gateway(of network: NetworkID, _ family: AddressFamily) -> IPAddress? {
    switch topology.networks[network.index].driver {
    case .ipvlan(_, _, .l3), .ipvlan(_, _, .l3s): nil
    case .bridge, .macvlan, .ipvlan(_, _, .l2), .host, .none:
      topology.networks[network.index].pools.first { $0.subnet.family == family }.flatMap {
        $0.nodesGateway ?? $0.gateway
      }
    }
  }

  /// Whether the file gives the node a default route in the main table with the kernel's own metric.
  private func hasWrittenDefault(_ node: Int, _ family: AddressFamily) -> Bool {
    topology.nodes[node].routes.contains {
      $0.destination.family == family && $0.destination.length == 0 && ($0.table ?? 254) == 254
        && ($0.metric ?? family.defaultMetric) == family.defaultMetric
    }
  }

  private func reason(_ chosen: Endpoint, next: Endpoint?) -> DefaultRoute.Reason {
    guard let next else { return .only }
    if chosen.gatewayPriority > next.gatewayPriority { return .gatewayPriority(chosen.gatewayPriority) }
    return chosen.isDualStack && !next.isDualStack ? .bothFamilies : .name
  }
}
