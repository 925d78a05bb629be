import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// A preferred source address that isn't the namespace's own.
enum ForeignSource: Rule {
  static let code = RuleCode.foreignSource
  static let name = "foreign-source"
  static let summary = "The preferred source address of a route is no address of the namespace, or one of another VRF."
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
    context.routingDomains.filter { !$0.isHost && $0.routes.contains { $0.source != nil } }.flatMap { domain in
      domain.findings { entry, route, lookup in
        guard let source = entry.source, source.value.family == route.destination.family,
          !(source.value.family == .ipv4 && source.value.isLoopback)
        else { return [] }
        return finding(source, of: route, lookup, domain).map { [$0] } ?? []
      }
    }
  }

  private static func finding(
    _ source: Located<IPAddress>, of route: Route, _ lookup: NextHopLookup, _ domain: RoutingDomain
  ) -> Diagnostic? {
    let places = domain.addresses.filter { $0.address.address == source.value }
    guard !isSource(source.value, at: places.map(\.device), of: route, lookup, domain) else { return nil }
    if let place = places.first {
      let vrf = domain.vrfs.vrf(of: place.device).map { ", in the VRF `\($0.device)`" } ?? ""
      return finding(
        "\(source.value) is no source of this route", at: source.range,
        notes: ["it is an address of `\(place.device)`\(vrf), and the route leads elsewhere"])
    }
    let own = domain.addresses.filter { $0.address.family == source.value.family }.map { "\($0.address.address)" }
    return finding(
      "\(source.value) is no address of `\(domain.name)`", at: source.range,
      help: own.isEmpty ? "give it that address" : "it has \(own.joined(separator: ", "))")
  }

  /// Whether an address that some devices have can be the source of a route.
  ///
  /// IPv4 asks for one in the route's own table, which may be a VRF's, or outside of VRFs. IPv6 asks for one in the VRF
  /// of the route's device, and on that itself if it is link-local (ipv6_chk_addr, net/ipv6/addrconf.c).
  private static func isSource(
    _ source: IPAddress, at devices: [InterfaceName], of route: Route, _ lookup: NextHopLookup, _ domain: RoutingDomain
  ) -> Bool {
    let table = domain.table(of: route)
    switch (source.family, route.action) {
    case (.ipv4, _): return devices.contains { [table, RouteTableNumber.main].contains(domain.domain(of: $0)) }
    case (.ipv6, .unicast(let hops)):
      return hops.allSatisfy { hop in
        let found = hop.gateway.flatMap { try? lookup.device(to: $0, by: nil, for: table).get() }
        guard let device = hop.device ?? found else { return !devices.isEmpty }
        return devices.contains {
          source.isLinkLocal ? $0 == device : domain.domain(of: $0) == domain.domain(of: device)
        }
      }
    case (.ipv6, .blackhole), (.ipv6, .unreachable), (.ipv6, .prohibit):
      // They are loopback's.
      return !source.isLinkLocal && devices.contains { domain.vrfs.vrf(of: $0) == nil }
    }
  }
}
