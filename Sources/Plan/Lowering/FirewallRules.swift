import Diagnostics
import NetworkTypes
import Topology

/// The chains that a firewall and translations of the file become.
struct FirewallRules {
  let firewall: Firewall?
  let translations: [Translation]
  /// What origins call whose they are: `service web`.
  let subject: String
  let origins: Origins
  /// The VRFs of the namespace.
  var vrfs = NamespaceVRFs()

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
      // It is asked about again as it leaves by a member, and is of no connection before (vrf_ip_out).
      if !vrfs.all.isEmpty {
        rules.append(accept([.output(.init(vrfs.all.map(\.device)))], "on its way through a VRF"))
      }
      rules.append(accept([.icmp(.ipv6), neighbors], "neighbor discovery"))
    case .forward: break
    }
    return rules
  }

  private func origin(_ range: SourceRange) -> Origin { origins(subject, range) }

  private func rule(_ rule: FilterRule) -> NetfilterRule {
    var matches = rule.match.matches(from: vrfs.inputs, to: vrfs.outputs)
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
      case .masquerade: rule(translation, translation.match, .masquerade(ports: translation.newPorts), "masquerade")
      case .source(let address):
        rule(
          translation, translation.match, .snat(NetfilterTranslation(address, ports: translation.newPorts)), "snat")
      case .destination, .redirect: nil
      }
    }
  }

  /// The rules that translate destinations, of what comes in, or of what the namespace itself sends: there a rule holds
  /// that names no device, and spares the namespace's own loopback.
  func destinationTranslations(isOwn: Bool) -> [NetfilterRule] {
    translations.flatMap(paired).flatMap { translation -> [NetfilterRule] in
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
      // What goes to the namespace itself is meant where no target is named.
      let isToItself = translation.match.to == .any && verdict.isDestination
      guard isOwn else {
        return isToItself
          ? toItself(translation, verdict, comment) : [rule(translation, translation.match, verdict, comment)]
      }
      var rule = rule(translation, translation.match, verdict, comment)
      if isToItself { rule.matches.insert(.destinationIsLocal(true), at: 0) }
      guard translation.match.from == .any, verdict.isDestination else { return [] }
      for text in ["127.0.0.0/8", "::1/128"] {
        guard let block = IPPrefix(text), block.family == translation.match.family else { continue }
        rule.matches.removeAll { $0 == .family(block.family) }
        rule.matches.insert(.destination(.init([block], isNegated: true)), at: 0)
      }
      return [rule]
    }
  }

  /// A translation of destinations as the kernel has them: of as many ports as it leads to a translation each, since to
  /// the kernel a range is one to choose from, of which a destination gets the first (nf_nat_l4proto_unique_tuple).
  private func paired(_ translation: Translation) -> [Translation] {
    guard let ports = translation.pairedPorts, let newPorts = translation.newPorts else { return [translation] }
    guard ports != newPorts else {
      var same = translation
      same.newPorts = nil
      return [same]
    }
    return (0..<ports.count).map { offset in
      var one = translation
      one.match.ports = [PortRange(ports.first + UInt16(offset))]
      one.newPorts = PortRange(newPorts.first + UInt16(offset))
      return one
    }
  }

  /// The rules of a translation of what goes to the namespace itself: `local` is no address of a VRF (inet_addr_type),
  /// so that those are named, for what comes in by its members.
  private func toItself(
    _ translation: Translation, _ verdict: NetfilterVerdict, _ comment: String
  ) -> [NetfilterRule] {
    var rules: [NetfilterRule] = []
    var received: [InterfaceName]?
    if case .devices(let devices) = translation.match.from { received = vrfs.receivers(devices) }
    let others = received?.filter { vrfs.vrf(ofMember: $0) == nil }
    if others.map({ !$0.isEmpty }) ?? true {
      var match = translation.match
      if let others { match.from = .devices(others) }
      var rule = rule(translation, match, verdict, comment)
      rule.matches.insert(.destinationIsLocal(true), at: 0)
      rules.append(rule)
    }
    for vrf in vrfs.all {
      let members = vrf.members.filter { received?.contains($0) ?? true }
      let own = vrf.addresses.filter { $0.family == translation.match.family }
        .compactMap { IPPrefix(containing: $0, length: $0.family.bitWidth) }
      guard !members.isEmpty, !own.isEmpty else { continue }
      var match = translation.match
      match.to = .addresses(own)
      if received != nil { match.from = .devices(members) }
      var rule = rule(translation, match, verdict, comment)
      if received == nil { rule.matches.insert(.input(.init(members)), at: 0) }
      rules.append(rule)
    }
    return rules
  }

  private func rule(
    _ translation: Translation, _ match: PacketMatch, _ verdict: NetfilterVerdict, _ comment: String
  ) -> NetfilterRule {
    NetfilterRule(
      match.matches(from: vrfs.receivers, to: vrfs.outputs), verdict, comment: RuleComment(cleaning: comment),
      origin: origin(translation.origin))
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
  ///
  /// - Parameters:
  ///   - input: what is named for what some devices receive.
  ///   - output: what is named for what leaves by some devices.
  /// - Returns: the matches.
  fileprivate func matches(
    from input: ([InterfaceName]) -> [InterfaceName], to output: ([InterfaceName]) -> [InterfaceName]
  ) -> [NetfilterMatch] {
    var matches: [NetfilterMatch] = []
    var saysFamily = false
    switch from {
    case .any: break
    case .devices(let names): matches.append(.input(.init(input(names))))
    case .addresses(let blocks):
      matches.append(.source(.init(blocks)))
      saysFamily = true
    }
    switch to {
    case .any: break
    case .devices(let names): matches.append(.output(.init(output(names))))
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
