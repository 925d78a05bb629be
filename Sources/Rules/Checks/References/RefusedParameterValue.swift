import Diagnostics
import NetworkTypes
import ProjectFile

/// A value that Linux doesn't take for a kernel parameter.
enum RefusedParameterValue: Rule {
  static let code = RuleCode.refusedParameterValue
  static let name = "refused-parameter-value"
  static let severity = Severity.warning
  static let summary = "A value of a sysctl that Linux doesn't take: no number, too large, or at odds with another's."
  static let rationale = """
    Writing it fails with «Invalid argument», and nothing is built; nor does Docker start such a container. It is a \
    warning because a kernel of another age may take it.
    """
  static let failing = """
    services:
      web:
        networks: [lan]
        sysctls:
          net.ipv4.ip_forward: yes please  # warning: NW0218
          net.ipv4.ip_default_ttl: 256  # warning: NW0218
          net.core.somaxconn: -1  # warning: NW0218
          net.ipv4.tcp_rmem: 0 131072 6291456  # warning: NW0218
          net.ipv4.ip_local_port_range: 1024-65535  # warning: NW0218
          net.ipv4.ip_local_reserved_ports: 8080 9090  # warning: NW0218
      db:
        networks: [lan]
        sysctls:
          net.ipv4.ip_unprivileged_port_start: 1024
          net.ipv4.ip_local_port_range: 1000 65535  # warning: NW0218
    host:
      sysctls:
        net.ipv4.ip_local_port_range: 1000 65535  # warning: NW0218
    networks:
      lan: {}
    """
  static let passing = """
    services:
      web:
        networks: [lan]
        sysctls:
          net.ipv4.ip_forward: 1
          net.ipv4.ip_default_ttl: 255
          net.core.somaxconn: 65535
          net.ipv4.tcp_congestion_control: bbr
          net.ipv4.tcp_rmem: 4096 131072 6291456
          net.ipv4.ip_local_port_range: 1 65535
          net.ipv4.ip_local_reserved_ports: 8080,9000-9090
    networks:
      lan: {}
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    let nodes = context.unusualNodes.map(\.sysctls)
    let host = context.file.host?.sysctls ?? []
    let written = nodes.flatMap { $0 } + context.unusualAttachments.flatMap(\.sysctls) + host
    return written.compactMap { refusal($0) } + nodes.compactMap { contradiction(in: $0, opensPorts: true) }
      + [contradiction(in: host, opensPorts: false)].compactMap { $0 }
  }

  private static func refusal(_ sysctl: SysctlEntry) -> Diagnostic? {
    let value = sysctl.value.value
    let problem: String
    switch KernelParameters.refusal(of: value, for: sysctl.key.value) {
    case nil: return nil
    case .notNumeric(count: 1): problem = "takes a number, and `\(value)` is none"
    case .notNumeric(let count): problem = "takes \(count) numbers with blanks between, not `\(value)`"
    case .outside(let bounds): problem = "takes \(words(for: bounds))"
    case .descending: problem = "takes the lower port first"
    case .notPorts: problem = "takes ports and ranges with commas between, as `8080,9000-9090`, not `\(value)`"
    }
    return finding("`\(sysctl.key.value.text)` \(problem)", at: sysctl.value.range)
  }

  /// Two parameters of one namespace that Linux doesn't take together.
  ///
  /// - Parameters:
  ///   - sysctls: what is written for the namespace.
  ///   - opensPorts: whether no port is privileged any more where the range asks for that and nothing else is written.
  /// - Returns: the finding about them; nil where it takes them.
  private static func contradiction(in sysctls: [SysctlEntry], opensPorts: Bool) -> Diagnostic? {
    var ports = LocalPorts()
    for sysctl in sysctls { ports.set(sysctl.key.value, to: sysctl.value.value) }
    let range = sysctls.last { $0.key.value == LocalPorts.rangeKey }
    let unprivileged = sysctls.last { $0.key.value == LocalPorts.unprivilegedKey }
    guard !ports.areTaken, let place = range ?? unprivileged, unprivileged != nil || !opensPorts
    else { return nil }
    return finding(
      "`net.ipv4.ip_local_port_range` begins at \(ports.first), below `net.ipv4.ip_unprivileged_port_start`, which is "
        + (unprivileged == nil ? "\(ports.firstUnprivileged) by default" : "\(ports.firstUnprivileged)"),
      at: place.value.range,
      labels: (range == nil ? nil : unprivileged).map { [.init($0.value.range, "it is set here")] } ?? [],
      help: "set `net.ipv4.ip_unprivileged_port_start` to \(ports.first) or less")
  }

  private static func words(for bounds: ClosedRange<Int>) -> String {
    bounds.upperBound == .max ? "\(bounds.lowerBound) and more" : "\(bounds.lowerBound) to \(bounds.upperBound)"
  }
}
