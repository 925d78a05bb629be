import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// Published ports that no network leads to.
enum UnpublishablePorts: Rule {
  static let code = RuleCode.unpublishablePorts
  static let name = "unpublishable-ports"
  static let severity = Severity.warning
  static let summary = "A service publishes ports and has no network over which the host could lead to them."
  static let rationale = """
    The engine publishes on the network that gives the container its default route. An internal network gives none, and \
    one with a router for a gateway doesn't lead through the host: the ports are silently not there. On macvlan and ipvlan \
    there is nothing to publish, and nothing missing: the service's own address is reached as it is. And an address of the \
    host's leads to none of the other family: with the engine that takes its proxy.
    """
  static let failing = """
    services:
      web:
        networks: [inner]
        ports: ["8080:80"]  # warning: NW0608
      db:
        networks: [front]
        ports:
          - "127.0.0.1:5432:5432"
          - "[::1]:5432:5432"  # warning: NW0608
    networks:
      inner: { internal: true }
      front: {}
    """
  static let passing = """
    services:
      web:
        networks: [inner, front]
        ports: ["8080:80"]
    networks:
      inner: { internal: true }
      front: {}
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    // What lacks a free port has been said to.
    let published = Set(context.topology.publications.map(\.origin)).union(
      context.topology.failures.compactMap { failure in
        if case .hostPorts(_, _, let entry) = failure { entry } else { nil }
      })
    return context.unusualNamespaces.flatMap { node -> [Diagnostic] in
      guard (node.replica ?? 1) == 1 else { return [] }
      let hasAddressOutside = node.interfaces.contains { if case .child = $0.source { true } else { false } }
      guard !hasAddressOutside else { return [] }
      let entry = context.entry(of: node)
      let missing = entry.ports.filter { !published.contains($0.range) }
      guard let port = missing.first else { return [] }
      // Of a network that isn't defined nothing is known, and it is a finding already.
      let isKnown = entry.attachments.allSatisfy { attachment in
        context.topology.networks.contains { $0.key == attachment.network.value }
      }
      guard isKnown else { return [] }
      let ofOtherFamily = missing.compactMap { withoutFamily($0, node, context) }
      guard ofOtherFamily.isEmpty, missing.count == entry.ports.count else { return ofOtherFamily }
      return [
        finding(
          "`\(entry.name.value)` has no network over which this can be published", at: port.range,
          help: "attach it to a network that isn't internal and that the host is the gateway of")
      ]
    }
  }

  /// A port on an address of a family that none of the node's networks has, though one would do otherwise.
  private static func withoutFamily(
    _ port: PublishedPortEntry, _ node: Node, _ context: RuleContext
  ) -> Diagnostic? {
    guard let address = port.hostAddress else { return nil }
    let networks = node.interfaces.compactMap { context.network(of: $0) }.filter { !$0.isInternal }
    let leading = networks.first { network in AddressFamily.allCases.contains { network.hostAddress($0) != nil } }
    guard let leading, !networks.contains(where: { $0.families.contains(address.family) }) else { return nil }
    let key = address.family == .ipv4 ? "enable_ipv4" : "enable_ipv6"
    // Nothing is translated to ::1, whatever the network has.
    let isUnreachable = address.family == .ipv6 && address.isLoopback
    return finding(
      "this isn't published: `\(leading.key)` has no \(address.family.displayName)", at: port.range,
      labels: leading.origin.map { [.init($0, "the network")] } ?? [],
      help: isUnreachable
        ? "publish on 127.0.0.1: what reaches [::1] is the engine's proxy"
        : "set `\(key): true` on `\(leading.key)`, or publish on an address of the other family")
  }
}
