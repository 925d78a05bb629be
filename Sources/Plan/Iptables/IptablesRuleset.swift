package import NetworkTypes

/// Rules as iptables(8) has them, for one family.
///
/// The chains are the network's own; a rule at the head of each built-in chain, marked by its comment, jumps to them. A
/// rule has at most one value a match, and either a line in the log or a verdict: what is more is several rules, or a
/// chain of its own. An accepted packet has passed for good there, while in nftables other tables are still asked.
package struct IptablesRuleset: Hashable, Sendable {
  /// The family: `iptables`, `ip6tables`.
  package let family: AddressFamily
  /// The tables that have chains of the network's.
  package let tables: [IptablesTable]

  /// Takes the tables of family inet; frames that a bridge passes on come here by br_netfilter alone.
  ///
  /// - Parameters:
  ///   - tables: the rules.
  ///   - family: the family; rules that are for the other one alone are left out.
  ///   - instance: the network, whose name the chains begin with and the mark has.
  package init(_ tables: [NetfilterTable], family: AddressFamily, instance: InstanceName) {
    self.family = family
    let chains = tables.filter { $0.family == .inet }.flatMap(\.chains)
    var builder = IptablesBuilder(chains, family: family, instance: instance)
    let order: [IptablesTable.Name] = [.filter, .raw, .mangle, .nat]
    self.tables = order.compactMap { name in
      builder.table(name, chains.filter { $0.table(among: chains) == name })
    }
  }
}

/// How a plan's rules become those of iptables and ip6tables.
package struct IptablesForm: Hashable, Sendable {
  /// The network.
  package let instance: InstanceName
  /// Whether the plan has anything to do with IPv6.
  private let hasIPv6: Bool

  /// Looks at a plan.
  package init(_ plan: Plan) {
    instance = plan.instance
    hasIPv6 = plan.steps.contains { step in
      switch step.operation {
      case .addAddress(let operation): operation.address.family == .ipv6
      case .setSysctl(let operation): operation.key.text == "net.ipv6.conf.all.forwarding"
      case .addNamespace, .addLink, .addVethPair, .setMaster, .addBridgeVLAN, .setHairpin, .setAddressGeneration,
        .setLinkUp, .addRoute, .addRule, .addQdisc, .writeNamespaceFile, .loadRuleset:
        false
      }
    }
  }

  /// What is loaded by iptables-restore, and by ip6tables-restore where there is anything for it to do: where there is
  /// IPv6, or where rules say of it that it doesn't pass, which holds for what the machine itself has, too.
  package func rulesets(_ tables: [NetfilterTable]) -> [IptablesRuleset] {
    let chains = tables.filter { $0.family == .inet }.flatMap(\.chains)
    let needsIPv6 =
      hasIPv6
      || chains.contains { chain in
        chain.rules.contains { $0.family == .ipv6 }
          || chain.base != nil
            && (chain.base?.dropsByDefault == true || chain.rules.contains { $0.family == nil && $0.refuses })
      }
    let families: [AddressFamily] = needsIPv6 ? [.ipv4, .ipv6] : [.ipv4]
    return families.map { IptablesRuleset(tables, family: $0, instance: instance) }
  }
}

extension NetfilterRule {
  /// Whether what it matches doesn't pass.
  fileprivate var refuses: Bool {
    switch verdict {
    case .drop, .reject: true
    case .accept, .jump, .return, .dnat, .snat, .masquerade, .redirect, nil: false
    }
  }
}

/// A table of iptables: what its chains are for.
package struct IptablesTable: Hashable, Sendable {
  /// The tables, in the order in which iptables-save(8) writes them.
  package enum Name: String, Hashable, Codable, CaseIterable, Sendable {
    /// Changing packets.
    case mangle
    /// Before connection tracking.
    case raw
    /// Deciding what passes.
    case filter
    /// Translation of addresses.
    case nat

    /// The hooks of its built-in chains, in the order in which iptables lists them.
    package var hooks: [NetfilterHook] {
      switch self {
      case .mangle: [.prerouting, .input, .forward, .output, .postrouting]
      case .raw: [.prerouting, .output]
      case .filter: [.input, .forward, .output]
      case .nat: [.prerouting, .input, .output, .postrouting]
      }
    }

    /// When its chain of a hook is called.
    package func priority(at hook: NetfilterHook) -> NetfilterPriority {
      switch self {
      case .mangle: .mangle
      case .raw: .raw
      case .filter: .filter
      case .nat: hook == .prerouting || hook == .output ? .dstnat : .srcnat
      }
    }
  }

  /// Which table.
  package let name: Name
  /// The built-in chains, all of them, and then the network's own; every jump leads to one of these.
  package let chains: [NetfilterChain]

  /// Creates a table.
  init(name: Name, chains: [NetfilterChain]) {
    self.name = name
    self.chains = chains
  }
}

extension InstanceName {
  /// What the names of the network's chains begin with in iptables: 24 bits of its name's hash, as its device group
  /// has.
  package var chainPrefix: String {
    let digits = String(deviceGroup & 0xFF_FFFF, radix: 16)
    return "nw" + String(repeating: "0", count: 6 - digits.count) + digits + "-"
  }

  /// The comment of the rules in built-in chains that jump to the network's own.
  package var chainMark: RuleComment { RuleComment(cleaning: "netwright \(self)") }
}

extension NetfilterChain {
  /// The table of iptables that a chain belongs to: its own hook's, or that of a chain which leads to it.
  fileprivate func table(among chains: [NetfilterChain]) -> IptablesTable.Name {
    if let base { return base.priority.table }
    var seen: Set<ChainName> = [name]
    var waiting = [name]
    while let next = waiting.popLast() {
      for chain in chains where chain.targets.contains(next) {
        if let base = chain.base { return base.priority.table }
        if seen.insert(chain.name).inserted { waiting.append(chain.name) }
      }
    }
    return .filter
  }
}

extension NetfilterPriority {
  /// The table of iptables that chains of the priority stand in.
  package var table: IptablesTable.Name {
    switch self {
    case .raw: .raw
    case .mangle: .mangle
    case .dstnat, .srcnat: .nat
    case .filter: .filter
    }
  }
}

extension NetfilterRule {
  /// The family that a rule is for, where it is for one alone.
  package var family: AddressFamily? {
    for match in matches {
      switch match {
      case .family(let family), .icmp(let family): return family
      case .source(let selection), .destination(let selection): return selection.family
      case .input, .output, .sourceIsLocal, .destinationIsLocal, .transport, .sourcePort, .destinationPort, .icmpType,
        .connectionState, .destinationWasTranslated, .limit:
        continue
      }
    }
    switch verdict {
    case .dnat(let translation), .snat(let translation): return translation.address.family
    case .accept, .drop, .reject, .jump, .return, .masquerade, .redirect, nil: return nil
    }
  }

  /// The transport protocol that the rule is for.
  package var transport: TransportProtocol? {
    matches.lazy.compactMap { if case .transport(let transport) = $0 { transport } else { nil } }.first
  }
}
