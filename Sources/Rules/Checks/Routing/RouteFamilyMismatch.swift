import Diagnostics
import NetworkTypes
import ProjectFile

/// A route of one family over a next hop, or a rule with addresses, of another.
enum RouteFamilyMismatch: Rule {
  static let code = RuleCode.routeFamilyMismatch
  static let name = "route-family-mismatch"
  static let summary = "A route's destination, next hop and source, or a rule's addresses, are of different families."
  static let rationale = """
    The kernel takes an IPv4 route over an IPv6 next hop (RFC 5549) and nothing else of the kind; here neither is compiled. \
    A rule is of one family.
    """
  static let failing = """
    services:
      web:
        networks: [lan]
        routes:
          - to: 10.9.0.0/16
            via: fd00::99  # error: NW0503
    networks:
      lan:
        enable_ipv6: true
        ipam: { config: [{ subnet: "fd00::/64", gateway: "fd00::ff" }] }
    """
  static let passing = """
    services:
      web:
        networks: [lan]
        routes:
          - to: fd09::/64
            via: fd00::99
    networks:
      lan:
        enable_ipv6: true
        ipam: { config: [{ subnet: "fd00::/64", gateway: "fd00::ff" }] }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    let routes = context.unusualNodes.flatMap(\.routes) + (context.file.host?.routes ?? [])
    let rules = context.unusualNodes.flatMap(\.rules) + (context.file.host?.rules ?? [])
    return routes.flatMap(mismatches) + rules.compactMap(mismatch)
  }

  private static func mismatches(_ route: RouteEntry) -> [Diagnostic] {
    let others = route.hops.compactMap(\.via) + [route.source].compactMap { $0 }
    let family: AddressFamily?
    switch route.destination.value {
    case .prefix(let prefix): family = prefix.family
    case .everywhere: family = others.first?.value.family
    }
    guard let family else { return [] }
    return others.filter { $0.value.family != family }.map { address in
      finding(
        "\(address.value) is an \(address.value.family.displayName) address in an \(family.displayName) route",
        at: address.range, labels: [.init(route.destination.range, "the destination")],
        help: "write one route for each family")
    }
  }

  private static func mismatch(_ rule: RuleEntry) -> Diagnostic? {
    if let from = rule.from, let to = rule.to, from.value.family != to.value.family {
      return finding(
        "a rule is of one family, and this has both", at: to.range, labels: [.init(from.range, "the other")],
        help: "write one rule for each family")
    }
    guard let family = rule.family, let address = rule.from ?? rule.to, address.value.family != family.value else {
      return nil
    }
    return finding(
      "\(address.value) is not \(family.value.displayName)", at: address.range,
      labels: [.init(family.range, "the family")])
  }
}
