import Diagnostics
import NetworkTypes
import ProjectFile

/// A kernel parameter that Linux doesn't have, or lets nobody set where it stands.
enum UnknownParameter: Rule {
  static let code = RuleCode.unknownParameter
  static let name = "unknown-parameter"
  static let severity = Severity.warning
  static let summary = "A sysctl that Linux doesn't have, has for the whole machine alone, or only tells."
  static let rationale = """
    Writing it fails with «No such file or directory» or «Permission denied», and nothing is built; nor does Docker start \
    such a container. It is a warning because a kernel of another age may have it.
    """
  static let failing = """
    services:
      web:
        networks: [lan]
        sysctls:
          net.ipv4.ip_forwrd: 1  # warning: NW0217
          net.ipv4.tcp_mem: 768 1024 1536  # warning: NW0217
          net.core.rmem_max: 16777216  # warning: NW0217
          net.netfilter.nf_conntrack_max: 65536  # warning: NW0217
          net.ipv4.tcp_available_congestion_control: bbr  # warning: NW0217
    networks:
      lan: {}
    """
  static let passing = """
    services:
      web:
        networks: [lan]
        sysctls:
          net.ipv4.ip_forward: 1
          net.ipv4.tcp_rmem: 4096 131072 6291456
          net.core.somaxconn: 4096
          net.netfilter.nf_conntrack_tcp_timeout_established: 7200
    networks:
      lan: {}
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    let ofNodes = context.unusualNodes.flatMap(\.sysctls) + context.unusualAttachments.flatMap(\.sysctls)
    return ofNodes.compactMap { finding(about: $0.key, isOfHost: false) }
      + (context.file.host?.sysctls ?? []).compactMap { finding(about: $0.key, isOfHost: true) }
  }

  private static func finding(about key: Located<SysctlKey>, isOfHost: Bool) -> Diagnostic? {
    let text = key.value.text
    switch KernelParameters.standing(of: key.value) {
    case .everywhere, .unlisted: return nil
    case .firstNamespace:
      guard !isOfHost else { return nil }
      return finding(
        "`\(text)` holds for the whole machine: no other namespace has it", at: key.range,
        help: "set it under `host`, or leave it as it is")
    case .readOnly:
      return finding("`\(text)` can't be set: it only tells what there is", at: key.range, help: nil)
    case .nowhere:
      if let dotted = KernelParameters.dotted(key.value) {
        return finding(
          "Linux has no parameter `\(text)`", at: key.range,
          help: "did you mean `\(dotted)`? A dot in a device's name is written as a slash")
      }
      let near = suggestion(for: text, among: KernelParameters.keys(beside: key.value))
      return finding(
        "Linux has no parameter `\(text)`", at: key.range, help: near.map { "did you mean `\($0)`?" })
    }
  }
}
