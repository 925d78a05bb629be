import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// The routes of one namespace, and what its interfaces are connected to.
struct RoutingDomain {
  /// `web`, `the host`.
  let name: String
  /// Whether it is the host's, which may have interfaces that the file says nothing of.
  var isHost = false
  /// The interfaces' addresses with their devices.
  let addresses: [(device: InterfaceName, address: InterfaceAddress)]
  /// The devices that make themselves an IPv6 link-local address, and a route to its block with it.
  let linkLocal: [InterfaceName]
  /// The VRFs, whose devices' addresses are in tables of their own.
  let vrfs: NamespaceVRFs
  /// The written routes, in order.
  let routes: [RouteEntry]
  /// The written routes as they were resolved, in step.
  let resolved: [Route]
  /// The default routes that networks give.
  let automatic: [DefaultRoute]

  /// The table that a route is in; a VRF's only if it says so, as with `ip route`.
  func table(of route: Route) -> UInt32 { route.table ?? RouteTableNumber.main }

  /// What a device's addresses belong to: its VRF's table, or main.
  func domain(of device: InterfaceName) -> UInt32 { vrfs.vrf(of: device)?.table ?? RouteTableNumber.main }

  /// What a route's next hops are looked for in: a VRF's devices for a route in its table, else those of no VRF.
  func domain(of route: Route) -> UInt32 {
    let table = table(of: route)
    return vrfs.all.contains { $0.table == table } ? table : RouteTableNumber.main
  }
}

extension RuleContext {
  /// The namespaces with written routes; the replicas of a service are one.
  var routingDomains: [RoutingDomain] {
    var domains = unusualNamespaces.compactMap { node -> RoutingDomain? in
      let entry = entry(of: node)
      guard !entry.routes.isEmpty, (node.replica ?? 1) == 1, node.routes.count == entry.routes.count else { return nil }
      let vrfs = NamespaceVRFs(node.interfaces)
      return RoutingDomain(
        name: node.key,
        addresses: node.interfaces.flatMap { interface in interface.addresses.map { (interface.name, $0.address) } },
        linkLocal: linkLocalDevices(node, vrfs), vrfs: vrfs, routes: entry.routes, resolved: node.routes,
        automatic: node.defaultRoutes)
    }
    if let host = file.host, host.routes.count == topology.host.routes.count, !host.routes.isEmpty {
      domains.append(hostDomain(host))
    }
    return domains
  }

  /// A VRF has none, nor have a bond's members (addrconf_notify, net/ipv6/addrconf.c).
  private func linkLocalDevices(_ node: Node, _ vrfs: NamespaceVRFs) -> [InterfaceName] {
    var bonds: Set<InterfaceName> = []
    for interface in node.interfaces {
      if case .device(.bond) = interface.source { bonds.insert(interface.name) }
    }
    return node.interfaces.filter { interface in
      interface.hasIPv6 && interface.name != .loopback && !vrfs.all.contains { $0.device == interface.name }
        && !(interface.master.map(bonds.contains) ?? false)
    }.map(\.name)
  }

  private func hostDomain(_ host: HostEntry) -> RoutingDomain {
    let own = topology.host.interfaces.flatMap { interface in interface.addresses.map { (interface.name, $0) } }
    let bridges = topology.networks.filter(\.isUsed).flatMap { network -> [(InterfaceName, InterfaceAddress)] in
      guard let device = network.bridge else { return [] }
      return network.pools.compactMap { pool in
        guard let address = pool.gateway, address == network.hostAddress(address.family) else { return nil }
        return InterfaceAddress(address, in: pool.subnet).map { (device, $0) }
      }
    }
    return RoutingDomain(
      name: "the host", isHost: true, addresses: own + bridges, linkLocal: [], vrfs: NamespaceVRFs(),
      routes: host.routes, resolved: topology.host.routes, automatic: [])
  }
}
