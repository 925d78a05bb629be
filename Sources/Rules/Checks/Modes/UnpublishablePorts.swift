import Diagnostics
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
    there is nothing to publish, and nothing missing: the service's own address is reached as it is.
    """
  static let failing = """
    services:
      web:
        networks: [inner]
        ports: ["8080:80"]  # warning: NW0608
    networks:
      inner: { internal: true }
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
    let published = Set(context.topology.publications.map(\.origin))
    return context.topology.nodes.compactMap { node in
      guard case .namespace = node.home, (node.replica ?? 1) == 1 else { return nil }
      let hasAddressOutside = node.interfaces.contains { if case .child = $0.source { true } else { false } }
      guard !hasAddressOutside else { return nil }
      let entry = context.entry(of: node)
      guard let port = entry.ports.first, !entry.ports.contains(where: { published.contains($0.range) }) else {
        return nil
      }
      // Of a network that isn't defined nothing is known, and it is a finding already.
      let isKnown = entry.attachments.allSatisfy { attachment in
        context.topology.networks.contains { $0.key == attachment.network.value }
      }
      guard isKnown else { return nil }
      return finding(
        "`\(entry.name.value)` has no network over which this can be published", at: port.range,
        help: "attach it to a network that isn't internal and that the host is the gateway of")
    }
  }
}
