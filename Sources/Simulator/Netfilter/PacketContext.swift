import NetworkTypes
package import Packets
package import Plan

/// What the kernel keeps beside a packet while it is on a machine (struct sk_buff, struct nf_hook_state).
package struct PacketContext: Sendable {
  /// The device that it came in by; nil for the machine's own.
  package internal(set) var input: DeviceID?
  /// The device that it leaves by, once that is known.
  package internal(set) var output: DeviceID?
  /// The bridge's port that it came in by, where a bridge had it filtered (nf_bridge_info.physindev).
  package internal(set) var bridgeInput: DeviceID?
  /// The bridge's port that it leaves by (nf_bridge_info.physoutdev).
  package internal(set) var bridgeOutput: DeviceID?
  /// The frame that it came in.
  package internal(set) var frame: Frame?
  /// The connection that it belongs to.
  var tracking = Tracking.none
  /// The next router, where it leaves by one.
  var gateway: IPAddress?
  /// The fragments that it was made of, where it was.
  var parts: GatheredParts?
  /// Whether the chains of prerouting have been asked already, by a bridge (ip_sabotage_in).
  var hasPassedPrerouting = false
}

/// What is known of a packet's connection (skb->_nfct).
enum Tracking: Sendable {
  /// Nothing: not looked at yet, or of no connection that could be.
  case none
  /// It isn't to be tracked.
  case untracked
  /// A connection that begins with it, or with what it answers, and isn't in the table.
  indirect case fresh(Connection, isReply: Bool, ConnectionState)
  /// A connection in the table.
  case known(ConnectionID, isReply: Bool, ConnectionState)

  /// Whether nothing is known.
  var isNone: Bool { if case .none = self { true } else { false } }

  /// What rules ask for (`ct state`).
  var state: ConnectionState {
    switch self {
    case .none: .invalid
    case .untracked: .untracked
    case .fresh(_, _, let state), .known(_, _, let state): state
    }
  }

  /// That of an answer to the packet that the machine itself makes up (nf_conntrack_attach).
  var answering: Tracking {
    switch self {
    case .none, .untracked: .none
    case .fresh(let connection, let isReply, _): .fresh(connection, isReply: !isReply, .related)
    case .known(let id, let isReply, _): .known(id, isReply: !isReply, .related)
    }
  }

  /// Whether the packet goes against the direction of its connection's first.
  var isReply: Bool {
    switch self {
    case .none, .untracked: false
    case .fresh(_, let isReply, _), .known(_, let isReply, _): isReply
    }
  }
}

/// What becomes of a packet at a hook.
enum HookVerdict: Sendable {
  /// It goes on.
  case accepted
  /// It goes no further; who sent it hears of the error.
  case dropped(Errno)
  /// It goes no further now: it waits for its other fragments.
  case stolen
}

/// A rule or chain that a packet met, and what was decided.
package struct RuleStep: Sendable {
  /// Where in a chain a packet is.
  package enum Position: Hashable, Sendable {
    /// At a rule that it matched, by its number from 0.
    case rule(Int)
    /// At the end of a chain that was jumped to: the chain that jumped goes on.
    case end
    /// At the end of a base chain, whose policy decides.
    case policy
  }

  /// The machine.
  package let namespace: NamespaceID
  /// The hook.
  package let hook: NetfilterHook
  /// The priority of the chain that the hook called.
  package let priority: NetfilterPriority
  /// The chain, an index into `Netfilter.chains`.
  package let chain: Int
  /// Where in it.
  package let position: Position
  /// What was decided; nil to go on.
  package let verdict: NetfilterVerdict?
  /// The packet as it was; nil for a frame without one.
  package let packet: IPPacket?
  /// What is kept beside it.
  package let context: PacketContext
}
