package import Diagnostics
package import NetworkTypes

/// What a namespace lets in, on and out, an entry's `firewall`.
package struct FirewallEntry: Sendable {
  /// The rules of one way that packets go.
  package struct Chain: Sendable {
    /// What becomes of packets that no rule decides on.
    package enum Policy: String, CaseIterable, Sendable {
      case accept, drop
    }

    /// The key.
    package var range: SourceRange
    /// `policy`.
    package var policy: Located<Policy>?
    /// `rules`.
    package var rules: [FilterRuleEntry] = []

    /// Creates an entry.
    package init(range: SourceRange) { self.range = range }
  }

  /// The key.
  package var range: SourceRange
  /// `sets`: addresses by a name.
  package var sets: [(name: Located<String>, addresses: [Located<IPPrefix>])] = []
  /// `stateless`: whether packets of known connections are asked about like others.
  package var isStateless: Located<Bool>?
  /// `input`, `forward`, `output`.
  package var chains: [FirewallChain: Chain] = [:]

  /// Creates an entry.
  package init(range: SourceRange) { self.range = range }
}

/// The ways that packets go.
package enum FirewallChain: String, CaseIterable, Sendable {
  /// To the node itself.
  case input
  /// Through it.
  case forward
  /// From it.
  case output
}

/// What a packet must be for a rule.
package struct PacketMatchEntry: Sendable {
  /// The rule.
  package var range: SourceRange
  /// `from`: devices, networks, nodes, sets or addresses.
  package var from: [Located<String>] = []
  /// `to`: the same.
  package var to: [Located<String>] = []
  /// `family`.
  package var family: Located<AddressFamily>?
  /// `protocol`.
  package var transport: Located<RuleProtocol>?
  /// `ports`: the ports that it goes to.
  package var ports: [Located<PortRange>] = []
  /// `source_ports`: the ports that it comes from.
  package var sourcePorts: [Located<PortRange>] = []
  /// Whether something of the rule couldn't be read, so that it may say more than stands here.
  package var isPartial = false

  /// Creates an entry.
  package init(range: SourceRange) { self.range = range }
}

/// The protocols that rules tell apart.
package enum RuleProtocol: String, CaseIterable, Sendable {
  case tcp, udp, sctp, icmp

  /// The protocol, where it has ports.
  package var transport: TransportProtocol? {
    switch self {
    case .tcp: .tcp
    case .udp: .udp
    case .sctp: .sctp
    case .icmp: nil
    }
  }
}

/// A rule of a firewall.
package struct FilterRuleEntry: Sendable {
  /// What becomes of a packet.
  package enum Action: String, CaseIterable, Sendable {
    case accept, drop, reject
  }

  /// What a packet must be.
  package var match: PacketMatchEntry
  /// `icmp`: types of control messages.
  package var controlTypes: [Located<ControlType>] = []
  /// `state`.
  package var states: [Located<ConnectionState>] = []
  /// `limit`.
  package var limit: Located<NetfilterLimit>?
  /// `log`: nil for none.
  package var log: Log?
  /// `action`; nil for a rule that counts, and logs where it says so.
  package var action: Located<Action>?
  /// `with`, of a rejection.
  package var rejection: Located<NetfilterRejection>?
  /// `comment`.
  package var comment: Located<RuleComment>?

  /// A line in the kernel's log.
  package struct Log: Sendable {
    /// What it begins with.
    package var prefix: LogPrefix?
  }

  /// Creates an entry.
  package init(range: SourceRange) { match = PacketMatchEntry(range: range) }
}

/// A translation of addresses, an item of `nat`.
package struct TranslationEntry: Sendable {
  /// What is translated.
  package enum Kind: Sendable {
    /// The source, to the address of the device that a packet leaves by.
    case masquerade
    /// The source, to an address.
    case source(Located<IPAddress>)
    /// The destination, to a node or an address.
    case destination(Located<String>)
    /// The destination, to the namespace itself.
    case redirect
  }

  /// What a packet must be.
  package var match: PacketMatchEntry
  /// What is translated.
  package var kind: Kind
  /// The ports that it gets.
  package var newPorts: Located<PortRange>?

  /// Creates an entry.
  package init(match: PacketMatchEntry, kind: Kind, newPorts: Located<PortRange>?) {
    self.match = match
    self.kind = kind
    self.newPorts = newPorts
  }
}

extension FirewallEntry {
  /// The sets by name; the first of several with one.
  package var namedSets: [String: [IPPrefix]] {
    Dictionary(sets.map { ($0.name.value, $0.addresses.map(\.value)) }, uniquingKeysWith: { first, _ in first })
  }
}
