import Diagnostics
import NetworkTypes
import ProjectFile

/// A route whose kind and next hops contradict each other, or a next hop that says too little.
enum RouteKindConflict: Rule {
  static let code = RuleCode.routeKindConflict
  static let name = "route-kind-conflict"
  static let summary = "A route that drops has a next hop, one that sends has none, or a next hop lacks its router."
  static let rationale = """
    A blackhole leads nowhere: to a next hop of one IPv4 answers «Invalid argument», and IPv6 takes no notice of it. A \
    unicast route needs one, or a device. `onlink` is of a next router: IPv4 takes none that isn't named \
    (fib_check_nh_nongw), and IPv6 no device alone as one of several ways (ip6_route_multipath_add).
    """
  static let failing = """
    services:
      web:
        networks: [lan]
        routes:
          - to: 10.9.0.0/16  # error: NW0505
          - to: 10.8.0.0/16
            type: blackhole
            via: 10.0.0.8  # error: NW0505
          - to: 10.6.0.0/16
            nexthops:
              - weight: 2  # error: NW0505
              - via: 10.0.0.8
          - to: 10.7.0.0/16
            dev: eth0
            onlink: true  # error: NW0505
          - to: fd07::/64
            nexthops:
              - dev: eth0  # error: NW0505
              - via: fd00::8
    networks:
      lan: { enable_ipv6: true, ipam: { config: [{ subnet: 10.0.0.0/24 }, { subnet: "fd00::/64" }] } }
    """
  static let passing = """
    services:
      web:
        networks: [lan]
        routes:
          - to: 10.9.0.0/16
            via: 10.0.0.8
          - to: 10.8.0.0/16
            type: blackhole
          - to: 10.7.0.0/16
            nexthops:
              - dev: eth0
              - via: 10.0.0.8
          - to: fd07::/64
            dev: eth0
            onlink: true
    networks:
      lan: { enable_ipv6: true, ipam: { config: [{ subnet: 10.0.0.0/24 }, { subnet: "fd00::/64" }] } }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    let routes = context.unusualNodes.flatMap(\.routes) + (context.file.host?.routes ?? [])
    return routes.compactMap { route in
      switch route.kind?.value ?? .unicast {
      case .unicast: return unusableHop(of: route)
      case .blackhole, .unreachable, .prohibit:
        guard let range = route.hops.lazy.compactMap({ $0.via?.range ?? $0.device?.range }).first else { return nil }
        return finding(
          "a route that drops has no next hop", at: range,
          labels: route.kind.map { [.init($0.range, "this drops")] } ?? [], help: "take one of them out")
      }
    }
  }

  /// What is missing in a route's next hops.
  private static func unusableHop(of route: RouteEntry) -> Diagnostic? {
    let help = "add the next router, `via: ADDRESS`, or the device, `dev: eth0`"
    guard !route.hops.isEmpty else {
      return finding("the route says neither `via` nor `dev`", at: route.range, help: help)
    }
    if let empty = route.hops.first(where: { $0.via == nil && $0.device == nil }) {
      return finding("the next hop says neither `via` nor `dev`", at: empty.range, help: help)
    }
    let devicesAlone = route.hops.filter { $0.via == nil }
    switch route.family {
    case .ipv4:
      guard let onLink = devicesAlone.lazy.compactMap(\.isOnLink).first(where: \.value) else { return nil }
      return finding(
        "`onlink` is about the next router, and the route names none", at: onLink.range,
        help: "add `via`, or take it out: what a route to a device leads to is on its link anyway")
    case .ipv6:
      guard route.hops.count > 1, let hop = devicesAlone.first else { return nil }
      return finding(
        "each of several ways of an IPv6 route needs a next router", at: hop.range,
        help: "add `via`, or make it a route of its own with another `metric`")
    }
  }
}
