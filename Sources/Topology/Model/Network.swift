package import Diagnostics
package import NetworkTypes

/// A network: for most drivers a device in the host's namespace that nodes are attached to.
package struct Network: Sendable {
  /// What makes it, with what each kind needs.
  package enum Driver: Sendable {
    /// A bridge device in the host's namespace.
    case bridge(device: InterfaceName, options: BridgeOptions)
    /// macvlan devices on a parent; `makesParent` where the file names none and a dummy device is made.
    case macvlan(parent: InterfaceName, makesParent: Bool, mode: MACVLANMode)
    /// ipvlan devices on a parent; `makesParent` where the file names none and a dummy device is made.
    case ipvlan(parent: InterfaceName, makesParent: Bool, mode: IPVLANMode)
    /// The host's own namespace: a service on it is in host mode.
    case host
    /// Nothing: a service on it has loopback alone.
    case none
  }

  /// Its place in the topology.
  package var id: NetworkID
  /// Its key in the file; `default`, or `bridge` for the engine's docker0, where implicit.
  package var key: String
  /// The engine's name: `PROJECT_KEY`, or `name:`.
  package var name: String
  /// What makes it.
  package var driver: Driver
  /// What it lets through, where it is a bridge.
  package var policy = BridgePolicy()
  /// Its blocks of addresses, IPv4 first.
  package var pools: [Pool] = []
  /// The MTU of the bridge and of both ends of every attachment; nil for the kernel's 1500.
  package var mtu: Int?
  /// Whether nodes get no default route from it.
  package var isInternal: Bool
  /// Whether it carries IPv4, IPv6.
  package var families: [AddressFamily]
  /// What an interface's name starts with in the node: `eth`.
  package var interfacePrefix: String
  /// Whether the bridge has no IPv4 address though the pool has a gateway.
  package var inhibitsIPv4: Bool
  /// Whether any node or link is attached to it, or a network that is used stands on it; else it isn't built.
  package var isUsed: Bool
  /// Whether somebody else makes it, by `external`.
  ///
  /// What is built for it stands in for it, unless the host has it.
  package var isExternal = false
  /// Whether the host has its bridge already, so that nodes are attached to that and nothing is built.
  package var isExisting = false
  /// Where it is written; nil for an implicit one.
  package var origin: SourceRange?

  /// The bridge's hardware address, made from its gateway's; without it a bridge would take the lowest of its ports'
  /// and change as they come and go (br_stp_recalculate_bridge_id, net/bridge/br_stp_if.c).
  package var bridgeAddress: MACAddress?

  /// The bridge's device, where the network is one.
  package var bridge: InterfaceName? {
    switch driver {
    case .bridge(let device, _): device
    case .macvlan, .ipvlan, .host, .none: nil
    }
  }

  /// Whether it is Docker's own, which `network_mode: bridge` asks for and no file declares.
  package var isDockerBridge: Bool { origin == nil && name == "bridge" }

  /// The device that a macvlan or ipvlan network stands on.
  package var parent: InterfaceName? {
    switch driver {
    case .macvlan(let parent, _, _), .ipvlan(let parent, _, _): parent
    case .bridge, .host, .none: nil
    }
  }

  /// Whether its bridge is a parent, or what a parent of a name like `br-lan.10` is a VLAN of.
  package func isBridge(below parent: InterfaceName) -> Bool {
    bridge == parent || (bridge != nil && bridge == parent.subinterface?.parent)
  }

  /// The host's own address on the bridge; nil where a router has it, or nobody.
  package func hostAddress(_ family: AddressFamily) -> IPAddress? {
    guard bridge != nil, let pool = pool(family), pool.gatewayNode == nil,
      !(inhibitsIPv4 && family == .ipv4), policy.gatewayMode(family) != .isolated
    else { return nil }
    return pool.gateway
  }

  /// Whether the host must forward for it, and so is made to: what is there already, forwards or doesn't by itself.
  package func needsForwarding(_ family: AddressFamily) -> Bool {
    isUsed && !isInternal && !isExisting && hostAddress(family) != nil
  }

  /// The pool of a family.
  package func pool(_ family: AddressFamily) -> Pool? { pools.first { $0.subnet.family == family } }
}

/// What a bridge network lets through, by the engine's driver options.
package struct BridgePolicy: Hashable, Sendable {
  /// Whether its nodes reach each other.
  package var letsNodesTalk = true
  /// Whether what leaves it gets an address of the host's.
  package var masquerades = true
  /// The host's address that ports are published on where they name none; nil for all.
  package var hostBinding: IPAddress?
  /// How it is reached from beyond, where that isn't `nat`.
  package var gatewayModes: [AddressFamily: GatewayMode] = [:]
  /// The host's devices by which published ports are reached at the nodes' own addresses.
  package var trustedInterfaces: [InterfaceName] = []
  /// The addresses that packets leave it with instead of the leaving device's.
  package var sources: [AddressFamily: IPAddress] = [:]

  /// Creates the engine's defaults.
  package init() {}

  /// How it is reached from beyond over a family.
  package func gatewayMode(_ family: AddressFamily) -> GatewayMode { gatewayModes[family] ?? .nat }
}

/// A block of a network's addresses and those in it that have an owner before any node.
package struct Pool: Sendable {
  /// Somebody who has an address of it already, on the machine that has the network.
  package struct Occupant: Hashable, Sendable {
    /// The address.
    package var address: IPAddress
    /// Who it is; nil where nobody says.
    package var name: String?

    /// Creates an occupant.
    package init(address: IPAddress, name: String?) {
      self.address = address
      self.name = name
    }
  }

  /// The block.
  package var subnet: IPPrefix
  /// The part of it that dynamic addresses come from; nil for all.
  package var range: IPPrefix?
  /// The gateway; nil where the network has none.
  package var gateway: IPAddress?
  /// The gateway that nodes are given instead, the auxiliary address called `DefaultGatewayIPv4` or
  /// `DefaultGatewayIPv6`; the bridge keeps the other (moby, daemon/libnetwork/network.go: processIPAM).
  package var nodesGateway: IPAddress?
  /// The router that has the gateway's address; nil where the bridge has it.
  package var gatewayNode: NodeID?
  /// Addresses kept free, in the order written.
  package var auxiliary: [Located<IPAddress>]
  /// Those who have addresses of it on the machine.
  package var occupants: [Occupant] = []
  /// Whether the block was taken from the default pools.
  package var isAutomatic: Bool
  /// Where the block is written; nil for an automatic one.
  package var origin: SourceRange?

  /// Creates a pool.
  package init(
    subnet: IPPrefix, range: IPPrefix?, gateway: IPAddress?, auxiliary: [Located<IPAddress>], isAutomatic: Bool,
    origin: SourceRange?
  ) {
    self.subnet = subnet
    self.range = range
    self.gateway = gateway
    self.auxiliary = auxiliary
    self.isAutomatic = isAutomatic
    self.origin = origin
  }
}
