package import NetworkTypes

/// Creates a device (`ip link add`), down.
package struct AddLink: Hashable, Codable, Sendable {
  /// The device.
  package var link: LinkReference
  /// What it is.
  package var kind: LinkKind
  /// Its MTU in bytes; nil for the kernel's choice.
  package var mtu: Int?
  /// Its hardware address; nil for the kernel's choice.
  package var address: MACAddress?

  /// Creates the operation.
  package init(link: LinkReference, kind: LinkKind, mtu: Int? = nil, address: MACAddress? = nil) {
    self.link = link
    self.kind = kind
    self.mtu = mtu
    self.address = address
  }
}

/// The kinds of devices beside veth pairs, with what each needs at creation.
package enum LinkKind: Hashable, Sendable {
  /// A bridge (net/bridge).
  case bridge(BridgeOptions)
  /// A device that drops what it is given and carries addresses (drivers/net/dummy.c).
  case dummy
  /// Several devices as one (Documentation/networking/bonding.rst).
  case bond(BondMode)
  /// A routing domain with a table of its own (Documentation/networking/vrf.rst).
  case vrf(table: UInt32)
  /// An 802.1Q sub-interface of a device in the same namespace.
  case vlan(parent: InterfaceName, id: VLANID)
  /// Ethernet over UDP (RFC 7348).
  case vxlan(VXLANOptions)
  /// A device with its own hardware address on another, which may be in another place.
  case macvlan(parent: LinkReference, mode: MACVLANMode)
  /// A device that shares another's hardware address; the parent may be in another place.
  case ipvlan(parent: LinkReference, mode: IPVLANMode)
}

/// Creates a veth pair (veth(4)), both ends down, each in its namespace under its final name.
package struct AddVethPair: Hashable, Codable, Sendable {
  /// One end.
  package struct End: Hashable, Codable, Sendable {
    /// The device.
    package var link: LinkReference
    /// Its hardware address; nil for the kernel's choice.
    package var address: MACAddress?

    /// Creates an end.
    package init(_ link: LinkReference, address: MACAddress? = nil) {
      self.link = link
      self.address = address
    }
  }

  /// The end that is named first.
  package var first: End
  /// Its peer.
  package var second: End
  /// The MTU of both ends in bytes; nil for the kernel's 1500.
  package var mtu: Int?

  /// Creates the operation.
  package init(_ first: End, _ second: End, mtu: Int? = nil) {
    self.first = first
    self.second = second
    self.mtu = mtu
  }
}

/// Makes a device a port of a bridge, or a member of a bond or a VRF, in the same place (`ip link set … master`).
package struct SetMaster: Hashable, Codable, Sendable {
  /// The device, which must be down to join a bond.
  package var link: LinkReference
  /// The bridge, bond or VRF.
  package var master: InterfaceName

  /// Creates the operation.
  package init(link: LinkReference, master: InterfaceName) {
    self.link = link
    self.master = master
  }
}

/// Adds consecutive VLANs to a port of a VLAN-aware bridge, or to the bridge itself (`bridge vlan add`, bridge(8)).
package struct AddBridgeVLAN: Hashable, Codable, Sendable {
  /// The port or the bridge.
  package var link: LinkReference
  /// Whether `link` is the bridge itself.
  package var isBridge: Bool
  /// The first VLAN.
  package var first: VLANID
  /// The last VLAN, not below the first.
  package var last: VLANID
  /// Whether frames without a tag belong to it (one VLAN only).
  package var isPVID: Bool
  /// Whether its frames leave without a tag.
  package var isUntagged: Bool
  /// Whether VLAN 1, which a port is born with, is taken away first.
  package var replacesDefault: Bool

  /// Creates the operation.
  package init(
    link: LinkReference, isBridge: Bool = false, first: VLANID, last: VLANID, isPVID: Bool, isUntagged: Bool,
    replacesDefault: Bool
  ) {
    self.link = link
    self.isBridge = isBridge
    self.first = first
    self.last = last
    self.isPVID = isPVID
    self.isUntagged = isUntagged
    self.replacesDefault = replacesDefault
  }
}

/// Lets a bridge send frames out by the port that they came in by (`ip link set … type bridge_slave hairpin on`).
///
/// A node that connects to its own published port is behind the same port as its target; where br_netfilter hands
/// bridged frames to netfilter, the translated frame is bridged there and would be held back (`should_deliver`,
/// net/bridge/br_forward.c).
package struct SetHairpin: Hashable, Codable, Sendable {
  /// The port.
  package var link: LinkReference

  /// Creates the operation.
  package init(link: LinkReference) { self.link = link }
}

/// Sets whether a device makes itself an IPv6 link-local address when it goes up (`ip link set … addrgenmode`).
package struct SetAddressGeneration: Hashable, Codable, Sendable {
  /// The ways to make one (IFLA_INET6_ADDR_GEN_MODE).
  package enum Mode: String, Hashable, Codable, CaseIterable, Sendable {
    /// From the hardware address (RFC 4291 appendix A); what devices are born with.
    case eui64
    /// None is made.
    case none
  }

  /// The device.
  package var link: LinkReference
  /// The way.
  package var mode: Mode

  /// Creates the operation.
  package init(link: LinkReference, mode: Mode) {
    self.link = link
    self.mode = mode
  }
}

/// Sets a device administratively up (`ip link set … up`).
package struct SetLinkUp: Hashable, Codable, Sendable {
  /// The device.
  package var link: LinkReference

  /// Creates the operation.
  package init(link: LinkReference) { self.link = link }
}
