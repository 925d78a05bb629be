import Diagnostics
import NetworkTypes
import Topology

/// What a bridge network lets through the host, as the engine has it.
///
/// The outcome is Docker Engine's, not its chains: its proxy, which answers on the host's loopback and for a network's
/// own nodes, is translation here too, and what it drops before routing (`raw`) is dropped when it is passed on, so
/// that frames which a bridge merely passes on stay out of it even where br_netfilter shows them to netfilter.
struct BridgeGuard {
  let network: Network
  let device: InterfaceName
  /// What is published or opened on it.
  let publications: [Publication]
  /// The addresses that its routers have on it.
  let routerAddresses: [IPPrefix]
  /// What its rules come from.
  let origin: Origin
  let topology: Topology
  let origins: Origins

  /// Who may come in and go out by the host, per family.
  enum Exposure: Hashable {
    /// Nobody.
    case none
    /// By translation; `replies` is whether what comes back finds its way, which it doesn't without masquerading.
    case translated(replies: Bool)
    /// By translation, and to every port directly.
    case unprotected
    /// To the opened ports directly.
    case routed
  }

  /// The exposure in a family.
  func exposure(_ family: AddressFamily) -> Exposure {
    guard !network.isInternal, network.hostAddress(family) != nil else { return .none }
    switch network.policy.gatewayMode(family) {
    case .nat: return .translated(replies: network.policy.masquerades)
    case .natUnprotected: return .unprotected
    case .routed: return .routed
    case .isolated: return .none
    }
  }

  /// Whether nothing passes between it and others through the host.
  var isClosed: Bool { families.allSatisfy { exposure($0) == .none } }

  var families: [AddressFamily] { network.pools.map(\.subnet.family) }

  /// What a rule for a publication comes from, and who publishes it.
  func source(_ publication: Publication) -> (origin: Origin, node: String) {
    let node = topology[publication.node].displayName
    return (origins("service \(node)", publication.origin), node)
  }

  /// What is published by translation.
  var translated: [Publication] { publications.filter { $0.hostPorts != nil } }

  /// Whether the host reaches a port of it at a loopback address, for which packets from there must be routed to it.
  var answersLoopback: Bool { publications.contains(where: \.answersLoopback) }

  // MARK: What goes to it

  /// The rules for what leaves by its device.
  func rules() -> [NetfilterRule] {
    var groups: [(family: AddressFamily?, exposure: Exposure)] = families.map { ($0, exposure($0)) }
    // A network without addresses, at layer 2 alone, is as closed as one that the host isn't on.
    let common = groups.first?.exposure ?? .none
    if groups.allSatisfy({ $0.exposure == common }) { groups = [(nil, common)] }
    return groups.flatMap { group in
      rules(group.exposure, family: group.family).map { rule in
        guard let family = group.family, !rule.matches.contains(where: \.impliesFamily) else { return rule }
        var rule = rule
        rule.matches.insert(.family(family), at: 0)
        return rule
      }
    }
  }

  private func rules(_ exposure: Exposure, family: AddressFamily?) -> [NetfilterRule] {
    let own = publications.filter { family == nil || $0.family == family }
    var rules: [NetfilterRule] = []
    if exposure == .translated(replies: false) {
      rules.append(
        rule([.connectionState([.related]), .destinationWasTranslated(true)], .accept, "errors about published ports"))
    } else {
      rules.append(rule([.connectionState([.established, .related])], .accept, "what belongs to a connection"))
    }
    if exposure == .routed {
      for one in family.map({ [$0] }) ?? families { rules.append(rule([.icmp(one)], .accept, "control messages")) }
    }
    rules += neighborRules(publishes: own.contains { $0.hostPorts != nil })
    if exposure != .unprotected { rules += own.flatMap(openings) }
    switch exposure {
    case .none: rules.append(rule([], .drop, "\(network.key) is closed"))
    case .translated, .routed: rules.append(rule([], .drop, "not published"))
    case .unprotected: rules.append(rule([], .accept, "\(network.key) is unprotected"))
    }
    return rules
  }

  /// What its own nodes send to each other by way of the host, or, with br_netfilter, over the bridge.
  private func neighborRules(publishes: Bool) -> [NetfilterRule] {
    let inside = NetfilterMatch.input(.init([device]))
    if network.policy.letsNodesTalk { return [rule([inside], .accept, "within \(network.key)")] }
    var rules: [NetfilterRule] = []
    if publishes {
      rules.append(rule([inside, .destinationWasTranslated(true)], .accept, "published ports, from within"))
    }
    for family in AddressFamily.allCases {
      let addresses = routerAddresses.filter { $0.family == family }
      guard !addresses.isEmpty else { continue }
      rules.append(rule([inside, .source(.init(addresses))], .accept, "from the routers"))
      rules.append(rule([inside, .destination(.init(addresses))], .accept, "to the routers"))
      if family == .ipv6 {
        rules.append(
          rule([inside, .icmp(.ipv6), .icmpType(.init([135, 136]))], .accept, "who has the routers' addresses"))
      }
    }
    rules.append(rule([inside], .drop, "the nodes of \(network.key) are kept apart"))
    return rules
  }

  private func openings(for publication: Publication) -> [NetfilterRule] {
    let (origin, node) = source(publication)
    let comment = RuleComment(
      cleaning: "\(node) publishes \(publication.targetPorts)/\(publication.transport.rawValue)")
    let port: [NetfilterMatch] =
      publication.target.single.map { [.destination(.init([$0]))] } ?? []
    let matches = port + [.transport(publication.transport), .destinationPort(.init([publication.targetPorts]))]
    guard publication.hostPorts != nil else {
      return [NetfilterRule(matches, .accept, comment: comment, origin: origin)]
    }
    var rules = [
      NetfilterRule([.destinationWasTranslated(true)] + matches, .accept, comment: comment, origin: origin)
    ]
    if !network.policy.trustedInterfaces.isEmpty {
      rules.append(
        NetfilterRule(
          [.input(.init(network.policy.trustedInterfaces))] + matches, .accept, comment: comment, origin: origin))
    }
    return rules
  }

  func rule(_ matches: [NetfilterMatch], _ verdict: NetfilterVerdict, _ comment: String) -> NetfilterRule {
    NetfilterRule(matches, verdict, comment: RuleComment(cleaning: comment), origin: origin)
  }
}

extension NetfilterMatch {
  /// Whether only packets of one family match.
  var impliesFamily: Bool {
    switch self {
    case .family, .source, .destination, .icmp: true
    case .input, .output, .sourceIsLocal, .destinationIsLocal, .transport, .sourcePort, .destinationPort, .icmpType,
      .connectionState, .destinationWasTranslated, .limit:
      false
    }
  }
}

extension IPAddress {
  /// The block that holds the address alone.
  var single: IPPrefix? { IPPrefix(containing: self, length: family.bitWidth) }
}
