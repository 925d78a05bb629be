import Diagnostics
import NetworkTypes
import ProjectFile

/// Whether a place where rules are asked knows the device that a packet came in by, or leaves by.
private struct KnownDevices {
  var input: Bool
  var output: Bool
}

extension Resolver {
  /// Resolves the rules of every node and of the host.
  mutating func makeFirewalls() {
    guard file.host != nil || file.nodes.indices.contains(where: { hasRules($0) }) else { return }
    let names = NodeNames(topology)
    for index in topology.nodes.indices {
      guard case .namespace = topology.nodes[index].home, hasRules(topology.nodes[index].entry) else { continue }
      let entry = file.nodes[topology.nodes[index].entry]
      topology.nodes[index].firewall = entry.firewall.map { firewall($0, of: NodeID(index: index), names) }
      topology.nodes[index].translations = translations(
        entry.translations, entry.firewall, of: NodeID(index: index), names)
    }
    guard let host = file.host else { return }
    topology.host.firewall = host.firewall.map { firewall($0, of: nil, names) }
    topology.host.translations = translations(host.translations, host.firewall, of: nil, names)
  }

  /// Whether an entry says anything of rules: few do, and each is large.
  private func hasRules(_ entry: Int) -> Bool {
    file.nodes[entry].firewall != nil || !file.nodes[entry].translations.isEmpty
  }

  private func firewall(_ entry: FirewallEntry, of node: NodeID?, _ names: NodeNames) -> Firewall {
    let scope = RuleScope(topology: topology, nodeNames: names, node: node, sets: entry.namedSets)
    var chains: [Firewall.Way: Firewall.Chain] = [:]
    for (way, known) in [
      (Firewall.Way.input, KnownDevices(input: true, output: false)), (.forward, .init(input: true, output: true)),
      (.output, .init(input: false, output: true)),
    ] {
      guard let chain = FirewallChain(rawValue: way.rawValue).flatMap({ entry.chains[$0] }) else { continue }
      let rules = chain.rules.enumerated().flatMap { number, rule in
        filterRules(rule, scope, known, standardComment: "\(way.rawValue) rule \(number + 1)")
      }
      chains[way] = Firewall.Chain(
        dropsByDefault: chain.policy?.value == .drop, rules: rules, origin: chain.range)
    }
    return Firewall(isStateful: !(entry.isStateless?.value ?? false), chains: chains, origin: entry.range)
  }

  private func filterRules(
    _ entry: FilterRuleEntry, _ scope: RuleScope, _ known: KnownDevices, standardComment: String
  ) -> [FilterRule] {
    let action: FilterRule.Action? =
      switch entry.action?.value {
      case .accept: .accept
      case .drop: .drop
      case .reject: .reject(entry.rejection?.value ?? .portUnreachable)
      case nil: nil
      }
    return matches(entry.match, entry.controlTypes.map(\.value), scope, known).map { match in
      FilterRule(
        match: match, states: entry.states.map(\.value), limit: entry.limit?.value, isLogged: entry.log != nil,
        logPrefix: entry.log?.prefix, action: action,
        comment: entry.comment?.value ?? RuleComment(cleaning: standardComment), origin: entry.match.range)
    }
  }

  /// The matches that one of the file's stands for: one for each pair of ends that share a family, and for control
  /// messages one a family.
  private func matches(
    _ entry: PacketMatchEntry, _ types: [ControlType], _ scope: RuleScope, _ known: KnownDevices
  ) -> [PacketMatch] {
    let from = ends(entry.from, scope, knowsDevice: known.input, isOwn: false)
    let to = ends(entry.to, scope, knowsDevice: known.output, isOwn: !known.output)
    var result: [PacketMatch] = []
    for source in from {
      for target in to {
        let families = Set([source.family, target.family, entry.family?.value].compactMap { $0 })
        guard families.count <= 1 else { continue }
        let match = PacketMatch(
          from: source, to: target, family: families.first, transport: entry.transport?.value.transport,
          controlTypes: nil, ports: entry.ports.map(\.value), sourcePorts: entry.sourcePorts.map(\.value))
        guard entry.transport?.value == .icmp || !types.isEmpty else {
          result.append(match)
          continue
        }
        for family in match.family.map({ [$0] }) ?? AddressFamily.allCases {
          var match = match
          match.family = family
          match.controlTypes = types.compactMap { $0.number(in: family) }
          if types.isEmpty || match.controlTypes?.isEmpty == false { result.append(match) }
        }
      }
    }
    return result
  }

  /// What some names stand for at one end: devices where those are known there, else addresses, a family each.
  private func ends(_ names: [Located<String>], _ scope: RuleScope, knowsDevice: Bool, isOwn: Bool) -> [RuleEnd] {
    guard !names.isEmpty else { return [.any] }
    var devices: [InterfaceName] = []
    var blocks: [IPPrefix] = []
    for name in names {
      guard let meaning = scope.meaning(of: name.value) else { continue }
      if knowsDevice, !meaning.devices.isEmpty {
        devices += meaning.devices
      } else {
        blocks += isOwn && !meaning.devices.isEmpty ? meaning.own : meaning.blocks
      }
    }
    // Two names may stand for one device, or one address.
    var (seenDevices, seenBlocks): (Set<InterfaceName>, Set<IPPrefix>) = ([], [])
    devices = devices.filter { seenDevices.insert($0).inserted }
    var ends: [RuleEnd] = devices.isEmpty ? [] : [.devices(devices)]
    for family in AddressFamily.allCases {
      let own = blocks.filter { $0.family == family && seenBlocks.insert($0).inserted }
      if !own.isEmpty { ends.append(.addresses(own)) }
    }
    return ends
  }

  // MARK: Translation

  private func translations(
    _ entries: [TranslationEntry], _ firewall: FirewallEntry?, of node: NodeID?, _ names: NodeNames
  ) -> [Translation] {
    let scope = RuleScope(topology: topology, nodeNames: names, node: node, sets: firewall?.namedSets ?? [:])
    return entries.flatMap { entry -> [Translation] in
      switch entry.kind {
      case .masquerade: sourceTranslations(entry, .masquerade, scope)
      case .source(let address): sourceTranslations(entry, .source(address.value), scope)
      case .redirect: destinationTranslations(entry, [.redirect], scope)
      case .destination(let name):
        destinationTranslations(entry, targets(name.value, scope).map { .destination($0) }, scope)
      }
    }
  }

  /// The addresses, one a family, that a name stands for as a target: of a node's, those on a network that the
  /// translating node is on come first.
  private func targets(_ name: String, _ scope: RuleScope) -> [IPAddress] {
    if let address = IPAddress(name) { return [address] }
    guard let target = nodeByName[name].map({ topology[$0] }) else { return [] }
    let near: [IPPrefix] =
      scope.node.map { topology[$0].interfaces.flatMap { $0.addresses.map(\.address.prefix) } }
      ?? topology.networks.filter { $0.isUsed && $0.bridge != nil }.flatMap { $0.pools.map(\.subnet) }
    let addresses = scope.addresses(of: target).filter { !$0.isLinkLocal }
    return AddressFamily.allCases.compactMap { family in
      let own = addresses.filter { $0.family == family }
      return own.first { address in near.contains { $0.contains(address) } } ?? own.first
    }
  }

  private func sourceTranslations(
    _ entry: TranslationEntry, _ kind: Translation.Kind, _ scope: RuleScope
  ) -> [Translation] {
    matches(entry.match, [], scope, KnownDevices(input: false, output: true)).compactMap { match in
      translation(entry, match, kind)
    }
  }

  private func destinationTranslations(
    _ entry: TranslationEntry, _ kinds: [Translation.Kind], _ scope: RuleScope
  ) -> [Translation] {
    matches(entry.match, [], scope, KnownDevices(input: true, output: false)).flatMap { match in
      kinds.compactMap { translation(entry, match, $0) }
    }
  }

  /// A translation whose match and address share a family; nil if they don't.
  private func translation(_ entry: TranslationEntry, _ match: PacketMatch, _ kind: Translation.Kind) -> Translation? {
    var match = match
    switch kind {
    case .masquerade, .redirect: break
    case .source(let address), .destination(let address):
      guard match.family == nil || match.family == address.family else { return nil }
      match.family = address.family
    }
    return Translation(match: match, kind: kind, newPorts: entry.newPorts?.value, origin: entry.match.range)
  }
}
