import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// Two routes that the kernel can't tell apart.
enum DuplicateRoute: Rule {
  static let code = RuleCode.duplicateRoute
  static let name = "duplicate-route"
  static let summary = "Two routes of a namespace have the same destination, metric and table."
  static let rationale = """
    The kernel answers «File exists» to the second (fib_table_insert, net/ipv4/fib_trie.c): destination, metric and \
    table are a route's name.
    """
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
      var first: [Identity: SourceRange?] = [:]
      // An address makes a route to its prefix by itself.
      for (device, address) in domain.addresses where address.prefix.hostBits > 0 {
        let metric = address.family.connectedMetric
        first[Identity(destination: address.prefix, metric: metric, table: domain.domain(of: device))] = .some(nil)
      }
      return domain.resolved.compactMap { route in
        let metric = route.metric ?? route.destination.family.defaultMetric
        let identity = Identity(destination: route.destination, metric: metric, table: domain.table(of: route))
        guard let other = first[identity] else {
          first[identity] = route.origin
          return nil
        }
        return finding(
          "`\(domain.name)` has a route to \(route.destination) already", at: route.origin,
          labels: other.map { [.init($0, "the first")] } ?? [],
          notes: other == nil ? ["its own address makes that route"] : [],
          help: "give one of them a `metric`, or write both ways as `nexthops` of one route")
      }
    }
  }
}
