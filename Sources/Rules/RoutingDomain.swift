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
  /// The devices that are members of a VRF, with the VRF's table.
  let tables: [InterfaceName: UInt32]
  /// The written routes, in order.
  let routes: [RouteEntry]
  /// The written routes as they were resolved, in step.
  let resolved: [Route]
  /// The default routes that networks give.
  let automatic: [DefaultRoute]

  /// The table that a route is in; a VRF's only if it says so, as with `ip route`.
  func table(of route: Route) -> UInt32 { route.table ?? RouteTableNumber.main }

  /// What a device's addresses belong to: its VRF's table, or main.
  func domain(of device: InterfaceName) -> UInt32 { tables[device] ?? RouteTableNumber.main }

  /// What a route's next hops are looked for in: a VRF's devices for a route in its table, else those of no VRF.
  func domain(of route: Route) -> UInt32 {
    let table = table(of: route)
    return tables.values.contains(table) ? table : RouteTableNumber.main
  }
}

extension RuleContext {
  /// The namespaces with written routes; the replicas of a service are one.
  var routingDomains: [RoutingDomain] {
    var domains = unusualNamespaces.compactMap { node -> RoutingDomain? in
      let entry = entry(of: node)
      guard !entry.routes.isEmpty, (node.replica ?? 1) == 1, node.routes.count == entry.routes.count else { return nil }
      return RoutingDomain(
        name: node.key,
        addresses: node.interfaces.flatMap { interface in interface.addresses.map { (interface.name, $0.address) } },
        linkLocal: linkLocalDevices(node), tables: vrfTables(node), routes: entry.routes, resolved: node.routes,
        automatic: node.defaultRoutes)
    }
    if let host = file.host, host.routes.count == topology.host.routes.count, !host.routes.isEmpty {
      domains.append(hostDomain(host))
    }
    return domains
  }

  /// A VRF has none, nor have a bond's members (addrconf_notify, net/ipv6/addrconf.c).
  private func linkLocalDevices(_ node: Node) -> [InterfaceName] {
    var bonds: Set<InterfaceName> = []
    var vrfs: Set<InterfaceName> = []
    for interface in node.interfaces {
      if case .device(.bond) = interface.source { bonds.insert(interface.name) }
      if case .device(.vrf) = interface.source { vrfs.insert(interface.name) }
    }
    return node.interfaces.filter { interface in
      interface.hasIPv6 && interface.name != .loopback && !vrfs.contains(interface.name)
        && !(interface.master.map(bonds.contains) ?? false)
    }.map(\.name)
  }

  private func vrfTables(_ node: Node) -> [InterfaceName: UInt32] {
    var vrfs: [InterfaceName: UInt32] = [:]
    for interface in node.interfaces {
      if case .device(.vrf(let table)) = interface.source { vrfs[interface.name] = table }
    }
    var tables = vrfs
    for interface in node.interfaces {
      if let master = interface.master, let table = vrfs[master] { tables[interface.name] = table }
    }
    return tables
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
      name: "the host", isHost: true, addresses: own + bridges, linkLocal: [], tables: [:], routes: host.routes,
      resolved: topology.host.routes,
      automatic: [])
  }
}
