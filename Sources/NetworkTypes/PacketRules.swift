/// What connection tracking says of a packet (enum ip_conntrack_info).
package enum ConnectionState: String, Hashable, Codable, CaseIterable, Sendable {
  /// The first of its connection, or one that nobody has answered yet.
  case new
  /// Of a connection of which packets went both ways.
  case established
  /// Begins a connection, or tells of an error, that belongs to a known one.
  case related
  /// Of no connection that could be.
  case invalid
  /// Not looked at.
  case untracked
}

/// A token bucket (net/netfilter/nft_limit.c).
package struct NetfilterLimit: Hashable, Codable, Sendable {
  /// The spans that rates are given for.
  package enum Unit: String, Hashable, Codable, CaseIterable, Sendable {
    case second, minute, hour, day
  }

  /// How many packets in a unit.
  package var packets: UInt32
  /// The unit.
  package var unit: Unit
  /// How many packets may come at once beside.
  package var burst: UInt32

  /// Creates a limit; the default burst is the programs' own, 5.
  package init(packets: UInt32, per unit: Unit, burst: UInt32 = 5) {
    self.packets = packets
    self.unit = unit
    self.burst = burst
  }
}

/// How the sender of a rejected packet is told.
package enum NetfilterRejection: String, Hashable, Codable, CaseIterable, Sendable {
  /// With "port unreachable".
  case portUnreachable = "port-unreachable"
  /// With "host unreachable"; "address unreachable" in IPv6.
  case hostUnreachable = "host-unreachable"
  /// With "network unreachable"; "no route" in IPv6.
  case networkUnreachable = "network-unreachable"
  /// With "communication administratively prohibited".
  case adminProhibited = "admin-prohibited"
  /// With a TCP reset, of TCP only; `tcp-reset` rules match nothing else.
  case tcpReset = "tcp-reset"
}
