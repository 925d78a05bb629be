import NetworkTypes

/// Makes rules of iptables of those of the plan.
struct IptablesBuilder {
  private let family: AddressFamily
  private let prefix: String
  private let mark: RuleComment
  /// The chains' names in iptables.
  private var names: [ChainName: ChainName] = [:]
  /// The own chains of the table that is being made, in the order of their first rule.
  private var own: [NetfilterChain] = []
  /// How many chains there are that hold a part of a rule.
  private var parts = 0

  init(_ chains: [NetfilterChain], family: AddressFamily, instance: InstanceName) {
    self.family = family
    prefix = instance.chainPrefix
    mark = instance.chainMark
    for (index, chain) in chains.enumerated() {
      // A prefix of nine bytes leaves nineteen.
      names[chain.name] = ChainName(
        prefix + (chain.name.text.utf8.count <= 19 ? chain.name.text : "chain-\(index)"))
    }
  }

  /// The table with some chains; nil without any.
  mutating func table(_ name: IptablesTable.Name, _ chains: [NetfilterChain]) -> IptablesTable? {
    guard !chains.isEmpty else { return nil }
    own = chains.map { NetfilterChain(name: names[$0.name] ?? $0.name, rules: []) }
    for (index, chain) in chains.enumerated() {
      for rule in chain.rules where rule.family == nil || rule.family == family { add(rule, to: index) }
      if chain.base?.dropsByDefault ?? false, let origin = chain.rules.last?.origin ?? origin(chains) {
        own[index].rules.append(NetfilterRule([], .drop, comment: RuleComment(cleaning: ""), origin: origin))
      }
    }
    let builtIn = name.hooks.compactMap { hook -> NetfilterChain? in
      guard let chainName = ChainName(hook.rawValue.uppercased()) else { return nil }
      // Each is put at the head, before those that came before it.
      let rules = chains.indices.reversed().compactMap { index -> NetfilterRule? in
        guard chains[index].base?.hook == hook, let origin = chains[index].rules.first?.origin ?? origin(chains) else {
          return nil
        }
        return NetfilterRule([], .jump(own[index].name), comment: mark, origin: origin)
      }
      return NetfilterChain(name: chainName, base: .init(hook, name.priority(at: hook)), rules: rules)
    }
    return IptablesTable(name: name, chains: builtIn + own)
  }

  /// What rules come from that the file has no words for.
  private func origin(_ chains: [NetfilterChain]) -> Origin? {
    chains.lazy.flatMap(\.rules).first?.origin ?? Origin(subject: "\(mark)", file: "", line: 1, column: 1)
  }

  // MARK: Rules

  private mutating func add(_ rule: NetfilterRule, to index: Int) {
    var chain = index
    let protocols = rule.protocolMatches
    var alternatives = protocols
    var limit: [NetfilterMatch] = []
    for match in rule.matches {
      switch match {
      case .family, .transport, .icmp: continue
      case .limit(let rate): limit = [.limit(rate.inIptables)]
      case .input, .output, .source, .destination, .sourceIsLocal, .destinationIsLocal, .sourcePort, .destinationPort,
        .icmpType, .connectionState, .destinationWasTranslated:
        if alternatives.contains(where: { $0.contains(where: match.excludes) }) {
          chain = addPart(of: rule, from: chain, alternatives)
          alternatives = protocols
        }
        let values = match.single
        if values.count > 1, match.isNegated {
          // A packet that has one of the excluded values returns before the other matches are tried.
          chain = addPart(of: rule, from: chain, alternatives)
          for value in values {
            for one in protocols { append(one + [value], .return, rule, to: chain) }
          }
          alternatives = protocols
        } else {
          alternatives = values.flatMap { value in alternatives.map { $0 + [value] } }
        }
      }
    }
    finish(rule, chain, alternatives, limit)
  }

  /// Adds what becomes of a packet: at once, or by a chain where it takes more than one rule.
  private mutating func finish(
    _ rule: NetfilterRule, _ chain: Int, _ alternatives: [[NetfilterMatch]], _ limit: [NetfilterMatch]
  ) {
    let verdict = rule.verdict.map(renamed)
    let isMore = rule.log != nil && verdict != nil
    guard isMore || (!limit.isEmpty && alternatives.count > 1) else {
      for one in alternatives {
        own[chain].rules.append(
          NetfilterRule(one + limit, log: rule.log, verdict, comment: rule.comment, origin: rule.origin))
      }
      return
    }
    let target = addChain()
    let isLimitedHere = alternatives.count == 1
    for one in alternatives {
      append(one + (isLimitedHere ? limit : []), .jump(own[target].name), rule, comment: rule.comment, to: chain)
    }
    var place = target
    if !isLimitedHere, !limit.isEmpty {
      place = addChain()
      append(limit, .jump(own[place].name), rule, to: target)
    }
    // A verdict that is for a protocol alone says so again.
    let needed = rule.protocolMatches.count == 1 ? rule.protocolMatches[0] : []
    if let log = rule.log {
      own[place].rules.append(NetfilterRule([], log: log, nil, comment: Self.noComment, origin: rule.origin))
    }
    if let verdict { append(verdict.isForProtocol ? needed : [], verdict, rule, to: place) }
  }

  /// Adds a chain for the rest of a rule, and the way there.
  private mutating func addPart(of rule: NetfilterRule, from chain: Int, _ alternatives: [[NetfilterMatch]]) -> Int {
    let part = addChain()
    for one in alternatives { append(one, .jump(own[part].name), rule, to: chain) }
    return part
  }

  private static let noComment = RuleComment(cleaning: "")

  private mutating func append(
    _ matches: [NetfilterMatch], _ verdict: NetfilterVerdict, _ rule: NetfilterRule, comment: RuleComment = noComment,
    to chain: Int
  ) {
    own[chain].rules.append(NetfilterRule(matches, verdict, comment: comment, origin: rule.origin))
  }

  private mutating func addChain() -> Int {
    parts += 1
    let name = ChainName("\(prefix)part-\(parts)")
    own.append(NetfilterChain(name: name ?? own[0].name, rules: []))
    return own.count - 1
  }

  private func renamed(_ verdict: NetfilterVerdict) -> NetfilterVerdict {
    switch verdict {
    case .jump(let chain): .jump(names[chain] ?? chain)
    case .accept, .drop, .reject, .return, .dnat, .snat, .masquerade, .redirect: verdict
    }
  }
}

extension NetfilterRule {
  /// The protocol that the rule is for, which most matches need beside them; several where any with ports will do.
  fileprivate var protocolMatches: [[NetfilterMatch]] {
    if let transport { return [[.transport(transport)]] }
    for match in matches { if case .icmp = match { return [[match]] } }
    if case .reject(.tcpReset)? = verdict { return [[.transport(.tcp)]] }
    let looksAtPorts = matches.contains {
      if case .sourcePort = $0 { true } else if case .destinationPort = $0 { true } else { false }
    }
    return looksAtPorts ? TransportProtocol.allCases.map { [.transport($0)] } : [[]]
  }
}

extension NetfilterMatch {
  /// The match for one value each, of which together they say the same.
  fileprivate var single: [NetfilterMatch] {
    switch self {
    case .input(let selection): selection.single.map(Self.input)
    case .output(let selection): selection.single.map(Self.output)
    case .source(let selection): selection.disjoint.single.map(Self.source)
    case .destination(let selection): selection.disjoint.single.map(Self.destination)
    case .sourcePort(let selection): selection.disjoint.single.map(Self.sourcePort)
    case .destinationPort(let selection): selection.disjoint.single.map(Self.destinationPort)
    case .icmpType(let selection): selection.single.map(Self.icmpType)
    case .family, .sourceIsLocal, .destinationIsLocal, .transport, .icmp, .connectionState, .destinationWasTranslated,
      .limit:
      [self]
    }
  }

  /// Whether everything but the values is meant.
  fileprivate var isNegated: Bool {
    switch self {
    case .input(let selection), .output(let selection): selection.isNegated
    case .source(let selection), .destination(let selection): selection.isNegated
    case .sourcePort(let selection), .destinationPort(let selection): selection.isNegated
    case .icmpType(let selection): selection.isNegated
    case .family, .sourceIsLocal, .destinationIsLocal, .transport, .icmp, .connectionState, .destinationWasTranslated,
      .limit:
      false
    }
  }

  /// Whether a rule of iptables can't have both: some options stand once.
  fileprivate func excludes(_ other: NetfilterMatch) -> Bool { soleOption != nil && soleOption == other.soleOption }

  private var soleOption: String? {
    switch self {
    case .input: "-i"
    case .output: "-o"
    case .source: "-s"
    case .destination: "-d"
    case .icmpType: "--icmp-type"
    case .family, .sourceIsLocal, .destinationIsLocal, .transport, .sourcePort, .destinationPort, .icmp,
      .connectionState, .destinationWasTranslated, .limit:
      nil
    }
  }
}

extension NetfilterSelection {
  /// One selection per value, as a rule has room for one.
  ///
  /// Negated, a packet would have to pass all of them.
  fileprivate var single: [NetfilterSelection] {
    guard values.count > 1 else { return [self] }
    var seen: Set<Value> = []
    return values.filter { seen.insert($0).inserted }.map { NetfilterSelection([$0]) }
  }
}

extension NetfilterVerdict {
  /// Whether iptables takes it only beside a protocol.
  fileprivate var isForProtocol: Bool {
    switch self {
    case .reject(.tcpReset): true
    case .dnat(let translation), .snat(let translation): translation.ports != nil
    case .masquerade(let ports), .redirect(let ports): ports != nil
    case .accept, .drop, .reject, .jump, .return: false
    }
  }
}
