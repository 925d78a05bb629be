package import NetworkTypes

/// One thing that a packet must be for a rule to match it.
package enum NetfilterMatch: Hashable, Sendable {
  /// It is IPv4 or IPv6 (`meta nfproto`; of a frame, `meta protocol`).
  case family(AddressFamily)
  /// It came in by one of the devices (`iifname`), in family bridge ports; matched by name, so that they need not be there.
  case input(NetfilterSelection<InterfaceName>)
  /// It leaves by one of the devices (`oifname`), in family bridge ports.
  case output(NetfilterSelection<InterfaceName>)
  /// Its source is in one of the blocks, all of one family; so is the packet.
  case source(NetfilterSelection<IPPrefix>)
  /// Its destination is in one of the blocks, all of one family; so is the packet.
  case destination(NetfilterSelection<IPPrefix>)
  /// Its source is, or isn't, an address of the machine (`fib saddr type local`).
  case sourceIsLocal(Bool)
  /// Its destination is, or isn't, an address of the machine (`fib daddr type local`).
  case destinationIsLocal(Bool)
  /// It is of a transport protocol (`meta l4proto`).
  case transport(TransportProtocol)
  /// Its source port is in one of the ranges; comes after `transport`.
  case sourcePort(NetfilterSelection<PortRange>)
  /// Its destination port is in one of the ranges; comes after `transport`.
  case destinationPort(NetfilterSelection<PortRange>)
  /// It is a control message of a family: ICMP or ICMPv6 (`meta l4proto icmp`, `ipv6-icmp`).
  case icmp(AddressFamily)
  /// It is a control message of one of the types, by number; comes after `icmp`.
  case icmpType(NetfilterSelection<UInt8>)
  /// Its connection is in one of the states (`ct state`).
  case connectionState([ConnectionState])
  /// The destination of its connection was, or wasn't, translated (`ct status dnat`).
  case destinationWasTranslated(Bool)
  /// There weren't too many (`limit rate`): a token bucket for the whole rule. The last of the matches.
  case limit(NetfilterLimit)
}

/// Some values, or all but those.
package struct NetfilterSelection<Value: Hashable & Sendable>: Hashable, Sendable {
  /// The values, at least one, in the order that they were given.
  package var values: [Value]
  /// Whether everything else is meant.
  package var isNegated: Bool

  /// Creates a selection.
  package init(_ values: [Value], isNegated: Bool = false) {
    self.values = values
    self.isNegated = isNegated
  }
}

extension NetfilterSelection: Codable where Value: Codable {}

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
