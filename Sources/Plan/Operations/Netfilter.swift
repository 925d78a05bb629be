package import NetworkTypes

/// Loads the netfilter rules of a namespace, all at once, into tables of the network's own (`nft -f -`).
///
/// The rules say what is done, not in whose words: nftables, iptables and the simulator carry out the same ones. No
/// other table is touched; what others have loaded at the same hooks is asked too.
package struct LoadRuleset: Hashable, Codable, Sendable {
  /// Where.
  package var place: Place
  /// The tables, at most one a family.
  package var tables: [NetfilterTable]

  /// Creates the operation.
  package init(place: Place, tables: [NetfilterTable]) {
    self.place = place
    self.tables = tables
  }
}

/// Chains of one family (nft(8), ADDRESS FAMILIES).
package struct NetfilterTable: Hashable, Codable, Sendable {
  /// The packets that a table sees.
  package enum Family: String, Hashable, Codable, CaseIterable, Sendable {
    /// IPv4 and IPv6 packets of the machine, received, forwarded and sent.
    case inet
    /// Frames that a bridge passes on.
    case bridge
  }

  /// Which packets.
  package var family: Family
  /// The chains: those that hooks call, and those that rules jump to.
  ///
  /// Names are unique in a table, every jump leads to a chain of it, and none leads back.
  package var chains: [NetfilterChain]

  /// Creates a table.
  package init(family: Family, chains: [NetfilterChain]) {
    self.family = family
    self.chains = chains
  }
}

/// Rules that are asked in turn, until one decides.
package struct NetfilterChain: Hashable, Codable, Sendable {
  /// The name.
  package var name: ChainName
  /// The hook that calls it; nil for a chain that rules jump to.
  package var base: Base?
  /// The rules, first to last.
  package var rules: [NetfilterRule]

  /// Creates a chain.
  package init(name: ChainName, base: Base? = nil, rules: [NetfilterRule]) {
    self.name = name
    self.base = base
    self.rules = rules
  }

  /// When a chain is called, and what becomes of packets that none of its rules decides on.
  package struct Base: Hashable, Codable, Sendable {
    /// The hook.
    package var hook: NetfilterHook
    /// When, among the chains of the hook.
    package var priority: NetfilterPriority
    /// Whether undecided packets are dropped; accepted otherwise.
    package var dropsByDefault: Bool

    /// Creates it.
    package init(_ hook: NetfilterHook, _ priority: NetfilterPriority, dropsByDefault: Bool = false) {
      self.hook = hook
      self.priority = priority
      self.dropsByDefault = dropsByDefault
    }
  }
}

/// The places on a packet's way where rules are asked (include/uapi/linux/netfilter.h).
package enum NetfilterHook: String, Hashable, Comparable, Codable, CaseIterable, Sendable {
  /// Every packet that was received, before it is routed.
  case prerouting
  /// What is for the machine itself.
  case input
  /// What is passed on.
  case forward
  /// What the machine sends, once it is routed.
  case output
  /// Every packet that is about to leave.
  case postrouting

  /// Orders as a packet meets them.
  package static func < (left: Self, right: Self) -> Bool { left.position < right.position }

  private var position: Int {
    switch self {
    case .prerouting: 0
    case .input: 1
    case .forward: 2
    case .output: 3
    case .postrouting: 4
    }
  }
}

/// When a chain is called among those of its hook, lower first (enum nf_ip_hook_priorities); it says what a chain is
/// for.
///
/// In iptables each is a table: raw, mangle, nat, filter, nat.
package enum NetfilterPriority: String, Hashable, Codable, CaseIterable, Sendable {
  /// Before connection tracking.
  case raw
  /// Before the destination is translated.
  case mangle
  /// Translation of destinations: `nat` chains, which only the first packet of a connection meets.
  case dstnat
  /// Deciding what passes.
  case filter
  /// Translation of sources: `nat` chains.
  case srcnat

  /// The number in a family (enum nf_ip_hook_priorities, enum nf_br_hook_priorities).
  package func value(in family: NetfilterTable.Family) -> Int {
    switch (self, family) {
    case (.raw, .inet), (.dstnat, .bridge): -300
    case (.mangle, .inet): -150
    case (.dstnat, .inet): -100
    case (.filter, .inet): 0
    case (.srcnat, .inet): 100
    case (.raw, .bridge): -400
    case (.mangle, .bridge): -250
    case (.filter, .bridge): -200
    case (.srcnat, .bridge): 300
    }
  }

  /// Whether chains of it translate addresses.
  package var isTranslation: Bool {
    switch self {
    case .dstnat, .srcnat: true
    case .raw, .mangle, .filter: false
    }
  }
}

/// What a packet must be, and what becomes of it then.
///
/// Every rule counts the packets and bytes that it matched.
package struct NetfilterRule: Hashable, Codable, Sendable {
  /// What a packet must be, all of it; none match every packet.
  package var matches: [NetfilterMatch]
  /// What is written to the kernel's log of a packet that matches.
  package var log: NetfilterLog?
  /// What becomes of a packet that matches; nil to ask the next rule.
  package var verdict: NetfilterVerdict?
  /// What it is for, in words: `web publishes 8080/tcp`.
  package var comment: RuleComment
  /// The part of the file that asked for it.
  package var origin: Origin

  /// Creates a rule.
  package init(
    _ matches: [NetfilterMatch], log: NetfilterLog? = nil, _ verdict: NetfilterVerdict?, comment: RuleComment,
    origin: Origin
  ) {
    self.matches = matches
    self.log = log
    self.verdict = verdict
    self.comment = comment
    self.origin = origin
  }
}

/// A line in the kernel's log for every packet that a rule matches.
package struct NetfilterLog: Hashable, Codable, Sendable {
  /// What the line begins with.
  package var prefix: LogPrefix?

  /// Creates it.
  package init(prefix: LogPrefix? = nil) { self.prefix = prefix }
}
