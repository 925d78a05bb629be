import NetworkTypes
import Plan

/// Tables of netfilter rules in nft's language (nft(8)), for `nft -f -`: all of it takes effect at once, or none.
///
/// Whatever comes from the file is a name, an address or a number, or stands between quotation marks and is of a type
/// that can hold none.
struct NftablesText {
  /// The name of the tables.
  let name: String
  /// The lines so far, without indentation where they are comments.
  private(set) var lines: [String] = []

  private var origin: Origin?

  /// Writes tables.
  init(_ tables: [NetfilterTable], name: String) {
    self.name = name
    for table in tables { write(table) }
  }

  private mutating func write(_ table: NetfilterTable) {
    lines.append("table \(table.family.rawValue) \(name) {")
    // A chain must be there before a rule jumps to it.
    let (called, base) = (table.chains.filter { $0.base == nil }, table.chains.filter { $0.base != nil })
    for chain in called.sortedForJumps + base { write(chain, in: table.family) }
    lines.append("}")
  }

  private mutating func write(_ chain: NetfilterChain, in family: NetfilterTable.Family) {
    lines.append("  chain \(chain.name) {")
    if let base = chain.base {
      let type = base.priority.isTranslation ? "nat" : "filter"
      let policy = base.dropsByDefault ? "drop" : "accept"
      lines.append(
        "    type \(type) hook \(base.hook.rawValue) priority \(base.priority.value(in: family)); policy \(policy);")
    }
    for rule in chain.rules {
      if origin?.label != rule.origin.label {
        lines.append("# \(rule.origin.label)")
        origin = rule.origin
      }
      lines.append("    " + rule.words(in: family).joined(separator: " "))
    }
    lines.append("  }")
  }
}

extension NetfilterRule {
  /// The rule's statements: matches, counter, log, verdict, comment.
  fileprivate func words(in family: NetfilterTable.Family) -> [String] {
    var words = matches.compactMap { word(for: $0, in: family) }
    if case .reject(.tcpReset) = verdict, transport == nil { words.insert("meta l4proto tcp", at: 0) }
    words.append("counter")
    if let log { words.append(log.prefix.map { "log prefix \"\($0)\"" } ?? "log") }
    if let verdict { words.append(verdict.words) }
    words.append("comment \"\(comment)\"")
    return words
  }

  /// Whether the rule looks at ports, which says the protocol too.
  private var hasPorts: Bool {
    matches.contains { match in
      if case .sourcePort = match { return true }
      if case .destinationPort = match { return true }
      return false
    }
  }

  private func word(for match: NetfilterMatch, in table: NetfilterTable.Family) -> String? {
    switch match {
    case .family(let family):
      switch table {
      case .inet: "meta nfproto \(family.rawValue)"
      case .bridge: "meta protocol \(family.prefixWord)"
      }
    case .input(let selection): "iifname \(selection.words { "\"\($0)\"" })"
    case .output(let selection): "oifname \(selection.words { "\"\($0)\"" })"
    case .source(let selection): "\(selection.family.prefixWord) saddr \(selection.disjoint.words(\.addressWord))"
    case .destination(let selection): "\(selection.family.prefixWord) daddr \(selection.disjoint.words(\.addressWord))"
    case .sourceIsLocal(let isLocal): "fib saddr type \(isLocal ? "" : "!= ")local"
    case .destinationIsLocal(let isLocal): "fib daddr type \(isLocal ? "" : "!= ")local"
    case .transport(let transport): hasPorts ? nil : "meta l4proto \(transport.rawValue)"
    case .sourcePort(let selection): "\(portProtocol) sport \(selection.disjoint.words(\.description))"
    case .destinationPort(let selection): "\(portProtocol) dport \(selection.disjoint.words(\.description))"
    case .icmp(let family): "meta l4proto \(family.controlWord)"
    case .icmpType(let selection): "\(controlFamily) type \(selection.words(\.description))"
    case .connectionState(let states): "ct state \(states.map(\.rawValue).joined(separator: ","))"
    case .destinationWasTranslated(let was): was ? "ct status dnat" : "ct status & dnat == 0"
    case .limit(let limit): "limit rate \(limit.packets)/\(limit.unit.rawValue) burst \(limit.burst) packets"
    }
  }

  /// `th` matches the port of any protocol that has ports.
  private var portProtocol: String { transport?.rawValue ?? "th" }

  private var controlFamily: String {
    let isIPv6 = matches.contains { if case .icmp(.ipv6) = $0 { true } else { false } }
    return isIPv6 ? "icmpv6" : "icmp"
  }
}

extension NetfilterVerdict {
  fileprivate var words: String {
    switch self {
    case .accept: "accept"
    case .drop: "drop"
    case .reject(let kind): "reject with \(kind.words)"
    case .jump(let chain): "jump \(chain)"
    case .return: "return"
    case .dnat(let translation): "dnat \(translation.words)"
    case .snat(let translation): "snat \(translation.words)"
    case .masquerade(let ports): "masquerade" + (ports.map { " to :\($0)" } ?? "")
    case .redirect(let ports): "redirect" + (ports.map { " to :\($0)" } ?? "")
    }
  }
}

extension NetfilterRejection {
  /// `icmpx` is the message of either family (nft(8), REJECT STATEMENT).
  fileprivate var words: String {
    switch self {
    case .portUnreachable: "icmpx type port-unreachable"
    case .hostUnreachable: "icmpx type host-unreachable"
    case .networkUnreachable: "icmpx type no-route"
    case .adminProhibited: "icmpx type admin-prohibited"
    case .tcpReset: "tcp reset"
    }
  }
}

extension NetfilterTranslation {
  /// `ip to 10.0.0.2:80`, `ip6 to [fd00::2]:80`, `ip to 10.0.0.2`.
  fileprivate var words: String {
    let host = address.family == .ipv6 && ports != nil ? "[\(address)]" : "\(address)"
    return "\(address.family.prefixWord) to \(host)" + (ports.map { ":\($0)" } ?? "")
  }
}

extension NetfilterSelection {
  /// One value, or a set of several, after `!=` where everything else is meant.
  fileprivate func words(_ word: (Value) -> String) -> String {
    let list = values.map(word)
    let text = list.count == 1 ? list[0] : "{ \(list.joined(separator: ", ")) }"
    return isNegated ? "!= \(text)" : text
  }
}

extension IPPrefix {
  /// The block; a single address without its length.
  var addressWord: String { hostBits == 0 ? network.description : description }
}

extension AddressFamily {
  /// `ip`, `ip6`.
  fileprivate var prefixWord: String { self == .ipv6 ? "ip6" : "ip" }
  /// `icmp`, `ipv6-icmp`, as /etc/protocols has them.
  fileprivate var controlWord: String { self == .ipv6 ? "ipv6-icmp" : "icmp" }
}
