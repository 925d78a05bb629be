import NetworkTypes
package import Plan

/// The netfilter of a namespace: its rules with what they have counted, and the connections that it knows
/// (struct netns_nf, struct netns_ct).
package struct Netfilter: Sendable {
  /// The tables as they were loaded; none where the rules were loaded as those of iptables.
  package private(set) var tables: [NetfilterTable] = []
  /// The rules of iptables and ip6tables, where they were loaded as such.
  package private(set) var iptables: [IptablesRuleset] = []
  /// The chains of all tables.
  package private(set) var chains: [Chain] = []
  /// What the rules have counted, by chain and rule.
  package internal(set) var counters: [[RuleCounter]] = []
  /// What is left in the rules' token buckets.
  var buckets: [[TokenBucket]] = []
  /// The connections; kept only where a rule asks for them (nf_ct_netns_get).
  package internal(set) var connections = ConnectionTable()
  /// What is done with packets, by hook.
  private var stages: [[Stage]] = []
  /// What is done with the frames that a bridge passes on, by hook.
  private var bridgeStages: [[Stage]] = []
  /// Whether there is anything to do for IP packets.
  private(set) var isActive = false
  /// Whether there is anything to do for frames.
  private(set) var filtersFrames = false
  /// The families whose connections are tracked.
  private(set) var tracked: Set<AddressFamily> = []
  /// Whether the addresses of connections are translated.
  private(set) var translates = false

  /// One thing that is done with a packet at a hook.
  enum Stage: Hashable, Sendable {
    /// Fragments wait for each other.
    case defragment
    /// The connection is found, or begun.
    case track
    /// A chain is asked.
    case chain(Int)
    /// Chains are asked about the first packet of a connection, and addresses are translated.
    case translate(chains: [Int])
    /// A new connection becomes known.
    case confirm
  }

  /// A chain as packets meet it: jumps lead to numbers.
  package struct Chain: Sendable {
    /// The table's family.
    package let family: NetfilterTable.Family
    /// The packets' family where the chain sees no others, as those of iptables and ip6tables do.
    let only: AddressFamily?
    /// What was loaded.
    package let content: NetfilterChain
    /// Where the rules jump to, by rule.
    let targets: [Int?]
  }

  init() {}

  /// Takes tables in the place of those before; connections stay.
  mutating func load(_ tables: [NetfilterTable]) {
    self.tables = tables
    iptables = []
    load(tables.map { (family: $0.family, only: nil, chains: $0.chains) })
  }

  /// Takes rules of iptables and ip6tables in the place of those before; connections stay.
  mutating func load(_ rulesets: [IptablesRuleset]) {
    tables = []
    iptables = rulesets
    load(
      rulesets.flatMap { ruleset in
        ruleset.tables.map { (family: .inet, only: ruleset.family, chains: $0.chains) }
      })
  }

  private mutating func load(
    _ tables: [(family: NetfilterTable.Family, only: AddressFamily?, chains: [NetfilterChain])]
  ) {
    chains = []
    for table in tables {
      let first = chains.count
      chains += table.chains.map { chain in
        let targets = chain.rules.map { rule -> Int? in
          guard case .jump(let name)? = rule.verdict else { return nil }
          return table.chains.firstIndex { $0.name == name }.map { first + $0 }
        }
        return Chain(family: table.family, only: table.only, content: chain, targets: targets)
      }
    }
    counters = chains.map { Array(repeating: RuleCounter(), count: $0.content.rules.count) }
    buckets = chains.map { $0.content.rules.map { TokenBucket($0.limit) } }
    isActive = chains.contains { $0.family == .inet && $0.content.base != nil }
    filtersFrames = chains.contains { $0.family == .bridge && $0.content.base != nil }
    translates = chains.contains { $0.content.base?.priority.isTranslation == true }
    tracked = chains.reduce(into: []) { families, chain in
      for rule in chain.content.rules {
        families.formUnion(chain.only.map { rule.trackedFamilies.intersection([$0]) } ?? rule.trackedFamilies)
      }
    }
    stages = NetfilterHook.allCases.map { makeStages($0, .inet) }
    bridgeStages = NetfilterHook.allCases.map { makeStages($0, .bridge) }
  }

  /// What is done with packets at a hook, first to last.
  func stages(_ hook: NetfilterHook, _ family: NetfilterTable.Family) -> [Stage] {
    let all = family == .inet ? stages : bridgeStages
    return all.isEmpty ? [] : all[hook.index]
  }

  private func makeStages(_ hook: NetfilterHook, _ family: NetfilterTable.Family) -> [Stage] {
    var result: [(priority: Int, stage: Stage)] = []
    var translating: [Int] = []
    let own = chains.indices.filter { chains[$0].family == family && chains[$0].content.base?.hook == hook }
      .sorted { priority($0) < priority($1) }
    for index in own {
      if family == .inet, chains[index].content.base?.priority.isTranslation == true {
        translating.append(index)
      } else {
        result.append((priority(index), .chain(index)))
      }
    }
    let isFirst = hook == .prerouting || hook == .output && family == .inet
    let isLast = hook == .input || hook == .postrouting
    if !tracked.isEmpty, family == .inet || chains.contains(where: { $0.family == .bridge && $0.asksForConnections }) {
      if isFirst { result += [(-400, .defragment), (-200, .track)] }
      if isLast { result.append((.max, .confirm)) }
    }
    // Any translating chain brings translation at all four hooks (nf_nat_register_fn).
    if translates, family == .inet, hook != .forward {
      let priority: NetfilterPriority = isLast ? .srcnat : .dstnat
      result.append((priority.value(in: family), .translate(chains: translating)))
    }
    // A stable sort: chains of one priority stay in their order.
    return result.enumerated().sorted { ($0.element.priority, $0.offset) < ($1.element.priority, $1.offset) }
      .map(\.element.stage)
  }

  private func priority(_ index: Int) -> Int {
    chains[index].content.base?.priority.value(in: chains[index].family) ?? 0
  }
}

extension Netfilter.Chain {
  fileprivate var asksForConnections: Bool { content.rules.contains { !$0.trackedFamilies.isEmpty } }
}

extension NetfilterRule {
  /// The families whose connections the rule has tracked: both, or that of the address that it translates to
  /// (nft_ct_get_init, nft_nat_init, nft_masq_init, nft_redir_init).
  fileprivate var trackedFamilies: Set<AddressFamily> {
    let looks = matches.contains {
      switch $0 {
      case .connectionState, .destinationWasTranslated: true
      case .family, .input, .output, .source, .destination, .sourceIsLocal, .destinationIsLocal, .transport,
        .sourcePort, .destinationPort, .icmp, .icmpType, .limit:
        false
      }
    }
    if looks { return Set(AddressFamily.allCases) }
    return switch verdict {
    case .dnat(let translation)?, .snat(let translation)?: [translation.address.family]
    case .masquerade?, .redirect?: Set(AddressFamily.allCases)
    case .accept?, .drop?, .reject?, .jump?, .return?, nil: []
    }
  }

  fileprivate var limit: NetfilterLimit? {
    for match in matches { if case .limit(let limit) = match { return limit } }
    return nil
  }
}

extension NetfilterHook {
  /// The hook's number (enum nf_inet_hooks, but for the order of the last ones).
  var index: Int {
    switch self {
    case .prerouting: 0
    case .input: 1
    case .forward: 2
    case .output: 3
    case .postrouting: 4
    }
  }
}

/// What a rule has counted.
package struct RuleCounter: Hashable, Sendable {
  /// The packets that matched.
  package internal(set) var packets = 0
  /// Their bytes, from the IP header on.
  package internal(set) var bytes = 0
}
