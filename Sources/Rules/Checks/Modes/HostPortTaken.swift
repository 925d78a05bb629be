import Diagnostics
import NetworkTypes
import ProjectFile

/// A port of the host's that a service in host mode needs and another has.
enum HostPortTaken: Rule {
  static let code = RuleCode.hostPortTaken
  static let name = "host-port-taken"
  static let severity = Severity.warning
  static let summary = "A service in host mode listens on a port of the host's that another has."
  static let rationale = """
    Services in host mode share the host's ports: the second to listen is told «address already in use». They listen on \
    what they expose, and on the ports that they would publish of themselves. A published port is the host's too, and goes \
    to its container before anything that listens on the host sees it.
    """
  static let failing = """
    services:
      metrics: { network_mode: host, expose: ["9100"] }
      other: { network_mode: host, expose: ["9100"] }  # warning: NW0609
      web:
        ports:
          - "9100:80"  # warning: NW0609
      several:
        network_mode: host
        scale: 2
        expose: ["9200"]  # warning: NW0609
    """
  static let passing = """
    services:
      metrics: { network_mode: host, expose: ["9100"] }
      other: { network_mode: host, expose: ["9100/udp", "9101"] }
      web: { ports: ["8080:80"] }
      street: { networks: [beside], ports: ["9101:80"] }
    networks:
      beside: { driver: macvlan, driver_opts: { parent: eth0 } }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    var taken: [(owner: String, ports: PortRange, transport: TransportProtocol, range: SourceRange)] = []
    var result: [Diagnostic] = []
    for node in context.unusualNodes where node.networkMode?.value == .host {
      let name = node.name.value
      let listening =
        node.expose.map { ($0.ports.value, $0.transport, $0.ports.range) }
        + node.ports.map { ($0.target, $0.transport, $0.range) }
      let count = node.replicaCount
      if count > 1, let first = listening.first {
        result.append(
          finding(
            "`\(name)` has \(count) replicas, of which one alone can listen on port \(first.0) of the host's",
            at: first.2,
            help: "have them listen elsewhere, or give them networks"))
      }
      for (ports, transport, range) in listening {
        let other = taken.first { $0.owner != name && $0.transport == transport && $0.ports.overlaps(ports) }
        if let other {
          result.append(
            finding(
              "`\(other.owner)` listens on port \(ports) of the host's too", at: range,
              labels: [.init(other.range, "the first")], help: "have one of them listen elsewhere"))
        }
        taken.append((name, ports, transport, range))
      }
    }
    guard !taken.isEmpty else { return result }
    for node in context.unusualNodes where node.networkMode?.value != .host {
      for port in node.ports {
        guard let published = port.published, published.count == port.target.count,
          context.hostBindings[port, of: node] != nil,
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
