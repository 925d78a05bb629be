import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// A next hop that is on no link of its namespace.
enum UnreachableNextHop: Rule {
  static let code = RuleCode.unreachableNextHop
  static let summary = "A route's next hop is on no link of the namespace."
  static let rationale = """
    The kernel answers «Nexthop has invalid gateway» or «Network is unreachable» (fib_check_nh, net/ipv4/fib_semantics.c): \
    the next hop must be on the link, by an interface's prefix, by an earlier route to it without a next hop, or by \
    `onlink`.
    """
  static let failing = """
    services:
      web:
        networks: [lan]
        routes:
          - to: 10.9.0.0/16
            via: 10.0.1.254  # error: NW0501
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
    """
  static let passing = """
    services:
      web:
        networks: [lan]
        routes:
          - { to: 10.9.0.0/16, via: 10.0.0.254 }
          - { to: 192.0.2.1, dev: eth0 }
          - { to: 10.8.0.0/16, via: 192.0.2.1 }
          - { to: 10.7.0.0/16, via: 192.0.2.9, dev: eth0, onlink: true }
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    guard !context.hasUnreadSubnets else { return [] }
    // The host may have interfaces that the file says nothing of.
    return context.routingDomains.filter { $0.name != "the host" }.flatMap { domain -> [Diagnostic] in
      var onLink: [(device: InterfaceName, prefix: IPPrefix)] = domain.addresses.map { ($0.device, $0.address.prefix) }
      var result: [Diagnostic] = []
      for (entry, route) in zip(domain.routes, domain.resolved) {
        for hop in entry.hops {
          guard let gateway = hop.via else { continue }
          if hop.isOnLink?.value ?? false {
            if hop.device == nil { result.append(onLinkWithoutDevice(gateway)) }
            continue
          }
          if gateway.value.isLinkLocal, hop.device != nil { continue }
          let found = onLink.contains { link in
            link.prefix.contains(gateway.value)
              && (hop.device.map { $0.value == link.device }
                ?? (domain.domain(of: link.device) == domain.domain(of: route)))
          }
          if !found { result.append(unreachable(gateway, hop, domain)) }
        }
        if case .unicast(let hops) = route.action {
          onLink += hops.filter { $0.gateway == nil }.compactMap { hop in hop.device.map { ($0, route.destination) } }
        }
      }
      return result
    }
  }

  private static func onLinkWithoutDevice(_ gateway: Located<IPAddress>) -> Diagnostic {
    finding(
      "an on-link next hop needs its device", at: gateway.range, notes: ["the kernel can't tell which link is meant"],
      help: "add `dev`")
  }

  private static func unreachable(
    _ gateway: Located<IPAddress>, _ hop: RouteEntry.Hop, _ domain: RoutingDomain
  ) -> Diagnostic {
    let own = domain.addresses.filter { hop.device == nil || $0.device == hop.device?.value }
      .map { "\($0.address.prefix) on \($0.device)" }
    let place = hop.device.map { " by `\($0.value)`" } ?? ""
    return finding(
      "`\(domain.name)` doesn't reach the next hop \(gateway.value)\(place)", at: gateway.range,
      notes: [own.isEmpty ? "it is connected to nothing there" : "it is connected to \(own.joined(separator: ", "))"],
      help: "use a next hop on one of its links; or name the device and set `onlink: true`")
  }
}
