import Diagnostics
import ProjectFile
import Topology

/// Settings of a namespace that isn't the service's own.
enum BorrowedNamespaceSettings: Rule {
  static let code = RuleCode.borrowedNamespaceSettings
  static let name = "borrowed-namespace-settings"
  static let summary =
    "A service that uses the host's or another's namespace has routes, rules, devices, net sysctls or a hardware address."
  static let rationale = """
    They would change the namespace of somebody else. Docker refuses net sysctls and a hardware address there; routes and \
    rules of the host belong under `host`.
    """
  static let failing = """
    services:
      agent:
        network_mode: host
        routes:
          - to: 10.9.0.0/16  # error: NW0602
            via: 10.0.0.8
    """
  static let passing = """
    services:
      agent:
        network_mode: host
    host:
      routes:
        - to: 10.9.0.0/16
          type: blackhole
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    let nodes = context.topology.nodes
    return nodes.indices.filter { if case .namespace = nodes[$0].home { false } else { true } }.flatMap {
      index -> [Diagnostic] in
      let node = nodes[index]
      guard (node.replica ?? 1) == 1 else { return [] }
      let owner: String
      switch node.home {
      case .namespace: return []
      case .host: owner = "the host's namespace"
      case .shared(let other): owner = "the namespace of `\(context.topology[other].name)`"
      case .foreign: owner = "a namespace outside the file"
      }
      let entry = context.entry(of: node)
      let settings: [(String, SourceRange?)] = [
        ("routes", entry.routes.first?.range), ("rules", entry.rules.first?.range),
        ("a firewall", entry.firewall?.range), ("translations", entry.translations.first?.match.range),
        ("devices", entry.interfaces.first?.name.range), ("net sysctls", entry.sysctls.first?.key.range),
        ("a hardware address", entry.macAddress?.range),
      ]
      return settings.compactMap { what, range in
        range.map {
          finding(
            "`\(entry.name.value)` is in \(owner), and can't have \(what) of its own", at: $0,
            help: "set them where the namespace is declared")
        }
      }
    }
  }
}
