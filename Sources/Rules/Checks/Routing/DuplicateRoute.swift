import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// Two routes that the kernel can't tell apart.
enum DuplicateRoute: Rule {
  static let code = RuleCode.duplicateRoute
  static let summary = "Two routes of a namespace have the same destination, metric and table."
  static let rationale =
    "The kernel answers «File exists» to the second (fib_table_insert, net/ipv4/fib_trie.c): destination, metric and table are a route's name."
  static let failing = """
    services:
      web:
        networks: [lan]
        routes:
          - { to: 10.9.0.0/16, via: 10.0.0.8 }
          - { to: 10.9.0.0/16, via: 10.0.0.9 }  # error: NW0504
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
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
  }

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.routingDomains.flatMap { domain -> [Diagnostic] in
      var first: [Identity: SourceRange] = [:]
      return domain.resolved.compactMap { route in
        let metric = route.metric ?? (route.destination.family == .ipv4 ? 0 : 1024)
        let identity = Identity(destination: route.destination, metric: metric, table: domain.table(of: route))
        guard let other = first[identity] else {
          first[identity] = route.origin
          return nil
        }
        // The kernel adds an IPv6 route over another next hop to the first, as one of several ways.
        if route.destination.family == .ipv6 { return nil }
        return finding(
          "`\(domain.name)` has a route to \(route.destination) already", at: route.origin,
          labels: [.init(other, "the first")],
          help: "give one of them a `metric`, or write both ways as `nexthops` of one route")
      }
    }
  }
}
