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
package enum LinkKind: Codable, Hashable, Sendable {
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

/// What a bridge is created with (`ip link add type bridge`).
package struct BridgeOptions: Hashable, Codable, Sendable {
  /// Whether frames are kept to VLANs.
  package var vlanFiltering = false
  /// Whether it runs the spanning tree protocol; with it, a forward delay of 2 s, the least the kernel takes.
  package var spanningTree = false
  /// How long a learned address is kept without traffic, in seconds; nil for the kernel's 300.
  package var ageingTime: Int?

  /// Creates the kernel's defaults.
  package init() {}
}

/// The identifier of a VLAN: 1…4094 (IEEE 802.1Q §9.6).
package struct VLANID: Hashable, Comparable, Sendable, TextCodable {
  /// The number.
  package let number: UInt16

  /// Checks and takes a number.
  package init?(number: Int) {
    guard (1...4094).contains(number) else { return nil }
    self.number = UInt16(number)
  }

  /// Checks and takes a decimal number.
  package init?(_ text: String) {
    guard let number = Int(text) else { return nil }
    self.init(number: number)
  }

  /// The number in decimal.
  package var description: String { String(number) }

  /// Orders by number.
  package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

/// How a bond's members share the work, as `ip link` names it.
package enum BondMode: String, Hashable, Codable, CaseIterable, Sendable {
  /// Packets in turn over all.
  case balanceRR = "balance-rr"
  /// One at a time.
  case activeBackup = "active-backup"
  /// By a hash of the addresses.
  case balanceXOR = "balance-xor"
  /// Every packet over all.
  case broadcast
  /// Link aggregation (IEEE 802.1AX).
  case lacp = "802.3ad"
  /// Adaptive sending.
  case balanceTLB = "balance-tlb"
  /// Adaptive sending and receiving.
  case balanceALB = "balance-alb"
}

/// What a VXLAN device is created with (`ip link add type vxlan`).
package struct VXLANOptions: Hashable, Codable, Sendable {
  /// The network identifier: 0…16777215 (RFC 7348 §5).
  package var id: UInt32
  /// The source address of the outer packets; nil for the routing's choice.
  package var local: IPAddress?
  /// Where frames for unknown addresses go: a unicast address, or a multicast group, which needs `device`.
  package var remote: IPAddress?
  /// The device that the outer packets leave by; nil for the routing's choice.
  package var device: InterfaceName?
  /// The UDP port; IANA's is 4789.
  package var port: UInt16

  /// Creates the options.
  package init(id: UInt32, local: IPAddress?, remote: IPAddress?, device: InterfaceName?, port: UInt16 = 4789) {
    self.id = id
    self.local = local
    self.remote = remote
    self.device = device
    self.port = port
  }
}

/// How macvlan devices on one parent see each other (drivers/net/macvlan.c).
package enum MACVLANMode: String, Hashable, Codable, CaseIterable, Sendable {
  /// Directly.
  case bridge
  /// Not at all.
  case `private`
  /// Through the switch outside.
  case vepa
  /// One device alone, with the parent's address.
  case passthru
}

/// At which layer an ipvlan device works (Documentation/networking/ipvlan.rst).
package enum IPVLANMode: String, Hashable, Codable, CaseIterable, Sendable {
  /// Layer 2: broadcast and ARP work.
  case l2
  /// Layer 3: routed by the parent's namespace.
  case l3
  /// Layer 3 with the parent's netfilter hooks.
  case l3s
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
