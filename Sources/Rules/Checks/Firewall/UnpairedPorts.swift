import Diagnostics
import NetworkTypes
import ProjectFile

/// A translation to several ports from another number of them.
enum UnpairedPorts: Rule {
  static let code = RuleCode.unpairedPorts
  static let name = "unpaired-ports"
  static let severity = Severity.warning
  static let summary = "A `dnat` or `redirect` leads to several ports from another number of them."
  static let rationale = """
    A range of `ports` and one of as many target ports pair one to one. Other ranges are to the kernel ports to choose \
    from: what is for one of them keeps it, and all else goes to the first (nf_nat_l4proto_unique_tuple, \
    net/netfilter/nf_nat_core.c).
    """
  static let failing = """
    services:
      web: { networks: [back] }
    routers:
      edge:
        networks: [back, front]
        nat:
          - { dnat: "web:80-82", from: front, protocol: tcp, ports: 8080 }  # warning: NW0705
          - { redirect: 90-91, from: back, protocol: tcp, ports: 9000-9009 }  # warning: NW0705
    networks:
      back: {}
      front: {}
    """
  static let passing = """
    services:
      web: { networks: [back] }
    routers:
      edge:
        networks: [back, front]
        nat:
          - { dnat: "web:80-82", from: front, protocol: tcp, ports: 8080-8082 }
          - { redirect: 90, from: back, protocol: tcp, ports: 9000-9009 }
    networks:
      back: {}
      front: {}
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    let translations = context.unusualNodes.flatMap(\.translations) + (context.file.host?.translations ?? [])
    return translations.compactMap { translation in
      switch translation.kind {
      case .masquerade, .source: return nil
      case .destination, .redirect: break
      }
      guard let target = translation.newPorts, target.value.count > 1, !translation.match.isPartial else { return nil }
      let ports = translation.match.ports
      guard ports.count != 1 || ports[0].value.count != target.value.count else { return nil }
      let number = ports.map(\.value.count).reduce(0, +)
      return finding(
        "`\(target.value)` are \(target.value.count) ports for \(number == 0 ? "any" : "\(number)")", at: target.range,
        caption: "what is for none of them goes to \(target.value.first)",
        labels: ports.first.map { [.init($0.range, "the ports it is for")] } ?? [],
        help: "write one range of \(target.value.count) `ports`, or one port to go to")
    }
  }
}
