import NetworkTypes
import Topology

extension BridgeGuard {
  /// The rules by which what is for the host's ports goes to the nodes'.
  func translations() -> [NetfilterRule] { translated.flatMap(translations) }

  private func translations(of publication: Publication) -> [NetfilterRule] {
    guard let hostPorts = publication.hostPorts else { return [] }
    let (origin, node) = source(publication)
    let comment = RuleComment(
      cleaning: "\(hostPorts)/\(publication.transport.rawValue) is \(node)'s \(publication.targetPorts)")
    var matches: [NetfilterMatch]
    if let address = publication.hostAddress?.single {
      matches = [.destination(.init([address]))]
    } else {
      matches = [.family(publication.family)]
    }
    // A link-local source has its address on a device that the reply couldn't know.
    if publication.family == .ipv6, let linkLocal = IPPrefix("fe80::/10") {
      matches.append(.source(.init([linkLocal], isNegated: true)))
    }
    func rule(_ ports: PortRange, _ target: PortRange?) -> NetfilterRule {
      NetfilterRule(
        matches + [.transport(publication.transport), .destinationPort(.init([ports]))],
        .dnat(NetfilterTranslation(publication.target, ports: target)), comment: comment, origin: origin)
    }
    if hostPorts == publication.targetPorts { return [rule(hostPorts, nil)] }
    return (0..<hostPorts.count).map { offset in
      rule(
        PortRange(hostPorts.first + UInt16(offset)), PortRange(publication.targetPorts.first + UInt16(offset)))
    }
  }

  /// The rules by which what leaves it, or comes back to it, has a source that replies find.
  func sourceTranslations() -> [NetfilterRule] {
    network.pools.flatMap { pool -> [NetfilterRule] in
      let family = pool.subnet.family
      let inside = NetfilterMatch.source(.init([pool.subnet]))
      var rules: [NetfilterRule] = []
      if family == .ipv4, answersLoopback, let loopback = IPPrefix("127.0.0.0/8") {
        rules.append(
          rule(
            [.output(.init([device])), .source(.init([loopback]))], .masquerade(ports: nil), "from the host's loopback")
        )
      }
      if translated.contains(where: { $0.family == family }) {
        rules.append(
          rule(
            [.output(.init([device])), inside, .destinationWasTranslated(true)], .masquerade(ports: nil),
            "published ports, from within"))
      }
      // Whoever made the network sees to what leaves it.
      guard network.policy.masquerades, !network.isExisting else { return rules }
      switch exposure(family) {
      case .none, .routed: return rules
      case .translated, .unprotected: break
      }
      let verdict: NetfilterVerdict =
        network.policy.sources[family].map { .snat(NetfilterTranslation($0)) } ?? .masquerade(ports: nil)
      rules.append(
        rule([inside, .output(.init([device], isNegated: true))], verdict, "what leaves \(network.key)"))
      return rules
    }
  }

  /// The rules that keep others from the host's loopback, where this network opens a way to it.
  func loopbackRules() -> [NetfilterRule] {
    var rules: [NetfilterRule] = []
    for publication in translated where publication.family == .ipv4 {
      guard let address = publication.hostAddress, address.isLoopback, let block = address.single,
        let ports = publication.hostPorts
      else { continue }
      let (origin, node) = source(publication)
      rules.append(
        NetfilterRule(
          [
            .input(.init([.loopback], isNegated: true)), .destination(.init([block])),
            .transport(publication.transport), .destinationPort(.init([ports])),
          ], .drop, comment: RuleComment(cleaning: "\(node) is published on loopback alone"), origin: origin))
    }
    if answersLoopback, let loopback = IPPrefix("127.0.0.0/8") {
      rules.append(
        rule([.input(.init([device])), .destination(.init([loopback]))], .drop, "the host's loopback is its own"))
    }
    return rules
  }
}
