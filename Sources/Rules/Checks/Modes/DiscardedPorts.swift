import Diagnostics
import ProjectFile
import Topology

/// Published ports of a service in host mode.
enum DiscardedPorts: Rule {
  static let code = RuleCode.discardedPorts
  static let name = "discarded-ports"
  static let severity = Severity.warning
  static let summary = "A service in host mode publishes ports."
  static let rationale =
    "The engine warns «Published ports are discarded when using host network mode»: the service listens on the host itself."
  static let failing = """
    services:
      web:
        network_mode: host
        ports: ["8080:80"]  # warning: NW0604
    """
  static let passing = """
    services:
      web:
        network_mode: host
        expose: ["80"]
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.unusualNodes.compactMap { node in
      guard node.networkMode?.value == .host, let port = node.ports.first else { return nil }
      return finding(
        "published ports have no effect in host mode", at: port.range,
        help: "take `ports` out: the service's own ports are the host's")
    }
  }
}
