package import NetworkTypes

/// One thing that a packet must be for a rule to match it.
package enum NetfilterMatch: Hashable, Sendable {
  /// It is IPv4 or IPv6 (`meta nfproto`; of a frame, `meta protocol`).
  case family(AddressFamily)
  /// It came in by one of the devices (`iifname`), in family bridge ports; matched by name, so that they need not be
  /// there.
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
