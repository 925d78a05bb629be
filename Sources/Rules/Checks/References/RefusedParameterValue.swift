import Diagnostics
import NetworkTypes
import ProjectFile

/// A value that Linux doesn't take for a kernel parameter.
enum RefusedParameterValue: Rule {
  static let code = RuleCode.refusedParameterValue
  static let name = "refused-parameter-value"
  static let severity = Severity.warning
  static let summary = "A value of a sysctl that is no number, or beyond what Linux takes."
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
    networks:
      lan: {}
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    let written =
      context.unusualNodes.flatMap(\.sysctls) + context.unusualAttachments.flatMap(\.sysctls)
      + (context.file.host?.sysctls ?? [])
    return written.compactMap { sysctl in
      switch KernelParameters.refusal(of: sysctl.value.value, for: sysctl.key.value) {
      case nil: nil
      case .notNumeric:
        finding(
          "`\(sysctl.key.value.text)` takes a number, and `\(sysctl.value.value)` is none", at: sysctl.value.range)
      case .outside(let bounds):
        finding("`\(sysctl.key.value.text)` takes \(words(for: bounds))", at: sysctl.value.range)
      }
    }
  }

  private static func words(for bounds: ClosedRange<Int>) -> String {
    bounds.upperBound == .max ? "\(bounds.lowerBound) and more" : "\(bounds.lowerBound) to \(bounds.upperBound)"
  }
}
