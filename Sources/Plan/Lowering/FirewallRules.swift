import Diagnostics
import NetworkTypes
import Topology

/// The chains that a firewall and translations of the file become.
struct FirewallRules {
  let firewall: Firewall?
  let translations: [Translation]
  /// Whose they are, as origins say it.
  let subject: String
  let origins: Origins

  /// Whether the file says anything.
  var isEmpty: Bool { (firewall?.chains.isEmpty ?? true) && translations.isEmpty }

  /// Whether packets of a way that no rule decides on are dropped.
  func dropsByDefault(_ way: Firewall.Way) -> Bool { firewall?.chains[way]?.dropsByDefault ?? false }

  /// The rules of a way: first those without which a namespace can't live, then the file's.
  func rules(_ way: Firewall.Way) -> [NetfilterRule] {
    guard let firewall, let chain = firewall.chains[way] else { return [] }
    return preamble(way, firewall, origin(chain.origin)) + chain.rules.map(rule)
  }

  /// Packets of the namespace's own loopback, of connections that were let through, and those by which neighbors find
  /// each other's hardware addresses in IPv6, which in IPv4 no rule sees.
  private func preamble(_ way: Firewall.Way, _ firewall: Firewall, _ origin: Origin) -> [NetfilterRule] {
    func accept(_ matches: [NetfilterMatch], _ comment: String) -> NetfilterRule {
      NetfilterRule(matches, .accept, comment: RuleComment(cleaning: comment), origin: origin)
    }
    var rules: [NetfilterRule] = []
    if firewall.isStateful {
      rules.append(accept([.connectionState([.established, .related])], "what belongs to a connection"))
    }
    let neighbors = NetfilterMatch.icmpType(.init([133, 134, 135, 136]))
    switch way {
    case .input:
      rules.append(accept([.input(.init([.loopback]))], "its own loopback"))
      rules.append(accept([.icmp(.ipv6), neighbors], "neighbor discovery"))
    case .output:
      rules.append(accept([.output(.init([.loopback]))], "its own loopback"))
      rules.append(accept([.icmp(.ipv6), neighbors], "neighbor discovery"))
    case .forward: break
    }
    return rules
  }

  private func origin(_ range: SourceRange) -> Origin { origins(subject, range) }

  private func rule(_ rule: FilterRule) -> NetfilterRule {
    var matches = rule.match.matches
    if !rule.states.isEmpty { matches.append(.connectionState(rule.states)) }
    if let limit = rule.limit { matches.append(.limit(limit)) }
    let verdict: NetfilterVerdict? =
      switch rule.action {
      case .accept: .accept
      case .drop: .drop
      case .reject(let kind): .reject(kind)
      case nil: nil
      }
    return NetfilterRule(
      matches, log: rule.isLogged ? NetfilterLog(prefix: rule.logPrefix) : nil, verdict, comment: rule.comment,
      origin: origin(rule.origin))
  }

  /// The rules that translate sources.
  var sourceTranslations: [NetfilterRule] {
    translations.compactMap { translation in
      switch translation.kind {
      case .masquerade: rule(translation, .masquerade(ports: translation.newPorts), "masquerade")
      case .source(let address):
        rule(translation, .snat(NetfilterTranslation(address, ports: translation.newPorts)), "snat")
      case .destination, .redirect: nil
      }
    }
  }

  /// The rules that translate destinations, of what comes in, or of what the namespace itself sends: there a rule holds
  /// that names no device, and spares the namespace's own loopback.
  func destinationTranslations(isOwn: Bool) -> [NetfilterRule] {
    translations.flatMap { translation -> [NetfilterRule] in
      let verdict: NetfilterVerdict
      let comment: String
      switch translation.kind {
      case .destination(let address):
        verdict = .dnat(NetfilterTranslation(address, ports: translation.newPorts))
        comment = "dnat"
      case .redirect:
        verdict = .redirect(ports: translation.newPorts)
        comment = "redirect"
      case .masquerade, .source: return []
      }
      var rule = rule(translation, verdict, comment)
      // What goes to the namespace itself is meant where no target is named.
      if translation.match.to == .any, verdict.isDestination { rule.matches.insert(.destinationIsLocal(true), at: 0) }
      guard isOwn else { return [rule] }
      guard translation.match.from == .any, verdict.isDestination else { return [] }
      for text in ["127.0.0.0/8", "::1/128"] {
        guard let block = IPPrefix(text), block.family == translation.match.family else { continue }
        rule.matches.removeAll { $0 == .family(block.family) }
        rule.matches.insert(.destination(.init([block], isNegated: true)), at: 0)
      }
      return [rule]
    }
  }

  private func rule(_ translation: Translation, _ verdict: NetfilterVerdict, _ comment: String) -> NetfilterRule {
    NetfilterRule(
      translation.match.matches, verdict, comment: RuleComment(cleaning: comment), origin: origin(translation.origin))
  }
}

extension NetfilterVerdict {
  /// Whether it gives a connection another address as its destination.
  fileprivate var isDestination: Bool {
    switch self {
    case .dnat: true
    case .accept, .drop, .reject, .jump, .return, .snat, .masquerade, .redirect: false
    }
  }
}

extension PacketMatch {
  /// The match in the plan's words.
  fileprivate var matches: [NetfilterMatch] {
    var matches: [NetfilterMatch] = []
    var saysFamily = false
    switch from {
    case .any: break
    case .devices(let names): matches.append(.input(.init(names)))
    case .addresses(let blocks):
      matches.append(.source(.init(blocks)))
      saysFamily = true
    }
    switch to {
    case .any: break
    case .devices(let names): matches.append(.output(.init(names)))
    case .addresses(let blocks):
      matches.append(.destination(.init(blocks)))
      saysFamily = true
    }
    if let types = controlTypes, let family {
      matches.append(.icmp(family))
      if !types.isEmpty { matches.append(.icmpType(.init(types))) }
    } else if let family, !saysFamily {
      matches.insert(.family(family), at: 0)
    }
    if let transport { matches.append(.transport(transport)) }
    if !sourcePorts.isEmpty { matches.append(.sourcePort(.init(sourcePorts))) }
    if !ports.isEmpty { matches.append(.destinationPort(.init(ports))) }
    return matches
  }
}
