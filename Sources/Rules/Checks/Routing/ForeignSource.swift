import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// A preferred source address that isn't the namespace's own.
enum ForeignSource: Rule {
  static let code = RuleCode.foreignSource
  static let name = "foreign-source"
  static let summary = "The preferred source address of a route is no address of the namespace."
  static let rationale = """
    The kernel answers «Invalid prefsrc address» (fib_valid_prefsrc, net/ipv4/fib_semantics.c) and, for IPv6, «Invalid \
    source address» (ip6_route_info_create, net/ipv6/route.c).
    """
  static let failing = """
    services:
      web:
        networks:
          lan: { ipv4_address: 10.0.0.7 }
        routes:
          - to: 10.9.0.0/16
            via: 10.0.0.8
            src: 10.0.0.9  # error: NW0507
          - to: 10.8.0.0/16
            via: 10.0.0.8
            src: 192.0.2.1  # error: NW0507
        interfaces:
          red: { type: vrf, table: 10, members: [one] }
          one: { type: dummy, addresses: [192.0.2.1/32] }
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
    """
  static let passing = """
    services:
      web:
        networks:
          lan: { ipv4_address: 10.0.0.7, addresses: [192.0.2.7/32] }
        routes:
          - { to: 10.9.0.0/16, via: 10.0.0.8, src: 192.0.2.7 }
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    // The host may have addresses that the file says nothing of.
    context.routingDomains.filter { !$0.isHost }.flatMap { domain -> [Diagnostic] in
      var lookup = NextHopLookup(of: domain)
      var result: [Diagnostic] = []
      for (entry, route) in zip(domain.routes, domain.resolved) {
        if let source = entry.source, source.value.family == route.destination.family,
          !(source.value.family == .ipv4 && source.value.isLoopback)
        {
          result += finding(source, sources: tables(of: route, lookup, domain), domain).map { [$0] } ?? []
        }
        lookup.add(route)
      }
      return result
    }
  }

  /// The tables that a route's source has to be an address in: VRFs', or main for all others.
  ///
  /// IPv4 looks in the route's own and among the others; IPv6 asks each device for its VRF (ipv6_chk_addr,
  /// net/ipv6/addrconf.c).
  private static func tables(of route: Route, _ lookup: NextHopLookup, _ domain: RoutingDomain) -> Set<UInt32> {
    let table = domain.table(of: route)
    switch (route.destination.family, route.action) {
    case (.ipv4, _): return [table, RouteTableNumber.main]
    case (.ipv6, .unicast(let hops)):
      return Set(
        hops.map { hop in
          let found = hop.gateway.flatMap { try? lookup.device(to: $0, by: nil, for: table).get() }
          return (hop.device ?? found).map { domain.domain(of: $0) } ?? RouteTableNumber.main
        })
    case (.ipv6, .blackhole), (.ipv6, .unreachable), (.ipv6, .prohibit): return [RouteTableNumber.main]
    }
  }

  private static func finding(
    _ source: Located<IPAddress>, sources tables: Set<UInt32>, _ domain: RoutingDomain
  ) -> Diagnostic? {
    let places = domain.addresses.filter { $0.address.address == source.value }
    guard !places.contains(where: { tables.contains(domain.domain(of: $0.device)) }) else { return nil }
    if let place = places.first {
      let vrf = domain.vrfs.vrf(of: place.device).map { "in the VRF `\($0.device)`" } ?? "in no VRF"
      return finding(
        "\(source.value) is no source of this route", at: source.range,
        notes: ["it is an address of `\(place.device)`, which is \(vrf), and the route isn't"])
    }
    let own = domain.addresses.filter { $0.address.family == source.value.family }.map { "\($0.address.address)" }
    return finding(
      "\(source.value) is no address of `\(domain.name)`", at: source.range,
      help: own.isEmpty ? "give it that address" : "it has \(own.joined(separator: ", "))")
  }
}
