import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// What leads to a next hop, as the kernel asks of each while routes are added one after another.
///
/// A node's policy rules are made after its routes, and so have no say in it.
struct NextHopLookup {
  /// What becomes of a packet by a route.
  enum Outcome: Equatable {
    /// It is sent to its destination itself.
    case onLink(InterfaceName)
    /// It is sent to another router; the device is nil where it can't be told.
    case router(InterfaceName?)
    /// It is dropped.
    case reject
  }

  /// The outcomes of one prefix, by the metrics of their routes.
  private typealias Outcomes = [(metric: UInt32, outcome: Outcome)]

  private struct Table {
    var outcomes: [IPPrefix: Outcomes] = [:]
    /// The lengths of its prefixes, the longest first.
    var lengths: [Int] = []

    /// The outcomes of the prefixes that an address is in, the longest first.
    func outcomes(to address: IPAddress) -> some Sequence<(prefix: IPPrefix, outcomes: Outcomes)> {
      lengths.lazy.compactMap { length in
        guard let prefix = IPPrefix(containing: address, length: length), let outcomes = outcomes[prefix] else {
          return nil
        }
        return (prefix, outcomes)
      }
    }
  }

  /// What the kernel finds in place of a link that a next hop is on.
  enum Obstacle: Error, Equatable {
    /// Nothing that leads to it, by its device if it has one.
    case unreached
    /// The route of the longest prefix, which leads elsewhere.
    case covered(IPPrefix, Outcome)
  }

  private let domain: RoutingDomain
  private var tables: [UInt32: Table] = [:]

  /// The routes that a namespace has by its addresses, and from its networks.
  init(of domain: RoutingDomain) {
    self.domain = domain
    for (device, address) in domain.addresses {
      // To 0.0.0.0/8 as a whole, and what has its beginning there, leads no route by itself (fib_add_ifaddr).
      if case .v4(let network) = address.prefix.network, network.isThisNetwork { continue }
      let outcome = Self.outcome(by: device, address.family)
      insert(outcome, to: address.prefix, domain.domain(of: device), metric: address.family.connectedMetric)
    }
    for route in domain.automatic {
      guard let everywhere = IPPrefix(containing: IPAddress(family: route.family, bits: 0), length: 0) else { continue }
      insert(.router(route.interface), to: everywhere, RouteTableNumber.main, metric: route.family.defaultMetric)
    }
  }

  /// Adds a written route.
  mutating func add(_ route: Route) {
    let (table, family) = (domain.table(of: route), route.destination.family)
    let metric = family.metric(writtenAs: route.metric)
    switch route.action {
    case .blackhole, .unreachable, .prohibit: insert(.reject, to: route.destination, table, metric: metric)
    case .unicast(let hops):
      for hop in hops {
        if let gateway = hop.gateway {
          let found = hop.device ?? (try? device(to: gateway, by: nil, for: table).get())
          insert(.router(found), to: route.destination, table, metric: metric)
        } else if let device = hop.device, family == .ipv6 || hops.count == 1 {
          // Where several are named, none is said to be on the link: ip(8) gives such a route global scope.
          insert(Self.outcome(by: device, family), to: route.destination, table, metric: metric)
        }
      }
    }
  }

  private mutating func insert(_ outcome: Outcome, to prefix: IPPrefix, _ table: UInt32, metric: UInt32) {
    tables[table, default: Table()].outcomes[prefix, default: []].append((metric, outcome))
    guard let lengths = tables[table]?.lengths, !lengths.contains(prefix.length) else { return }
    tables[table]?.lengths.insert(prefix.length, at: lengths.firstIndex { $0 < prefix.length } ?? lengths.endIndex)
  }

  /// A route by loopback drops in IPv6 what it gets (fib6_is_reject, net/ipv6/route.c).
  private static func outcome(by device: InterfaceName, _ family: AddressFamily) -> Outcome {
    family == .ipv6 && device == .loopback ? .reject : .onLink(device)
  }

  /// The device whose link a next hop is on.
  ///
  /// It is looked for in the route's own table, then as packets are routed: in that of the device's VRF, and in main
  /// (fib_check_nh_v4_gw, net/ipv4/fib_semantics.c; ip6_route_check_nh, net/ipv6/route.c).
  ///
  /// - Parameters:
  ///   - gateway: the next hop; none of IPv6's link-local ones, and none that is said to be `onlink`.
  ///   - device: the device that the route names.
  ///   - table: the route's table.
  /// - Returns: the device, or what was found instead of it.
  func device(to gateway: IPAddress, by device: InterfaceName?, for table: UInt32) -> Result<InterfaceName, Obstacle> {
    if table != RouteTableNumber.main || gateway.family == .ipv6,
      case .success(let found)? = look(up: gateway, by: device, in: table)
    {
      return .success(found)
    }
    let vrf = device.flatMap { domain.vrfs.vrf(of: $0)?.table }
    let rest = gateway.family == .ipv4 ? [RouteTableNumber.main, RouteTableNumber.default] : [RouteTableNumber.main]
    for table in (vrf.map { [$0] } ?? []) + rest {
      if let found = look(up: gateway, by: device, in: table) { return found }
    }
    return .failure(.unreached)
  }

  /// What one table has for a next hop; nil if it has nothing.
  private func look(
    up gateway: IPAddress, by device: InterfaceName?, in table: UInt32
  ) -> Result<InterfaceName, Obstacle>? {
    guard let table = tables[table] else { return nil }
    for (prefix, outcomes) in table.outcomes(to: gateway) {
      // IPv4 passes over whatever isn't on a link, or is another device's (fib_table_lookup, net/ipv4/fib_trie.c,
      // compares scopes and devices). Which of several equal routes IPv6 takes is the kernel's affair.
      let least = outcomes.map(\.metric).min()
      let considered = outcomes.filter { gateway.family == .ipv4 || $0.metric == least }.sorted {
        $0.metric < $1.metric
      }
      for case (_, .onLink(let link)) in considered where device == nil || link == device { return .success(link) }
      if gateway.family == .ipv6, let best = considered.first { return .failure(.covered(prefix, best.outcome)) }
    }
    return nil
  }

  /// The device that leads to an IPv6 address, if it is another than a certain one: what the kernel asks of a next hop
  /// that is said to be `onlink`, default routes apart (ip6_route_check_nh_onlink, net/ipv6/route.c).
  ///
  /// - Parameters:
  ///   - address: the address; nothing is asked of IPv4's, or of link-local ones.
  ///   - device: the device that it should be.
  /// - Returns: nil where nothing leads there, or that device does, or it can't be told.
  func device(to address: IPAddress, otherThan device: InterfaceName) -> InterfaceName? {
    guard address.family == .ipv6, !address.isLinkLocal,
      let best = tables[domain.domain(of: device)]?.outcomes(to: address).first(where: { _ in true }),
      best.prefix.length > 0
    else { return nil }
    let devices = best.outcomes.map { entry -> InterfaceName? in
      switch entry.outcome {
      case .onLink(let device), .router(let device?): device
      case .router(nil), .reject: nil
      }
    }
    return devices.contains { $0 == nil || $0 == device } ? nil : devices.first ?? nil
  }
}

extension RoutingDomain {
  /// What is found about the written routes, each while those before it lead where they do.
  ///
  /// - Parameter find: what is found about a route, as it is written and as it was resolved.
  /// - Returns: the findings.
  func findings(_ find: (RouteEntry, Route, NextHopLookup) -> [Diagnostic]) -> [Diagnostic] {
    var lookup = NextHopLookup(of: self)
    var result: [Diagnostic] = []
    for (entry, route) in zip(routes, resolved) {
      result += find(entry, route, lookup)
      lookup.add(route)
    }
    return result
  }
}
