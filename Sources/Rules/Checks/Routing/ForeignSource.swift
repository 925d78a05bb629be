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
    context.routingDomains.filter { !$0.isHost }.flatMap { domain in
      zip(domain.routes, domain.resolved).compactMap { entry, route in
        guard let source = entry.source, source.value.family == route.destination.family,
          !(source.value.family == .ipv4 && source.value.isLoopback),
          !domain.addresses.contains(where: { $0.address.address == source.value })
        else { return nil }
        let own = domain.addresses.filter { $0.address.family == source.value.family }.map { "\($0.address.address)" }
        return finding(
          "\(source.value) is no address of `\(domain.name)`", at: source.range,
          help: own.isEmpty ? "give it that address" : "it has \(own.joined(separator: ", "))")
      }
    }
  }
}
