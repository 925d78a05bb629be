package import Diagnostics
package import NetworkTypes

/// A static route, an entry of `routes`.
package struct RouteEntry: Sendable {
  /// Where a route leads.
  package enum Destination: Hashable, Sendable {
    /// Everywhere, in the route's family.
    case everywhere
    /// A block; a single address has the full length.
    case prefix(IPPrefix)
  }

  /// What a route does with a packet.
  package enum Kind: String, CaseIterable, Sendable {
    /// Sends it on.
    case unicast
    /// Drops it in silence.
    case blackhole
    /// Drops it with ICMP host unreachable.
    case unreachable
    /// Drops it with ICMP administratively prohibited.
    case prohibit
  }

  /// One of several next hops, an entry of `nexthops`.
  package struct Hop: Sendable {
    /// The whole entry.
    package var range: SourceRange
    /// `via`.
    package var via: Located<IPAddress>?
    /// `dev`.
    package var device: Located<InterfaceName>?
    /// `weight`: 1…256.
    package var weight: Located<Int>?
    /// `onlink`.
    package var isOnLink: Located<Bool>?

    /// Creates an entry.
    package init(range: SourceRange) { self.range = range }
  }

  /// The whole entry.
  package var range: SourceRange
  /// `to`.
  package var destination: Located<Destination>
  /// `via`, `dev` and `onlink` of a single next hop, or `nexthops`; empty for the kinds that drop.
  package var hops: [Hop] = []
  /// `type`.
  package var kind: Located<Kind>?
  /// `metric`.
  package var metric: Located<UInt32>?
  /// `table`.
  package var table: Located<UInt32>?
  /// `src`.
  package var source: Located<IPAddress>?

  /// Creates an entry.
  package init(range: SourceRange, destination: Located<Destination>) {
    self.range = range
    self.destination = destination
  }

  /// The family: of a default route that of its gateway, else of its source, else IPv4, as `ip route` has it.
  package var family: AddressFamily {
    switch destination.value {
    case .prefix(let prefix): prefix.family
    case .everywhere: hops.lazy.compactMap { $0.via?.value.family }.first ?? source?.value.family ?? .ipv4
    }
  }
}

/// A policy rule, an entry of `rules`.
package struct RuleEntry: Sendable {
  /// What a match leads to.
  package enum Kind: String, CaseIterable, Sendable {
    /// A look-up in `table`.
    case lookup
    /// A drop in silence.
    case blackhole
    /// A drop with ICMP network unreachable.
    case unreachable
    /// A drop with ICMP administratively prohibited.
    case prohibit
  }

  /// The whole entry.
  package var range: SourceRange
  /// `from`.
  package var from: Located<IPPrefix>?
  /// `to`.
  package var to: Located<IPPrefix>?
  /// `iif`.
  package var inputDevice: Located<InterfaceName>?
  /// `oif`.
  package var outputDevice: Located<InterfaceName>?
  /// `fwmark`.
  package var mark: Located<UInt32>?
  /// `family`, for a rule that names no prefix; both without it.
  package var family: Located<AddressFamily>?
  /// `table`.
  package var table: Located<UInt32>?
  /// `priority`.
  package var priority: Located<UInt32>?
  /// `type`.
  package var kind: Located<Kind>?

  /// Creates an entry.
  package init(range: SourceRange) { self.range = range }
}

/// A device that a node makes for itself, an entry of `interfaces`.
package struct InterfaceEntry: Sendable {
  /// The kinds of devices, as `ip link` names them.
  package enum Kind: String, CaseIterable, Sendable {
    /// A device that carries addresses.
    case dummy
    /// An 802.1Q sub-interface: `parent`, `id`.
    case vlan
    /// Ethernet over UDP: `id`, `local`, `remote` or `group`, `parent`, `port`.
    case vxlan
    /// A routing domain: `table`, `members`.
    case vrf
    /// Several devices as one: `mode`, `members`.
    case bond
    /// A bridge: `members`, `stp`.
    case bridge
  }

  /// Its name.
  package var name: Located<InterfaceName>
  /// `type`.
  package var kind: Located<Kind>
  /// `addresses`.
  package var addresses: [Located<InterfaceAddress>] = []
  /// `mtu`.
  package var mtu: Located<Int>?
  /// `mac_address`.
  package var macAddress: Located<MACAddress>?
  /// `members`: devices of the node that it is made of.
  package var members: [Located<InterfaceName>] = []
  /// `parent`: the device it stands on.
  package var parent: Located<InterfaceName>?
  /// `id`: a VLAN's 1…4094, a VXLAN's 0…16777215.
  package var id: Located<UInt32>?
  /// `table`, of a VRF.
  package var table: Located<UInt32>?
  /// `mode`, of a bond.
  package var mode: Located<BondMode>?
  /// `local`, of a VXLAN.
  package var local: Located<IPAddress>?
  /// `remote`, or `group`, of a VXLAN.
  package var remote: Located<IPAddress>?
  /// `port`, of a VXLAN.
  package var port: Located<UInt16>?
  /// `stp`, of a bridge.
  package var spanningTree: Located<Bool>?
  /// What it does to the packets it sends.
  package var impairment: ImpairmentEntry?

  /// Creates an entry.
  package init(name: Located<InterfaceName>, kind: Located<Kind>) {
    self.name = name
    self.kind = kind
  }
}
