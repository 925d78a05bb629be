import Diagnostics
import NetworkTypes
import ProjectFile

/// A node's interface on a network that could give it a default route.
private struct GatewayCandidate {
  let network: Network
  let interface: Interface
  let gatewayPriority: Int
  let isDualStack: Bool
}

extension Resolver {
  /// Chooses for every service which of its networks gives the default route, as Docker does; a route written in the file
  /// is taken instead of it, and a router has those alone that are written.
  mutating func chooseDefaultRoutes() {
    for index in topology.nodes.indices {
      switch topology.nodes[index].role {
      case .router: continue
      case .service: topology.nodes[index].defaultRoutes = defaultRoutes(of: index)
      }
    }
  }

  private func defaultRoutes(of index: Int) -> [DefaultRoute] {
    let node = topology.nodes[index]
    let candidates = gatewayCandidates(of: index)
    return AddressFamily.allCases.compactMap { family in
      let able = candidates.filter { isAble($0, family) }
      guard let chosen = able.first, !hasWrittenDefault(node, family) else { return nil }
      return DefaultRoute(
        gateway: gateway(of: chosen.network, family), family: family, network: chosen.network.id,
        interface: chosen.interface.name, reason: reason(chosen, others: able.dropFirst()),
        others: able.dropFirst().map(\.network.id), origin: chosen.interface.origin)
    }
  }

  /// The network, and the interface on it, that would give a node its default route if the file said none: published
  /// ports are reached over it.
  func gatewayEndpoint(of index: Int, _ family: AddressFamily) -> (network: Network, interface: Interface)? {
    gatewayCandidates(of: index).first { isAble($0, family) }.map { ($0.network, $0.interface) }
  }

  private func isAble(_ candidate: GatewayCandidate, _ family: AddressFamily) -> Bool {
    givesRoute(candidate.network, family) && candidate.interface.addresses.contains { $0.address.family == family }
  }

  private func gatewayCandidates(of index: Int) -> [GatewayCandidate] {
    let node = topology.nodes[index]
    var candidates: [GatewayCandidate] = []
    for (interface, attachment) in zip(node.interfaces, attachments[index]) {
      guard let attachment, let id = networkByKey[attachment.network.value], !topology[id].isInternal else { continue }
      let network = topology[id]
      candidates.append(
        GatewayCandidate(
          network: network, interface: interface, gatewayPriority: attachment.gatewayPriority?.value ?? 0,
          isDualStack: AddressFamily.allCases.allSatisfy { givesRoute(network, $0) }))
    }
    // Endpoint.Less in libnetwork's sandbox.go: priority, both families, name.
    candidates.sort { left, right in
      if left.gatewayPriority != right.gatewayPriority { return left.gatewayPriority > right.gatewayPriority }
      if left.isDualStack != right.isDualStack { return left.isDualStack }
      return left.network.name < right.network.name
    }
    return candidates
  }

  /// Whether a network has a way out for a family: a gateway, or, with ipvlan at layer 3, the device alone.
  private func givesRoute(_ network: Network, _ family: AddressFamily) -> Bool {
    guard let pool = network.pool(family) else { return false }
    switch network.driver {
    case .ipvlan(_, let makesParent, .l3), .ipvlan(_, let makesParent, .l3s): return !makesParent
    case .macvlan(_, let makesParent, _), .ipvlan(_, let makesParent, .l2): return pool.gateway != nil && !makesParent
    case .bridge: return pool.gateway != nil && !(network.inhibitsIPv4 && family == .ipv4 && pool.gatewayNode == nil)
    case .host, .none: return false
    }
  }

  private func gateway(of network: Network, _ family: AddressFamily) -> IPAddress? {
    switch network.driver {
    case .ipvlan(_, _, .l3), .ipvlan(_, _, .l3s): nil
    case .bridge, .macvlan, .ipvlan(_, _, .l2), .host, .none: network.pool(family)?.gateway
    }
  }

  /// Whether the file gives the node a default route in the main table with the kernel's own metric.
  private func hasWrittenDefault(_ node: Node, _ family: AddressFamily) -> Bool {
    node.routes.contains {
      $0.destination.family == family && $0.destination.length == 0 && ($0.table ?? 254) == 254
        && ($0.metric ?? family.defaultMetric) == family.defaultMetric
    }
  }

  private func reason(_ chosen: GatewayCandidate, others: ArraySlice<GatewayCandidate>) -> DefaultRoute.Reason {
    guard let next = others.first else { return .only }
    if chosen.gatewayPriority > next.gatewayPriority { return .gatewayPriority(chosen.gatewayPriority) }
    return chosen.isDualStack && !next.isDualStack ? .bothFamilies : .name
  }
}
