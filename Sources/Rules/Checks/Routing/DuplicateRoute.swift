import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// Two routes that the kernel can't tell apart.
enum DuplicateRoute: Rule {
  static let code = RuleCode.duplicateRoute
  static let name = "duplicate-route"
  static let summary = "Two routes of a namespace have the same destination, metric and table."
  static let rationale = """
    The kernel answers «File exists» to the second (fib_table_insert, net/ipv4/fib_trie.c): destination, metric and \
    table are a route's name. Addresses make routes of their own, and IPv6 takes no next hop twice.
    """
  static let failing = """
    services:
      web:
        networks: [lan]
        routes:
          - { to: 10.9.0.0/16, via: 10.0.0.8 }
          - { to: 10.9.0.0/16, via: 10.0.0.9 }  # error: NW0504
          - { to: "fd09::/64", via: "fd00::8" }
          - { to: "fd09::/64", via: "fd00::9", metric: 0 }  # error: NW0504
          - to: fd08::/64
            nexthops:
              - { via: "fd00::8" }
              - { via: "fd00::8" }  # error: NW0504
    networks:
      lan: { enable_ipv6: true, ipam: { config: [{ subnet: 10.0.0.0/24 }, { subnet: "fd00::/64" }] } }
    """
  static let passing = """
    services:
      web:
        networks: [lan]
        routes:
          - { to: 10.9.0.0/16, via: 10.0.0.8 }
          - { to: 10.9.0.0/16, via: 10.0.0.9, metric: 100 }
          - { to: default, via: 10.0.0.9 }
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
    """

  private struct Identity: Hashable {
    let destination: IPPrefix
    let metric: UInt32
    let table: UInt32

    init(_ destination: IPPrefix, metric: UInt32?, table: UInt32) {
      (self.destination, self.table) = (destination, table)
      self.metric = destination.family.metric(writtenAs: metric)
    }
  }

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.routingDomains.flatMap { domain -> [Diagnostic] in
      var first = ownRoutes(of: domain)
      return domain.findings { _, route, lookup in
        let identity = Identity(route.destination, metric: route.metric, table: domain.table(of: route))
        if let other = first[identity] { return [repeated(route, other, domain)] }
        first[identity] = route.origin
        return repeatedHops(of: route, domain.table(of: route), lookup)
      }
    }
  }

  private static func repeated(_ route: Route, _ other: SourceRange?, _ domain: RoutingDomain) -> Diagnostic {
    finding(
      "`\(domain.name)` has a route to \(route.destination) already", at: route.origin,
      labels: other.map { [.init($0, "the first")] } ?? [],
      notes: other == nil ? ["its own address makes that route"] : [],
      help: "give one of them a `metric`, or write both ways as `nexthops` of one route")
  }

  /// The routes that addresses make by themselves: each to its prefix, in IPv6 to the address alone too, and one to the
  /// link-local block.
  private static func ownRoutes(of domain: RoutingDomain) -> [Identity: SourceRange?] {
    var routes: [Identity: SourceRange?] = [:]
    for (device, address) in domain.addresses where address.prefix.hostBits > 0 || address.family == .ipv6 {
      let metric = address.family.connectedMetric
      routes[Identity(address.prefix, metric: metric, table: domain.domain(of: device))] = .some(nil)
    }
    guard let linkLocal = IPPrefix("fe80::/64") else { return routes }
    for device in domain.linkLocal {
      let metric = linkLocal.family.connectedMetric
      routes[Identity(linkLocal, metric: metric, table: domain.domain(of: device))] = .some(nil)
    }
    return routes
  }

  /// The next hops of an IPv6 route that it has already: each is a route of its own, and the second is there.
  ///
  /// So has ip6_route_info_append, net/ipv6/route.c. IPv4 takes them.
  private static func repeatedHops(of route: Route, _ table: UInt32, _ lookup: NextHopLookup) -> [Diagnostic] {
    guard route.destination.family == .ipv6, case .unicast(let hops) = route.action, hops.count > 1 else { return [] }
    var first: [NextHop: SourceRange] = [:]
    return hops.compactMap { hop in
      guard let gateway = hop.gateway else { return nil }
      let device = hop.device ?? (try? lookup.device(to: gateway, by: nil, for: table).get())
      guard let other = first.updateValue(hop.origin, forKey: NextHop(gateway: gateway, device: device)) else {
        return nil
      }
      return finding(
        "the route has the next hop \(gateway) already", at: hop.origin, labels: [.init(other, "the first")],
        help: "give one of them a larger `weight`, and take the other out")
    }
  }

  private struct NextHop: Hashable {
    let gateway: IPAddress
    let device: InterfaceName?
  }
}
