import Diagnostics
import NetworkTypes
import ProjectFile

/// A port of the host's that a service in host mode needs and another has.
enum HostPortTaken: Rule {
  static let code = RuleCode.hostPortTaken
  static let summary = "A service in host mode listens on a port of the host's that another has."
  static let rationale = """
    Services in host mode share the host's ports: the second to listen is told «address already in use». A published port \
    is the host's too, and goes to its container before anything that listens on the host sees it.
    """
  static let failing = """
    services:
      metrics: { network_mode: host, expose: ["9100"] }
      other: { network_mode: host, expose: ["9100"] }  # warning: NW0609
      web:
        ports:
          - "9100:80"  # warning: NW0609
    """
  static let passing = """
    services:
      metrics: { network_mode: host, expose: ["9100"] }
      other: { network_mode: host, expose: ["9100/udp", "9101"] }
      web: { ports: ["8080:80"] }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    var taken: [(owner: String, ports: PortRange, transport: TransportProtocol, range: SourceRange)] = []
    var result: [Diagnostic] = []
    for node in context.unusualNodes where node.networkMode?.value == .host {
      for port in node.expose {
        if let other = taken.first(where: { $0.transport == port.transport && $0.ports.overlaps(port.ports.value) }) {
          result.append(
            finding(
              "`\(other.owner)` listens on port \(port.ports.value) of the host's too", at: port.ports.range,
              labels: [.init(other.range, "the first")], help: "have one of them listen elsewhere"))
        }
        taken.append((node.name.value, port.ports.value, port.transport, port.ports.range))
      }
    }
    guard !taken.isEmpty else { return result }
    for node in context.unusualNodes where node.networkMode?.value != .host {
      for port in node.ports {
        guard let published = port.published, published.count == port.target.count,
          let other = taken.first(where: { $0.transport == port.transport && $0.ports.overlaps(published) })
        else { continue }
        result.append(
          finding(
            "`\(other.owner)` listens on port \(published) of the host's, and would be heard no more", at: port.range,
            labels: [.init(other.range, "it listens here")], help: "publish another port"))
      }
    }
    return result
  }
}
