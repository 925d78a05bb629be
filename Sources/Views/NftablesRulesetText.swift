import NetworkTypes
import Packets
import Plan
import Simulator

/// What `nft list ruleset` prints of a namespace, counters included (nftables 1.0: src/rule.c, src/statement.c).
func nftablesText(of namespace: NamespaceID, in kernel: Kernel) -> String {
  let netfilter = kernel[namespace].netfilter
  var text = ""
  var first = 0
  for table in netfilter.tables {
    let numbers = Dictionary(
      table.chains.enumerated().map { ($0.element.name, first + $0.offset) }, uniquingKeysWith: { old, _ in old })
    first += table.chains.count
    let listed = table.chains.filter { $0.base == nil }.sortedForJumps + table.chains.filter { $0.base != nil }
    let chains = listed.map { chain in
      chainText(chain, numbers[chain.name].map { netfilter.counters[$0] } ?? [], table.family)
    }
    text += "table \(table.family.rawValue) \(kernel.rulesetName) {\n\(chains.joined(separator: "\n"))}\n"
  }
  return text
}

private func chainText(_ chain: NetfilterChain, _ counters: [RuleCounter], _ family: NetfilterTable.Family) -> String {
  var text = "\tchain \(chain.name) {\n"
  if let base = chain.base {
    let type = base.priority.isTranslation ? "nat" : "filter"
    let policy = base.dropsByDefault ? "drop" : "accept"
    text +=
      "\t\ttype \(type) hook \(base.hook.rawValue) priority \(base.priority.word(at: base.hook, in: family)); policy \(policy);\n"
  }
  for (rule, counter) in zip(chain.rules, counters) {
    text += "\t\t\(rule.words(counter, in: family).joined(separator: " "))\n"
  }
  return text + "\t}\n"
}

extension NetfilterPriority {
  /// The name that nft knows in a family; the number where it knows none.
  fileprivate func word(at hook: NetfilterHook, in family: NetfilterTable.Family) -> String {
    let isKnown =
      switch (self, family) {
      case (.raw, .bridge), (.mangle, .bridge): false
      case (.raw, .inet), (.mangle, .inet), (.filter, _): true
      case (.dstnat, _): hook == .prerouting
      case (.srcnat, _): hook == .postrouting
      }
    return isKnown ? rawValue : "\(value(in: family))"
  }
}

extension NetfilterRule {
  fileprivate func words(_ counter: RuleCounter, in family: NetfilterTable.Family) -> [String] {
    var words = matches.compactMap { word(for: $0, in: family) }
    if case .reject(.tcpReset)? = verdict, transport == nil { words.insert("meta l4proto tcp", at: 0) }
    words.append("counter packets \(counter.packets) bytes \(counter.bytes)")
    if let log { words.append(log.prefix.map { "log prefix \"\($0)\"" } ?? "log") }
    if let verdict { words.append(verdict.nftablesWords) }
    words.append("comment \"\(comment)\"")
    return words
  }

  private var looksAtPorts: Bool {
    matches.contains {
      if case .sourcePort = $0 { true } else if case .destinationPort = $0 { true } else { false }
    }
  }

  private var looksAtAddresses: Bool {
    matches.contains {
      if case .source = $0 { true } else if case .destination = $0 { true } else { false }
    }
  }

  private var looksAtMessages: Bool { matches.contains { if case .icmp = $0 { true } else { false } } }

  private var looksAtTypes: Bool { matches.contains { if case .icmpType = $0 { true } else { false } } }

  /// A match as nft prints it; nil where a later one says as much.
  private func word(for match: NetfilterMatch, in table: NetfilterTable.Family) -> String? {
    switch match {
    case .family(let family):
      switch table {
      case .inet: looksAtAddresses || looksAtMessages ? nil : "meta nfproto \(family.rawValue)"
      case .bridge: looksAtAddresses ? nil : "meta protocol \(family.word)"
      }
    case .input(let names): "iifname \(names.nftablesWords)"
    case .output(let names): "oifname \(names.nftablesWords)"
    case .source(let prefixes): "\(prefixes.family.word) saddr \(prefixes.disjoint.nftablesWords)"
    case .destination(let prefixes): "\(prefixes.family.word) daddr \(prefixes.disjoint.nftablesWords)"
    case .sourceIsLocal(let isLocal): "fib saddr type \(isLocal ? "" : "!= ")local"
    case .destinationIsLocal(let isLocal): "fib daddr type \(isLocal ? "" : "!= ")local"
    case .transport(let transport): looksAtPorts ? nil : "meta l4proto \(transport.rawValue)"
    case .sourcePort(let ranges): "\(transport?.rawValue ?? "th") sport \(ranges.disjoint.nftablesWords(\.description))"
    case .destinationPort(let ranges):
      "\(transport?.rawValue ?? "th") dport \(ranges.disjoint.nftablesWords(\.description))"
    case .icmp(let family): looksAtTypes ? nil : "meta l4proto \(family == .ipv4 ? "icmp" : "ipv6-icmp")"
    case .icmpType(let types): "\(controlFamily == .ipv4 ? "icmp" : "icmpv6") type \(types.nftablesWords(typeWord))"
    case .connectionState(let states): "ct state \(states.nftablesWords)"
    case .destinationWasTranslated(let was): "ct status \(was ? "" : "! ")dnat"
    case .limit(let limit):
      "limit rate \(limit.packets)/\(limit.unit.rawValue)" + (limit.burst == 5 ? "" : " burst \(limit.burst) packets")
    }
  }

  private var controlFamily: AddressFamily {
    matches.lazy.compactMap { if case .icmp(let family) = $0 { family } else { nil } }.first ?? .ipv4
  }

  /// The name of a control message's type (src/proto.c); its number where there is none.
  private func typeWord(_ type: UInt8) -> String {
    (controlFamily == .ipv4 ? icmpTypeWord(type) : icmpv6TypeWord(type)) ?? "\(type)"
  }
}

private func icmpTypeWord(_ type: UInt8) -> String? {
  switch type {
  case 0: "echo-reply"
  case 3: "destination-unreachable"
  case 4: "source-quench"
  case 5: "redirect"
  case 8: "echo-request"
  case 9: "router-advertisement"
  case 10: "router-solicitation"
  case 11: "time-exceeded"
  case 12: "parameter-problem"
  case 13: "timestamp-request"
  case 14: "timestamp-reply"
  case 15: "info-request"
  case 16: "info-reply"
  case 17: "address-mask-request"
  case 18: "address-mask-reply"
  default: nil
  }
}

private func icmpv6TypeWord(_ type: UInt8) -> String? {
  switch type {
  case 1: "destination-unreachable"
  case 2: "packet-too-big"
  case 3: "time-exceeded"
  case 4: "parameter-problem"
  case 128: "echo-request"
  case 129: "echo-reply"
  case 130: "mld-listener-query"
  case 131: "mld-listener-report"
  case 132: "mld-listener-done"
  case 133: "nd-router-solicit"
  case 134: "nd-router-advert"
  case 135: "nd-neighbor-solicit"
  case 136: "nd-neighbor-advert"
  case 137: "nd-redirect"
  case 143: "mld2-listener-report"
  default: nil
  }
}

extension [ConnectionState] {
  /// The states in the order of their bits.
  fileprivate var nftablesWords: String {
    let order: [ConnectionState] = [.invalid, .established, .related, .new, .untracked]
    return order.filter { contains($0) }.map(\.rawValue).joined(separator: ",")
  }
}

extension NetfilterVerdict {
  fileprivate var nftablesWords: String {
    switch self {
    case .accept: "accept"
    case .drop: "drop"
    case .reject(.portUnreachable): "reject"
    case .reject(.hostUnreachable): "reject with icmpx host-unreachable"
    case .reject(.networkUnreachable): "reject with icmpx no-route"
    case .reject(.adminProhibited): "reject with icmpx admin-prohibited"
    case .reject(.tcpReset): "reject with tcp reset"
    case .jump(let chain): "jump \(chain)"
    case .return: "return"
    case .dnat(let translation): "dnat \(translation.nftablesWords)"
    case .snat(let translation): "snat \(translation.nftablesWords)"
    case .masquerade(let ports): "masquerade" + (ports.map { " to :\($0)" } ?? "")
    case .redirect(let ports): "redirect" + (ports.map { " to :\($0)" } ?? "")
    }
  }
}

extension NetfilterTranslation {
  fileprivate var nftablesWords: String {
    let host = address.family == .ipv6 && ports != nil ? "[\(address)]" : "\(address)"
    return "\(address.family.word) to \(host)" + (ports.map { ":\($0)" } ?? "")
  }
}

extension NetfilterSelection<InterfaceName> {
  /// The names, in a set in the order of their bytes as a number whose lowest comes first.
  fileprivate var nftablesWords: String {
    let sorted = values.sorted { left, right in
      let (one, other) = (Array(left.text.utf8.reversed()), Array(right.text.utf8.reversed()))
      return one.count == other.count ? one.lexicographicallyPrecedes(other) : one.count < other.count
    }
    let list = sorted.map { "\"\($0)\"" }
    let text = list.count == 1 ? list[0] : "{ \(list.joined(separator: ", ")) }"
    return isNegated ? "!= \(text)" : text
  }
}

extension NetfilterSelection<IPPrefix> {
  /// One block, or a set in order; blocks that meet are printed as one, unless all are single addresses.
  fileprivate var nftablesWords: String {
    let sorted = values.sorted()
    var ranges: [(first: IPAddress, last: IPAddress)] = []
    let isOfRanges = sorted.contains { $0.hostBits > 0 }
    for prefix in sorted {
      if isOfRanges, let last = ranges.last?.last, last.bits &+ 1 == prefix.network.bits {
        ranges[ranges.count - 1].last = prefix.last
      } else {
        ranges.append((prefix.network, prefix.last))
      }
    }
    let list = ranges.map { range -> String in
      let length = range.first.family.bitWidth - (range.last.bits ^ range.first.bits).significantBits
      guard let prefix = IPPrefix(containing: range.first, length: length), prefix.network == range.first,
        prefix.last == range.last
      else { return "\(range.first)-\(range.last)" }
      return prefix.addressWord
    }
    let text = values.count == 1 ? list[0] : "{ \(list.joined(separator: ", ")) }"
    return isNegated ? "!= \(text)" : text
  }
}

extension UInt128 {
  /// How many bits it takes to write the number.
  fileprivate var significantBits: Int { 128 - leadingZeroBitCount }
}

extension NetfilterSelection where Value: Comparable {
  /// One value, or a set of several in their order, after `!=` where everything else is meant.
  fileprivate func nftablesWords(_ word: (Value) -> String) -> String {
    let list = values.sorted().map(word)
    let text = list.count == 1 ? list[0] : "{ \(list.joined(separator: ", ")) }"
    return isNegated ? "!= \(text)" : text
  }
}

extension IPPrefix {
  /// The block; a single address without its length.
  fileprivate var addressWord: String { hostBits == 0 ? network.description : description }
}

extension AddressFamily {
  fileprivate var word: String { self == .ipv6 ? "ip6" : "ip" }
}
