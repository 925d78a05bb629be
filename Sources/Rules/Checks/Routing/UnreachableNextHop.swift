import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// A next hop that is on no link of its namespace.
enum UnreachableNextHop: Rule {
  static let code = RuleCode.unreachableNextHop
  static let name = "unreachable-next-hop"
  static let summary = "A route's next hop is on no link of the namespace."
  static let rationale = """
    The kernel answers «Nexthop has invalid gateway» or «Network is unreachable» (fib_check_nh, net/ipv4/fib_semantics.c): \
    the next hop must be on the link, by an interface's prefix, by an earlier route to it that has one device and no next \
    hop, or by `onlink`.
    """
  static let failing = """
    services:
      web:
        networks: [lan, more]
        routes:
          - to: 10.9.0.0/16
            via: 10.0.2.254  # error: NW0501
          - to: 10.8.0.0/16
            via: 10.0.0.255  # error: NW0501
          - to: 10.7.0.0/16
            via: 127.0.0.1  # error: NW0501
            dev: eth0
            onlink: true
          - { to: 10.6.0.0/16, nexthops: [{ dev: eth0 }, { dev: eth1 }] }
          - to: 10.5.0.0/16
            via: 10.6.0.1  # error: NW0501
          - to: fd09::/16
            via: fe80::9  # error: NW0501
          - to: fd08::/16
            via: fd01::9  # error: NW0501
            dev: eth1
            onlink: true
          - { to: "fd01::7", via: "fd01::8" }
          - to: fd07::/16
            via: fd01::7  # error: NW0501
          - { to: 10.4.0.0/16, dev: eth0, table: 7 }
          - to: 10.3.0.0/16
            via: 10.4.0.1  # error: NW0501
          - to: 10.2.0.0/16
            via: 169.254.7.7  # error: NW0501
            dev: eth0
    networks:
      lan: { enable_ipv6: true, ipam: { config: [{ subnet: 10.0.0.0/24 }, { subnet: "fd01::/64" }] } }
      more: { ipam: { config: [{ subnet: 10.0.1.0/24 }] } }
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
          - { to: 10.4.0.0/16, dev: eth0, table: 7 }
          - { to: 10.3.0.0/16, via: 10.4.0.1, table: 7 }
          - { to: 10.2.0.0/16, via: 10.0.0.254, table: 7 }
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    guard !context.hasUnreadSubnets else { return [] }
    return context.routingDomains.flatMap { domain in
      domain.isHost ? hostFindings(domain, context) : nodeFindings(domain)
    }
  }

  private static func nodeFindings(_ domain: RoutingDomain) -> [Diagnostic] {
    domain.findings { entry, route, lookup in
      // What drops has no next hop: that it is written is said elsewhere.
      guard case .unicast = route.action else { return [] }
      return entry.hops.compactMap { nodeFinding($0, of: route, domain, lookup) }
    }
  }

  /// What is wrong with one next hop of a node's route, where the routes before it are known.
  private static func nodeFinding(
    _ hop: RouteEntry.Hop, of route: Route, _ domain: RoutingDomain, _ lookup: NextHopLookup
  ) -> Diagnostic? {
    // One of the other family leads nowhere, which is said elsewhere.
    guard let gateway = hop.via, gateway.value.family == route.destination.family else { return nil }
    let table = hop.device.map { domain.domain(of: $0.value) } ?? domain.domain(of: route)
    if let kind = kindOfNobody(gateway.value, in: table, domain) {
      return finding("the next hop \(gateway.value) is \(kind), and no router's", at: gateway.range)
    }
    if isByLoopback(hop, gateway.value) { return byLoopback(gateway) }
    if hop.isOnLink?.value ?? false {
      guard let device = hop.device?.value else { return onLinkWithoutDevice(gateway) }
      return lookup.device(to: gateway.value, otherThan: device).map { onLinkElsewhere(gateway, device, $0) }
    }
    if needsDevice(gateway.value) { return hop.device == nil ? linkLocalWithoutDevice(gateway) : nil }
    switch lookup.device(to: gateway.value, by: hop.device?.value, for: domain.table(of: route)) {
    case .success: return nil
    case .failure(let obstacle): return unreachable(gateway, hop, obstacle, domain)
    }
  }

  /// What an address is that can be nobody's on a link, not even where `onlink` says so (fib_check_nh_onlink,
  /// net/ipv4/fib_semantics.c; ip6_validate_gw, net/ipv6/route.c); nil for another.
  private static func kindOfNobody(_ address: IPAddress, in table: UInt32, _ domain: RoutingDomain) -> String? {
    if address.isUnspecified { return "the unspecified address" }
    if address.isLoopback { return "loopback" }
    if address.isMulticast { return "multicast" }
    guard address.family == .ipv4 else { return nil }
    if address.bits == UInt128(UInt32.max) { return "the limited broadcast address" }
    let own = domain.addresses.first { $0.address.prefix.broadcast == address && domain.domain(of: $0.device) == table }
    return own.map { "the broadcast address of \($0.address.prefix)" }
  }

  /// Next hops of the host's that the file itself says are elsewhere: on a network or a link that the host isn't on.
  private static func hostFindings(_ domain: RoutingDomain, _ context: RuleContext) -> [Diagnostic] {
    domain.routes.flatMap(\.hops).compactMap { hop in
      guard let gateway = hop.via else { return nil }
      if isByLoopback(hop, gateway.value) { return byLoopback(gateway) }
      if needsDevice(gateway.value), hop.device == nil { return linkLocalWithoutDevice(gateway) }
      if hop.isOnLink?.value ?? false { return hop.device == nil ? onLinkWithoutDevice(gateway) : nil }
      if domain.addresses.contains(where: { $0.address.prefix.contains(gateway.value) }) { return nil }
      guard let place = elsewhere(gateway.value, hop.device?.value, context) else { return nil }
      return finding(
        "the host doesn't reach the next hop \(gateway.value)", at: gateway.range, notes: [place],
        help: "use a next hop on a network where the bridge has the gateway's address, and so the host one")
    }
  }

  /// What has an address, and why the host isn't on it.
  private static func elsewhere(_ address: IPAddress, _ device: InterfaceName?, _ context: RuleContext) -> String? {
    for network in context.topology.networks {
      guard let pool = network.pools.first(where: { $0.subnet.contains(address) }),
        device == nil || device == network.bridge
      else { continue }
      // A parent that the machine has may well have an address in the subnet.
      if let parent = network.parent, !context.topology.makes(parent) { return nil }
      if !network.isUsed {
        return "it is on the network `\(network.key)`, which isn't built: nothing is attached to it"
      }
      if let router = pool.gatewayNode {
        let name = context.topology[router].name
        return
          "it is on the network `\(network.key)`, whose gateway is the router `\(name)`: the host has no address there"
      }
      return "it is on the network `\(network.key)`, and the host has no address there"
    }
    let isOnLink = context.topology.links.contains { $0.subnets.contains { $0.value.contains(address) } }
    return isOnLink && device == nil ? "it is on a link between others" : nil
  }

  /// IPv6 takes no next router by loopback, not even on-link (ip6_route_check_nh_onlink, net/ipv6/route.c).
  private static func isByLoopback(_ hop: RouteEntry.Hop, _ gateway: IPAddress) -> Bool {
    gateway.family == .ipv6 && hop.device?.value == .loopback
  }

  private static func byLoopback(_ gateway: Located<IPAddress>) -> Diagnostic {
    finding(
      "loopback leads to no router, so not to \(gateway.value)", at: gateway.range, help: "name another device")
  }

  /// Whether an address means another machine by each device: IPv6 looks for none of them (ip6_validate_gw,
  /// net/ipv6/route.c).
  private static func needsDevice(_ gateway: IPAddress) -> Bool { gateway.family == .ipv6 && gateway.isLinkLocal }

  private static func linkLocalWithoutDevice(_ gateway: Located<IPAddress>) -> Diagnostic {
    finding(
      "a link-local next hop needs its device", at: gateway.range,
      notes: ["every link has such addresses, and the kernel can't tell which is meant"], help: "add `dev`")
  }

  private static func onLinkElsewhere(
    _ gateway: Located<IPAddress>, _ device: InterfaceName, _ other: InterfaceName
  ) -> Diagnostic {
    finding(
      "the next hop \(gateway.value) is on the link of `\(other)`, and not of `\(device)`", at: gateway.range,
      notes: ["IPv6 takes none by another device than the one that leads to it, not even as `onlink`"],
      help: "name `\(other)`, or another next hop")
  }

  private static func onLinkWithoutDevice(_ gateway: Located<IPAddress>) -> Diagnostic {
    finding(
      "an on-link next hop needs its device", at: gateway.range, notes: ["the kernel can't tell which link is meant"],
      help: "add `dev`")
  }

  private static func unreachable(
    _ gateway: Located<IPAddress>, _ hop: RouteEntry.Hop, _ obstacle: NextHopLookup.Obstacle, _ domain: RoutingDomain
  ) -> Diagnostic {
    let place = hop.device.map { " by `\($0.value)`" } ?? ""
    return finding(
      "`\(domain.name)` doesn't reach the next hop \(gateway.value)\(place)", at: gateway.range,
      notes: [note(obstacle, hop, domain)],
      help: "use a next hop on one of its links; or name the device and set `onlink: true`")
  }

  private static func note(
    _ obstacle: NextHopLookup.Obstacle, _ hop: RouteEntry.Hop, _ domain: RoutingDomain
  ) -> String {
    if case .covered(let prefix, let outcome) = obstacle, prefix.length > 0 {
      let best = "the best match for it is the route to \(prefix)"
      switch outcome {
      case .router: return "\(best), which has a next hop itself"
      case .reject: return "\(best), which drops what it gets"
      case .onLink(let device): return "\(best) by `\(device)`"
      }
    }
    let own = domain.addresses.filter { hop.device == nil || $0.device == hop.device?.value }
      .map { "\($0.address.prefix) on \($0.device)" }
    return own.isEmpty ? "it is connected to nothing there" : "it is connected to \(own.joined(separator: ", "))"
  }
}
