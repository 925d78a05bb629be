import NetworkTypes
import Plan

/// Tables of netfilter rules in the language of iptables-restore(8), for one family: `iptables-restore --noflush`.
///
/// The chains are the network's own; a rule at the head of each built-in chain, marked by its comment, jumps to them. An
/// accepted packet has passed for good there, while in nftables other tables are still asked.
struct IptablesText {
  let family: AddressFamily
  /// What the chains' names begin with.
  let prefix: String
  /// The comment of the rules in the built-in chains.
  let mark: String
  private(set) var lines: [String] = []

  private var names: [ChainName: String] = [:]
  private var extraChains: [String] = []
  private var rules: [String] = []

  /// Writes the tables of family inet; frames that a bridge passes on come here by br_netfilter alone.
  init(_ tables: [NetfilterTable], family: AddressFamily, instance: InstanceName) {
    self.family = family
    prefix = instance.chainPrefix
    mark = "netwright \(instance)"
    let chains = tables.filter { $0.family == .inet }.flatMap(\.chains)
    for (index, chain) in chains.enumerated() {
      // A prefix of nine bytes leaves nineteen.
      names[chain.name] = prefix + (chain.name.text.utf8.count <= 19 ? chain.name.text : "chain-\(index)")
    }
    for table in ["filter", "raw", "mangle", "nat"] {
      write(table, chains.filter { chain in chain.table(among: chains) == table })
    }
  }

  /// Whether a table has any rule that is for IPv6 alone, without which there is nothing for ip6tables to do.
  static func needsIPv6(_ tables: [NetfilterTable]) -> Bool {
    tables.flatMap(\.chains).flatMap(\.rules).contains { $0.family == .ipv6 }
  }

  private mutating func write(_ table: String, _ chains: [NetfilterChain]) {
    guard !chains.isEmpty else { return }
    extraChains = []
    rules = []
    for chain in chains {
      guard let name = names[chain.name] else { continue }
      for rule in chain.rules where rule.family == nil || rule.family == family { write(rule, in: name) }
      if chain.base?.dropsByDefault ?? false { rules.append("-A \(name) -j DROP") }
    }
    lines.append("*\(table)")
    lines += (chains.compactMap { names[$0.name] } + extraChains).map { ":\($0) - [0:0]" }
    lines += rules
    for chain in chains {
      guard let base = chain.base, let name = names[chain.name] else { continue }
      lines.append(
        "-I \(base.hook.rawValue.uppercased()) 1 -m comment --comment \"\(mark)\" -j \(name)")
    }
    lines.append("COMMIT")
  }

  // MARK: Rules

  private mutating func write(_ rule: NetfilterRule, in chain: String) {
    var chain = chain
    var alternatives = [""]
    var hasLimit = ""
    for words in rule.words(family) {
      switch words {
      case .one(let text): alternatives = alternatives.map { $0 + text }
      case .any(let texts): alternatives = texts.flatMap { text in alternatives.map { $0 + text } }
      case .none(let texts):
        // What is any of these goes back before the rest is asked.
        let extra = addChain()
        for alternative in alternatives { rules.append("-A \(chain)\(alternative) -j \(extra)") }
        for text in texts { rules.append("-A \(extra)\(text) -j RETURN") }
        chain = extra
        alternatives = [""]
      case .limit(let text): hasLimit = text
      }
    }
    let comment = rule.comment.text.isEmpty ? "" : " -m comment --comment \"\(rule.comment)\""
    var targets: [String] = []
    if let log = rule.log { targets.append("LOG" + (log.prefix.map { " --log-prefix \"\($0)\"" } ?? "")) }
    if let verdict = rule.verdict { targets.append(verdict.target(family, names)) }
    if targets.count > 1 || (!hasLimit.isEmpty && alternatives.count > 1) {
      let extra = addChain()
      for alternative in alternatives {
        rules.append("-A \(chain)\(alternative)\(alternatives.count == 1 ? hasLimit : "")\(comment) -j \(extra)")
      }
      if alternatives.count > 1, !hasLimit.isEmpty {
        let limited = addChain()
        rules.append("-A \(extra)\(hasLimit) -j \(limited)")
        rules += targets.map { "-A \(limited) -j \($0)" }
      } else {
        rules += targets.map { "-A \(extra) -j \($0)" }
      }
      return
    }
    let target = targets.first.map { " -j \($0)" } ?? ""
    for alternative in alternatives { rules.append("-A \(chain)\(alternative)\(hasLimit)\(comment)\(target)") }
  }

  private mutating func addChain() -> String {
    extraNumber += 1
    let name = "\(prefix)part-\(extraNumber)"
    extraChains.append(name)
    return name
  }

  private var extraNumber = 0
}

extension InstanceName {
  /// What the names of the network's chains begin with in iptables: 24 bits of its name's hash, as its device group has.
  var chainPrefix: String {
    let digits = String(deviceGroup & 0xFF_FFFF, radix: 16)
    return "nw" + String(repeating: "0", count: 6 - digits.count) + digits + "-"
  }
}

extension NetfilterChain {
  /// The table of iptables that a chain belongs to: its own hook's, or that of a chain which leads to it.
  fileprivate func table(among chains: [NetfilterChain]) -> String {
    if let base { return base.priority.tableName }
    var seen: Set<ChainName> = [name]
    var waiting = [name]
    while let next = waiting.popLast() {
      for chain in chains where chain.targets.contains(next) {
        if let base = chain.base { return base.priority.tableName }
        if seen.insert(chain.name).inserted { waiting.append(chain.name) }
      }
    }
    return "filter"
  }
}

extension NetfilterPriority {
  fileprivate var tableName: String {
    switch self {
    case .raw: "raw"
    case .mangle: "mangle"
    case .dstnat, .srcnat: "nat"
    case .filter: "filter"
    }
  }
}

extension NetfilterVerdict {
  fileprivate func target(_ family: AddressFamily, _ names: [ChainName: String]) -> String {
    switch self {
    case .accept: "ACCEPT"
    case .drop: "DROP"
    case .reject(let kind): "REJECT --reject-with \(kind.word(family))"
    case .jump(let chain): names[chain] ?? chain.text
    case .return: "RETURN"
    case .dnat(let translation): "DNAT --to-destination \(translation.word)"
    case .snat(let translation): "SNAT --to-source \(translation.word)"
    case .masquerade(let ports): "MASQUERADE" + (ports.map { " --to-ports \($0)" } ?? "")
    case .redirect(let ports): "REDIRECT" + (ports.map { " --to-ports \($0)" } ?? "")
    }
  }
}

extension NetfilterRejection {
  fileprivate func word(_ family: AddressFamily) -> String {
    switch (self, family) {
    case (.portUnreachable, .ipv4): "icmp-port-unreachable"
    case (.hostUnreachable, .ipv4): "icmp-host-unreachable"
    case (.networkUnreachable, .ipv4): "icmp-net-unreachable"
    case (.adminProhibited, .ipv4): "icmp-admin-prohibited"
    case (.portUnreachable, .ipv6): "icmp6-port-unreachable"
    case (.hostUnreachable, .ipv6): "icmp6-addr-unreachable"
    case (.networkUnreachable, .ipv6): "icmp6-no-route"
    case (.adminProhibited, .ipv6): "icmp6-adm-prohibited"
    case (.tcpReset, .ipv4), (.tcpReset, .ipv6): "tcp-reset"
    }
  }
}

extension NetfilterTranslation {
  /// `10.0.0.2:80`, `[fd00::2]:80-90`, `10.0.0.2`.
  fileprivate var word: String {
    guard let ports else { return address.description }
    return address.family == .ipv6 ? "[\(address)]:\(ports)" : "\(address):\(ports)"
  }
}
