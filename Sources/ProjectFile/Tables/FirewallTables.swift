import Diagnostics
import NetworkTypes
import YAMLTree

extension KeyTable where Target == FirewallEntry {
  /// `firewall`.
  static let firewall = KeyTable(
    "firewall", "What a namespace lets in, on and out.",
    [
      chain(.input, "What is for the namespace itself."), chain(.forward, "What is passed on."),
      chain(.output, "What the namespace itself sends."),
      Key(
        "sets", .map(.either([.text("ADDRESS or ADDRESS/LENGTH"), .list(.text("ADDRESS or ADDRESS/LENGTH"))])),
        "Addresses by a name, for `from` and `to`.", .netwright
      ) { firewall, entry, reader in
        for item in reader.mapping(entry.value, of: "firewall's sets")?.entries ?? [] {
          let addresses = reader.oneOrMore(item.value).compactMap {
            ValueKind<IPPrefix>.prefixOrAddress.read($0, &reader)
          }
          firewall.sets.append((name: item.key, addresses: addresses))
        }
      },
      Key(
        "stateless", .boolean,
        "Whether packets of connections that were let through before are asked about like others; false without it.",
        .netwright
      ) { $0.isStateless = $1 },
    ])

  private static func chain(_ chain: FirewallChain, _ summary: String) -> Key<FirewallEntry> {
    Key(chain.rawValue, .mapping("chain"), summary, .netwright) { firewall, entry, reader in
      var fields = FirewallEntry.Chain(range: entry.key.range)
      reader.read(entry.value, into: &fields, by: .chain)
      firewall.chains[chain] = fields
    }
  }
}

extension Reader {
  /// `firewall`.
  mutating func firewall(_ entry: YAMLMapping.Entry) -> FirewallEntry {
    var firewall = FirewallEntry(range: entry.key.range)
    read(entry.value, into: &firewall, by: .firewall)
    return firewall
  }
}

extension KeyTable where Target == FirewallEntry.Chain {
  /// `firewall.input`, `forward` and `output`.
  static let chain = KeyTable(
    "chain", "The rules of one way that packets go, asked in turn until one decides.",
    [
      Key("policy", .choice, "What becomes of packets that none decides on; accept without it.", .netwright) {
        $0.policy = $1
      },
      Key("rules", .list(.mapping("filter rule")), "The rules.", .netwright) { chain, entry, reader in
        for item in reader.list(entry.value) {
          var rule = FilterRuleEntry(range: item.range)
          rule.match.isPartial = reader.readFinding { $0.read(item, into: &rule, by: .filterRule) }
          chain.rules.append(rule)
        }
      },
    ])
}

extension KeyTable where Target == FilterRuleEntry {
  /// An item of a firewall's `rules`.
  static let filterRule = KeyTable(
    "filter rule", "What a packet must be, all of it, and what becomes of it then.",
    matchKeys(\.match) + [
      listKey(
        "icmp", ValueKind<ControlType>.controlType, "The types of control messages that match, by name or number."
      ) {
        $0.controlTypes += $1
      },
      listKey("state", ValueKind<ConnectionState>.choice, "What connection tracking says of it.") { $0.states += $1 },
      Key("limit", .packetLimit, "How many match at most: 10/second, or 10/minute burst 20.", .netwright) {
        $0.limit = $1
      },
      Key(
        "log", .either([.boolean, .text("what the line begins with")]), "Whether it is noted in the kernel's log.",
        .netwright
      ) { rule, entry, reader in
        if case .boolean(let isLogged) = entry.value.coreValue {
          rule.log = isLogged ? .init(prefix: nil) : nil
        } else if let prefix = ValueKind<LogPrefix>.logPrefix.read(entry.value, &reader) {
          rule.log = .init(prefix: prefix.value)
        }
      },
      Key(
        "action", .choice, "What becomes of it; without it, it is counted and the next rule is asked.",
        .netwright
      ) { $0.action = $1 },
      Key(
        "with", .choice, "How the sender of a rejected one is told; port-unreachable without it.",
        .netwright
      ) { $0.rejection = $1 },
      Key("comment", .ruleComment, "What the rule is for.", .netwright) { $0.comment = $1 },
    ])
}

/// The keys that say what a packet must be.
func matchKeys<Target>(
  _ match: any WritableKeyPath<Target, PacketMatchEntry> & Sendable
) -> [Key<Target>] {
  [
    nameKey("from", match, "Where it comes from: devices, networks, nodes, `sets` or addresses.") { $0.from += $1 },
    nameKey("to", match, "Where it goes: the same.") { $0.to += $1 },
    Key("family", .family, "Its family; both without it.", .netwright) { $0[keyPath: match].family = $1 },
    Key("protocol", .choice, "Its protocol.", .netwright) { $0[keyPath: match].transport = $1 },
    portsKey("ports", match, "The ports that it goes to; needs a protocol.") { $0.ports += $1 },
    portsKey("source_ports", match, "The ports that it comes from; needs a protocol.") { $0.sourcePorts += $1 },
  ]
}

private func nameKey<Target>(
  _ name: String, _ match: any WritableKeyPath<Target, PacketMatchEntry> & Sendable, _ summary: String,
  add: @escaping @Sendable (inout PacketMatchEntry, [Located<String>]) -> Void
) -> Key<Target> {
  Key(name, .either([.text("name or address"), .list(.text("name or address"))]), summary, .netwright) {
    target, entry, reader in
    add(&target[keyPath: match], reader.required(entry).compactMap { reader.text($0, expected: "a name") })
  }
}

private func portsKey<Target>(
  _ name: String, _ match: any WritableKeyPath<Target, PacketMatchEntry> & Sendable, _ summary: String,
  add: @escaping @Sendable (inout PacketMatchEntry, [Located<PortRange>]) -> Void
) -> Key<Target> {
  listKey(name, ValueKind<PortRange>.ports(1...65535), summary) { add(&$0[keyPath: match], $1) }
}

private func listKey<Target, Value>(
  _ name: String, _ kind: ValueKind<Value>, _ summary: String,
  add: @escaping @Sendable (inout Target, [Located<Value>]) -> Void
) -> Key<Target> {
  Key(name, .either([kind.shape, .list(kind.shape)]), summary, .netwright) { target, entry, reader in
    let items = reader.required(entry).filter { !reader.isEmptyText($0) }
    add(&target, items.compactMap { kind.read($0, &reader) })
  }
}

extension Reader {
  /// The items of what a packet must be one of: without any it would be as if the key weren't there, and everything
  /// match where nothing should.
  fileprivate mutating func required(_ entry: YAMLMapping.Entry) -> [YAMLNode] {
    let items = oneOrMore(entry.value)
    guard items.isEmpty else { return items }
    report(
      entry.value.isNull
        ? .missingValue(entry.key)
        : .invalidValue(
          "`\(entry.key.value)` is empty, and no packet is one of none", at: entry.value.range,
          help: "take the key out where every packet is meant"))
    return []
  }
}
