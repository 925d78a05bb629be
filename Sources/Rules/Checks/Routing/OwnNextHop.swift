import Diagnostics
import NetworkTypes
import ProjectFile

/// A next hop that is the node itself.
enum OwnNextHop: Rule {
  static let code = RuleCode.ownNextHop
  static let name = "own-next-hop"
  static let summary = "A route's next hop is an address of the namespace itself."
  static let rationale = """
    A packet can't be handed on to oneself: IPv6 answers «Gateway can not be a local address» (ip6_validate_gw, \
    net/ipv6/route.c). IPv4 takes it without `onlink`, and then looks for each destination on the device's own link.
    """
  static let failing = """
    services:
      web:
        networks:
          lan: { ipv4_address: 10.0.0.7 }
        routes:
          - to: 10.9.0.0/16
            via: 10.0.0.7  # error: NW0502
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
    """
  static let passing = """
    services:
      web:
        networks:
          lan: { ipv4_address: 10.0.0.7 }
        routes:
          - to: 10.9.0.0/16
            via: 10.0.0.8
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.routingDomains.flatMap { domain in
      zip(domain.routes, domain.resolved).flatMap { entry, route in entry.hops.map { ($0, route) } }.compactMap {
        hop, route in
        // The other end of a cable between two VRFs of one node is somebody else.
        let table = hop.device.map { domain.domain(of: $0.value) } ?? domain.domain(of: route)
        let own = domain.addresses.first {
          $0.address.address == hop.via?.value && domain.domain(of: $0.device) == table
        }
        guard let gateway = hop.via, let own else { return nil }
        return finding(
          "\(gateway.value) is `\(domain.name)` itself, on \(own.device)", at: gateway.range,
          help: "name the router at the other end of the link, or the device alone for what is on that link")
      }
    }
  }
}
