package import NetworkTypes
package import Plan

/// The network state of a machine as it was found, for a kernel to start from.
package struct HostState: Sendable {
  /// A namespace; the host's has no name.
  package struct Space: Sendable {
    package var name: NamespaceName?
    package var devices: [Link] = []
    package var routes: [Route] = []
    package var rules: [AddressFamily: [Rule]] = [:]
    package var neighbors: [NeighborEntry] = []
    /// The VLANs of bridges and their ports; where there are none, they have those that they are born with.
    package var vlans: [VLANs] = []
    /// What the bridges have learned, or were told.
    package var learned: [LearnedAddress] = []
    /// The parameters in any order.
    package var parameters: [SysctlKey: Int] = [:]

    /// Creates a namespace with nothing in it.
    package init(name: NamespaceName?) { self.name = name }
  }

  /// What a device is, as far as a kernel can go on from it.
  package enum Kind: Sendable {
    case loopback
    case bridge(BridgeOptions)
    /// One end of a cable, and where the other is: a place among `spaces` and its number there.
    case veth(peerSpace: Int, peer: Int)
    case dummy
    case bond(BondMode)
    case vrf(table: UInt32)
    case vlan(parent: Int, id: UInt16)
    case vxlan(VXLANOptions)
    /// Anything whose other end isn't known: a network card, a tunnel.
    case outside(hasCarrier: Bool)
  }

  /// A device.
  package struct Link: Sendable {
    package var number: Int
    package var name: InterfaceName
    package var kind: Kind
    package var mtu: Int
    package var hardware: MACAddress
    package var isUp: Bool
    /// The number of the bridge, bond or VRF that it belongs to.
    package var master: Int?
    package var group: UInt32
    package var addresses: [AssignedAddress]

    /// Creates a device.
    package init(
      number: Int, name: InterfaceName, kind: Kind, mtu: Int, hardware: MACAddress, isUp: Bool, master: Int?,
      group: UInt32, addresses: [AssignedAddress]
    ) {
      self.number = number
      self.name = name
      self.kind = kind
      self.mtu = mtu
      self.hardware = hardware
      self.isUp = isUp
      self.master = master
      self.group = group
      self.addresses = addresses
    }
  }

  /// A route; its next hops name devices of the namespace.
  package struct Route: Sendable {
    package struct NextHop: Sendable {
      package var gateway: IPAddress?
      package var device: InterfaceName
      package var weight: Int
      package var isOnLink: Bool

      /// Creates a next hop.
      package init(gateway: IPAddress?, device: InterfaceName, weight: Int, isOnLink: Bool) {
        self.gateway = gateway
        self.device = device
        self.weight = weight
        self.isOnLink = isOnLink
      }
    }

    package var table: UInt32
    package var destination: IPPrefix
    package var type: RouteType
    package var scope: RouteScope
    package var origin: RouteProtocol
    package var metric: UInt32
    package var source: IPAddress?
    package var nextHops: [NextHop]

    /// Creates a route.
    package init(
      table: UInt32, destination: IPPrefix, type: RouteType, scope: RouteScope, origin: RouteProtocol, metric: UInt32,
      source: IPAddress?, nextHops: [NextHop]
    ) {
      self.table = table
      self.destination = destination
      self.type = type
      self.scope = scope
      self.origin = origin
      self.metric = metric
      self.source = source
      self.nextHops = nextHops
    }
  }

  /// VLANs of a port, or of a bridge's own device (`bridge vlan`).
  package struct VLANs: Sendable {
    package var device: InterfaceName
    package var range: ClosedRange<UInt16>
    package var isPVID: Bool
    package var isUntagged: Bool

    /// Creates a range of VLANs.
    package init(device: InterfaceName, range: ClosedRange<UInt16>, isPVID: Bool, isUntagged: Bool) {
      self.device = device
      self.range = range
      self.isPVID = isPVID
      self.isUntagged = isUntagged
    }
  }

  /// An address that a bridge knows behind one of its ports (`bridge fdb`).
  package struct LearnedAddress: Sendable {
    package var device: InterfaceName
    package var address: MACAddress
    /// The VLAN; 0 for a bridge that isn't VLAN-aware.
    package var vlan: UInt16

    /// Creates an entry.
    package init(device: InterfaceName, address: MACAddress, vlan: UInt16) {
      self.device = device
      self.address = address
      self.vlan = vlan
    }
  }

  /// A policy rule.
  package struct Rule: Sendable {
    package var rule: RoutingRules.Rule

    /// Creates a rule.
    package init(
      priority: UInt32, from: IPPrefix?, to: IPPrefix?, inputDevice: InterfaceName?, outputDevice: InterfaceName?,
      mark: UInt32?, action: RuleAction?
    ) {
      rule = RoutingRules.Rule(
        priority: priority, from: from, to: to, inputDevice: inputDevice, outputDevice: outputDevice, mark: mark,
        action: action.map { .planned($0) } ?? .master)
    }
  }

  /// A neighbor whose hardware address is known.
  package struct NeighborEntry: Sendable {
    package var device: InterfaceName
    package var address: IPAddress
    package var hardware: MACAddress

    /// Creates a neighbor.
    package init(device: InterfaceName, address: IPAddress, hardware: MACAddress) {
      self.device = device
      self.address = address
      self.hardware = hardware
    }
  }

  /// The namespaces, the host's first.
  package var spaces: [Space]

  /// Creates a state.
  package init(spaces: [Space]) { self.spaces = spaces }
}
