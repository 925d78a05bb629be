import Diagnostics
import NetworkTypes
import ProjectFile

/// A node's interface on a network, in the order that decides about default routes and names.
struct Endpoint {
  let network: NetworkID
  /// The interface's index in the node.
  let position: Int
  let gatewayPriority: Int
  /// The ways out that the interface has there, by its addresses.
  let ways: WaysOut

  var isDualStack: Bool { ways.ipv4 != .none && ways.ipv6 != .none }
}

extension Resolver {
  /// Chooses for every service which of its networks gives the default route, as Docker does; a route written in the
  /// file is taken instead of it, and a router has those alone that are written.
  mutating func chooseDefaultRoutes() {
    waysOut = topology.networks.map { network in network.pools.map { ($0.subnet, wayOut(of: network, $0)) } }
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
          ways: ways(of: index, position, attachment.network.index)))
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

  /// The networks of a node's interfaces in that order, by their indices.
  func orderedNetworks(of index: Int) -> [Int] {
    // One network, which most nodes have, is in order whichever ways lead out of it.
    attachments[index].count > 1
      ? endpoints(of: index).map(\.network.index) : attachments[index].compactMap { $0?.network.index }
  }

  private func defaultRoutes(of index: Int) -> [DefaultRoute] {
    let candidates = gatewayCandidates(of: index)
    guard !candidates.isEmpty else { return [] }
    var routes: [DefaultRoute] = []
    for family in AddressFamily.allCases {
      guard let first = candidates.firstIndex(where: { $0.ways[family] != .none }), !hasWrittenDefault(index, family)
      else { continue }
      let chosen = candidates[first]
      let others = candidates[(first + 1)...].filter { $0.ways[family] != .none }
      var gateway: IPAddress?
      if case .gateway(let address) = chosen.ways[family] { gateway = address }
      routes.append(
        DefaultRoute(
          gateway: gateway, family: family, network: chosen.network,
          interface: topology.nodes[index].interfaces[chosen.position].name,
          reason: reason(chosen, next: others.first), others: others.map(\.network),
          origin: topology.nodes[index].interfaces[chosen.position].origin))
    }
    return routes
  }

  /// The network, and the interface on it, that would give a node its default route if the file said none: published
  /// ports are reached over it.
  func gatewayEndpoint(of index: Int, _ family: AddressFamily) -> (network: Network, interface: Interface)? {
    gatewayCandidates(of: index).first { $0.ways[family] != .none }
      .map { (topology[$0.network], topology.nodes[index].interfaces[$0.position]) }
  }

  /// The ways out that a node's interface has on a network: those of the pools that its addresses are in, of which
  /// macvlan and ipvlan can have several (moby, drivers/macvlan/macvlan_joinleave.go: getSubnetForIP).
  private func ways(of index: Int, _ position: Int, _ network: Int) -> WaysOut {
    var result = WaysOut()
    let addresses = topology.nodes[index].interfaces[position].addresses
    for family in AddressFamily.allCases {
      guard let prefix = addresses.first(where: { $0.address.family == family })?.address.prefix,
        let way = waysOut[network].first(where: { $0.subnet == prefix })?.way
      else { continue }
      result[family] = way
    }
    return result
  }

  /// A node's interfaces on networks that could give it a default route, the one that comes first in front.
  private func gatewayCandidates(of index: Int) -> [Endpoint] {
    var candidates = endpoints(of: index)
    candidates.removeAll { topology.networks.span[$0.network.index].isInternal }
    return candidates
  }

  /// The way out that a network's pool gives: a gateway, or, with ipvlan at layer 3, the device alone.
  ///
  /// With `inhibit_ipv4` the bridge isn't the gateway, and something else on the segment is: nodes are given its
  /// address all the same (moby, drivers/bridge/setup_ipv4_linux.go).
  private func wayOut(of network: Network, _ pool: Pool) -> WayOut {
    let gateway = pool.nodesGateway ?? pool.gateway
    switch network.driver {
    case .ipvlan(_, let makesParent, .l3), .ipvlan(_, let makesParent, .l3s): return makesParent ? .none : .device
    case .macvlan(_, true, _), .ipvlan(_, true, .l2), .host, .none: return .none
    case .bridge, .macvlan(_, false, _), .ipvlan(_, false, .l2): return gateway.map(WayOut.gateway) ?? .none
    }
  }

  /// Whether the file gives the node a default route in the main table with the kernel's own metric.
  private func hasWrittenDefault(_ node: Int, _ family: AddressFamily) -> Bool {
    topology.nodes[node].routes.contains {
      $0.destination.family == family && $0.destination.length == 0
        && ($0.table ?? RouteTableNumber.main) == RouteTableNumber.main
        && family.metric(writtenAs: $0.metric) == family.defaultMetric
    }
  }

  private func reason(_ chosen: Endpoint, next: Endpoint?) -> DefaultRoute.Reason {
    guard let next else { return .only }
    if chosen.gatewayPriority > next.gatewayPriority { return .gatewayPriority(chosen.gatewayPriority) }
    return chosen.isDualStack && !next.isDualStack ? .bothFamilies : .name
  }
}
