import Diagnostics
import ProjectFile

/// A route whose kind and next hops contradict each other.
enum RouteKindConflict: Rule {
  static let code = RuleCode.routeKindConflict
  static let name = "route-kind-conflict"
  static let summary = "A route that drops has a next hop, or one that sends has none."
  static let rationale =
    "A blackhole leads nowhere, so the kernel answers «Invalid argument» to a next hop; a unicast route needs one, or a device."
  static let failing = """
    services:
      web:
        networks: [lan]
        routes:
          - to: 10.9.0.0/16  # error: NW0505
          - to: 10.8.0.0/16
            type: blackhole
            via: 10.0.0.8  # error: NW0505
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
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
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    let routes = context.unusualNodes.flatMap(\.routes) + (context.file.host?.routes ?? [])
    return routes.compactMap { route in
      switch route.kind?.value ?? .unicast {
      case .unicast:
        guard !route.hops.contains(where: { $0.via != nil || $0.device != nil }) else { return nil }
        return finding(
          "the route says neither `via` nor `dev`", at: route.range,
          help: "add the next router, `via: ADDRESS`, or the device, `dev: eth0`")
      case .blackhole, .unreachable, .prohibit:
        guard let range = route.hops.lazy.compactMap({ $0.via?.range ?? $0.device?.range }).first else { return nil }
        return finding(
          "a route that drops has no next hop", at: range,
          labels: route.kind.map { [.init($0.range, "this drops")] } ?? [], help: "take one of them out")
      }
    }
  }
}
