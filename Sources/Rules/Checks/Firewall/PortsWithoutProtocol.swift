import Diagnostics
import NetworkTypes
import ProjectFile

/// Ports of a rule that says no protocol which has any.
enum PortsWithoutProtocol: Rule {
  static let code = RuleCode.portsWithoutProtocol
  static let name = "ports-without-protocol"
  static let summary =
    "A rule has ports and no protocol that has ports, or a way to be rejected that its protocol hasn't."
  static let rationale = """
    nft refuses «transport protocol mapping is only valid after transport protocol match», and iptables knows `--dport` \
    only after `-p tcp` and its like. A reset is TCP's alone, and types of control messages are ICMP's.
    """
  static let failing = """
    routers:
      edge:
        networks: [lan]
        nat:
          - { redirect: 3128, from: lan }  # error: NW0701
        firewall:
          input:
            rules:
              - { ports: 80, action: accept }  # error: NW0701
              - { protocol: udp, action: reject, with: tcp-reset }  # error: NW0701
              - { protocol: tcp, icmp: echo-request, action: drop }  # error: NW0701
    networks:
      lan: {}
    """
  static let passing = """
    routers:
      edge:
        networks: [lan]
        nat:
          - { redirect: 3128, from: lan, protocol: tcp, ports: 80 }
        firewall:
          input:
            rules:
              - { protocol: tcp, ports: 80, action: accept }
              - { protocol: tcp, action: reject, with: tcp-reset }
              - { icmp: echo-request, action: drop }
    networks:
      lan: {}
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    let entries =
      context.unusualNodes.map { ($0.firewall, $0.translations) }
      + [context.file.host].compactMap { $0.map { ($0.firewall, $0.translations) } }
    return entries.flatMap { firewall, translations in
      translations.flatMap(check)
        + FirewallChain.allCases.flatMap { firewall?.chains[$0]?.rules ?? [] }.flatMap(check)
    }
  }

  private static func check(_ rule: FilterRuleEntry) -> [Diagnostic] {
    guard !rule.match.isPartial else { return [] }
    var result = check(rule.match)
    let transport = rule.match.transport
    if let rejection = rule.rejection, rejection.value == .tcpReset, let transport, transport.value != .tcp {
      result.append(finding("\(transport.value.rawValue) has no resets", at: rejection.range, help: "leave `with` out"))
    }
    if let type = rule.controlTypes.first, let transport, transport.value != .icmp {
      result.append(
        finding(
          "\(transport.value.rawValue) has no control messages", at: type.range, help: "leave `protocol` out"))
    }
    return result
  }

  private static func check(_ translation: TranslationEntry) -> [Diagnostic] {
    guard !translation.match.isPartial else { return [] }
    if let ports = translation.newPorts, translation.match.transport?.value.transport == nil {
      return [finding("ports can be translated of a protocol alone that has some", at: ports.range, help: help)]
    }
    return check(translation.match)
  }

  private static func check(_ match: PacketMatchEntry) -> [Diagnostic] {
    guard let ports = match.ports.first ?? match.sourcePorts.first, match.transport?.value.transport == nil else {
      return []
    }
    return [finding("this rule has ports and no protocol that has any", at: ports.range, help: help)]
  }

  private static let help = "add `protocol: tcp`, udp or sctp"
}
