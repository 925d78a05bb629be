package import Diagnostics
package import NetworkTypes

/// What a namespace lets in, on and out, every name resolved.
package struct Firewall: Sendable {
  /// The ways that packets go.
  package enum Way: String, Hashable, CaseIterable, Sendable {
    /// To the namespace itself.
    case input
    /// Through it.
    case forward
    /// From it.
    case output
  }

  /// The rules of one way.
  package struct Chain: Sendable {
    /// Whether packets that no rule decides on are dropped.
    package var dropsByDefault: Bool
    /// The rules; what the file has as one may be several here.
    package var rules: [FilterRule]
    /// Where it is written.
    package var origin: SourceRange
  }

  /// Whether packets of known connections are let through before any rule is asked.
  package var isStateful: Bool
  /// The ways that the file says anything of.
  package var chains: [Way: Chain]
  /// Where it is written.
  package var origin: SourceRange
}

/// One end of a packet's way.
package enum RuleEnd: Hashable, Sendable {
  /// Anything.
  case any
  /// One of some devices.
  case devices([InterfaceName])
  /// An address in one of some blocks, all of one family.
  case addresses([IPPrefix])

  /// The family, where it says one.
  package var family: AddressFamily? {
    switch self {
    case .any, .devices: nil
    case .addresses(let blocks): blocks.first?.family
    }
  }
}

/// What a packet must be, all of it.
package struct PacketMatch: Hashable, Sendable {
  /// Where it comes from.
  package var from: RuleEnd
  /// Where it goes.
  package var to: RuleEnd
  /// Its family; nil for both.
  package var family: AddressFamily?
  /// Its protocol.
  package var transport: TransportProtocol?
  /// The types of control messages, of `family`; empty for all, nil where it needn't be one.
  package var controlTypes: [UInt8]?
  /// The ports that it goes to.
  package var ports: [PortRange]
  /// The ports that it comes from.
  package var sourcePorts: [PortRange]
}

/// A rule of a firewall.
package struct FilterRule: Sendable {
  /// What becomes of a packet.
  package enum Action: Hashable, Sendable {
    case accept, drop
    /// Its sender is told.
    case reject(NetfilterRejection)
  }

  /// What a packet must be.
  package var match: PacketMatch
  /// What connection tracking says of it; empty for anything.
  package var states: [ConnectionState]
  /// How many match at most.
  package var limit: NetfilterLimit?
  /// Whether it is noted in the kernel's log.
  package var isLogged: Bool
  /// What the line of the log begins with.
  package var logPrefix: LogPrefix?
  /// What becomes of it; nil to ask the next rule.
  package var action: Action?
  /// What the rule is for.
  package var comment: RuleComment
  /// Where it is written.
  package var origin: SourceRange
}

/// A translation of addresses.
package struct Translation: Sendable {
  /// The address that a connection gets.
  package enum Kind: Hashable, Sendable {
    /// As its source, that of the device it leaves by.
    case masquerade
    /// As its source, this one.
    case source(IPAddress)
    /// As its destination, this one.
    case destination(IPAddress)
    /// As its destination, one of the namespace's own.
    case redirect
  }

  /// What a packet must be.
  package var match: PacketMatch
  /// The address that it gets.
  package var kind: Kind
  /// The ports that it gets; nil to keep them.
  package var newPorts: PortRange?
  /// Where it is written.
  package var origin: SourceRange

  /// The ports that pair one to one with as many new ones of a destination; nil where there are none to pair.
  package var pairedPorts: PortRange? {
    switch kind {
    case .masquerade, .source: return nil
    case .destination, .redirect: break
    }
    guard let newPorts, newPorts.count > 1, match.ports.count == 1, match.ports[0].count == newPorts.count else {
      return nil
    }
    return match.ports[0]
  }
}
