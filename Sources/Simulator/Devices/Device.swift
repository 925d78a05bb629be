package import NetworkTypes
import Plan

/// A network device as the kernel keeps it (struct net_device).
package struct Device: Sendable {
  /// Which one it is, on the whole machine.
  package let id: DeviceID
  /// The namespace it is in.
  package internal(set) var namespace: NamespaceID
  /// Its name there.
  package internal(set) var name: InterfaceName
  /// Its number there (ifindex), from 1.
  package internal(set) var number: Int
  /// What it is, with what only its kind has.
  package internal(set) var kind: DeviceKind
  /// The longest packet that it sends, in bytes without the Ethernet header.
  package internal(set) var mtu: Int
  /// Its hardware address; zero for a loopback device.
  package internal(set) var address: MACAddress
  /// Whether the address was given, so that a bridge doesn't change it with its ports (NET_ADDR_SET).
  var addressIsGiven = false
  /// Its number among the devices that have its hardware address, from 1 (dev_id); 0 where it has its own.
  var sharer: UInt16 = 0
  /// How many devices have been made that have its hardware address.
  var sharers: UInt16 = 0
  /// Whether it is set up (IFF_UP).
  package internal(set) var isUp = false
  /// Whether it ever was.
  package internal(set) var wasUp = false
  /// Its state as it was seen when its carrier went; nil while it has one, and where it never had.
  var stateWithoutCarrier: OperationalState?
  /// Whether IPv6 has begun on it since it went up (IF_READY).
  var isReadyForIPv6 = false
  /// The families of which a route has a dead way over it.
  var deadWays: Set<AddressFamily> = []
  /// The bridge, bond or VRF that it belongs to.
  package internal(set) var master: DeviceID?
  /// Which of its members it uses alone, as a bond.
  var chosenMember: ChosenMember?
  /// What it is as a port of a bridge.
  package internal(set) var port: BridgePort?
  /// The devices that stand on it: VLAN, macvlan and ipvlan devices, in order of creation.
  package internal(set) var uppers: [DeviceID] = []
  /// Its addresses, IPv4 and IPv6, in the order in which the kernel lists them.
  package internal(set) var addresses: [AssignedAddress] = []
  /// The hardware addresses that it takes in beside its own and the broadcast address.
  var listened = ListenedAddresses()
  /// The group that it is in, a mark that ip(8) shows; 0 for the default.
  package internal(set) var group: UInt32 = 0
  /// The queueing discipline at its root, if not the default.
  package internal(set) var qdisc: Qdisc?
  /// What it has sent and received itself; `Kernel.counters(of:)` is what it says.
  package internal(set) var ownCounters = DeviceCounters()
  /// Its IPv4 parameters (net.ipv4.conf.NAME).
  var ipv4: IPv4Settings
  /// Its IPv6 parameters (net.ipv6.conf.NAME).
  var ipv6: IPv6Settings
  /// How it asks for IPv4 neighbors (net.ipv4.neigh.NAME).
  var ipv4Neighbors = NeighborSettings()
  /// How it asks for IPv6 neighbors (net.ipv6.neigh.NAME).
  var ipv6Neighbors = NeighborSettings()
  /// Whether it is gone.
  package internal(set) var isRemoved = false

  /// How it asks for neighbors of a family.
  subscript(neighborsOf family: AddressFamily) -> NeighborSettings {
    get { family == .ipv4 ? ipv4Neighbors : ipv6Neighbors }
    set {
      switch family {
      case .ipv4: ipv4Neighbors = newValue
      case .ipv6: ipv6Neighbors = newValue
      }
    }
  }
}

/// What a device is.
package enum DeviceKind: Hashable, Sendable {
  /// The device that leads back (drivers/net/loopback.c).
  case loopback
  /// One end of a cable (drivers/net/veth.c).
  case veth(peer: DeviceID)
  /// A switch, an index into `Kernel.bridges`.
  case bridge(Int)
  /// A device that drops what it is given.
  case dummy
  /// Several devices as one.
  case bond(BondMode)
  /// A routing domain with a table of its own.
  case vrf(table: UInt32)
  /// A sub-interface for one VLAN of another device.
  case vlan(parent: DeviceID, id: UInt16)
  /// Ethernet over UDP, an index into `Kernel.vxlans`.
  case vxlan(Int)
  /// A device with its own hardware address on another.
  case macvlan(parent: DeviceID, mode: MACVLANMode)
  /// A device that shares another's hardware address.
  case ipvlan(parent: DeviceID, mode: IPVLANMode)
  /// A device of a real machine whose other end isn't known, a network card for instance; `peer` is what stands there
  /// instead.
  case outside(hasCarrier: Bool, peer: DeviceID?)
}

extension DeviceKind {
  /// The device that it stands on, if it stands on one.
  package var parent: DeviceID? {
    switch self {
    case .vlan(let parent, _), .macvlan(let parent, _), .ipvlan(let parent, _): parent
    case .loopback, .veth, .bridge, .dummy, .bond, .vrf, .vxlan, .outside: nil
    }
  }

  /// Whether what it sends comes back to the machine itself: a VRF's device does so in its domain.
  var leadsBack: Bool {
    switch self {
    case .loopback, .vrf: true
    case .veth, .bridge, .dummy, .bond, .vlan, .vxlan, .macvlan, .ipvlan, .outside: false
    }
  }
}

/// An address that a device has.
package struct AssignedAddress: Hashable, Sendable {
  /// The address with its prefix.
  package var interface: InterfaceAddress
  /// How far it is valid.
  package var scope: RouteScope
  /// Whether another address of the same prefix came first (IFA_F_SECONDARY).
  package var isSecondary = false
  /// Whether it isn't yet known to be the only one on the link (IFA_F_TENTATIVE).
  package var isTentative = false
  /// By what its own probe for duplicates is known again, should it come back; 0 where none has been sent.
  var probeNonce: UInt64 = 0
  /// Whether another has it (IFA_F_DADFAILED).
  package var isDuplicate = false
  /// Whether detection of duplicates was left out (IFA_F_NODAD).
  package var skipsDetection = false
  /// Its broadcast address (IFA_BROADCAST), if it has one.
  package var broadcast: IPv4Address?

  /// Creates an address without any mark.
  package init(interface: InterfaceAddress, scope: RouteScope) {
    self.interface = interface
    self.scope = scope
  }

  /// The address alone.
  package var address: IPAddress { interface.address }
}

/// What a device has sent and received since it was made (struct rtnl_link_stats64).
package struct DeviceCounters: Hashable, Sendable {
  /// Packets received.
  package internal(set) var receivedPackets = 0
  /// Bytes received.
  package internal(set) var receivedBytes = 0
  /// Packets to groups that were received.
  package internal(set) var receivedMulticasts = 0
  /// Packets sent.
  package internal(set) var sentPackets = 0
  /// Bytes sent.
  package internal(set) var sentBytes = 0
  /// Packets that weren't sent.
  package internal(set) var sentDropped = 0
  /// Packets received and dropped.
  package internal(set) var receivedDropped = 0

  static func + (one: Self, other: Self) -> Self { one.combined(with: other, by: +) }

  static func - (one: Self, other: Self) -> Self { one.combined(with: other, by: -) }

  private func combined(with other: Self, by operation: (Int, Int) -> Int) -> Self {
    var result = self
    result.receivedPackets = operation(receivedPackets, other.receivedPackets)
    result.receivedBytes = operation(receivedBytes, other.receivedBytes)
    result.receivedMulticasts = operation(receivedMulticasts, other.receivedMulticasts)
    result.sentPackets = operation(sentPackets, other.sentPackets)
    result.sentBytes = operation(sentBytes, other.sentBytes)
    result.sentDropped = operation(sentDropped, other.sentDropped)
    result.receivedDropped = operation(receivedDropped, other.receivedDropped)
    return result
  }
}
