package import Diagnostics
package import NetworkTypes

/// A service's replica or a router.
package struct Node: Sendable {
  /// What kind of node it is.
  package enum Role: Sendable {
    /// A container of compose.
    case service
    /// A namespace that forwards.
    case router
  }

  /// Where the node's network is.
  package enum Home: Hashable, Sendable {
    /// A namespace of its own.
    case namespace(NamespaceName)
    /// The host's own namespace.
    case host
    /// The namespace of another node, the first in the chain that has one of its own.
    case shared(NodeID)
    /// A namespace outside the file, which nothing is known of.
    case foreign
  }

  /// Its place in the topology.
  package var id: NodeID
  /// A service or a router.
  package var role: Role
  /// Its key in the file.
  package var key: String
  /// The replica's number from 1; nil for a router and for a service of one replica.
  package var replica: Int?
  /// Where its network is.
  package var home: Home
  /// Its devices, loopback left out, in the order that they are made.
  package var interfaces: [Interface] = []
  /// Its static routes.
  package var routes: [Route] = []
  /// Its policy rules.
  package var rules: [PolicyRule] = []
  /// Its kernel parameters, forwarding of a router included.
  package var sysctls: [Sysctl] = []
  /// What it lets in, on and out.
  package var firewall: Firewall?
  /// Which addresses it translates.
  package var translations: [Translation] = []
  /// The default routes that its networks give, one a family at most.
  package var defaultRoutes: [DefaultRoute] = []
  /// What its resolv.conf says.
  package var resolver = ResolverConfiguration()
  /// Its host name.
  package var hostname: HostName?
  /// `container_name`.
  package var writtenContainerName: String?
  /// The entry it was made from: an index in `ProjectFile.nodes`.
  package var entry: Int
  /// Its key's place in the file.
  package var origin: SourceRange

  /// Its key, and the number of a replica: `web-2`.
  package var name: String { replica.map { "\(key)-\($0)" } ?? key }

  /// The name that people see: the namespace's where it has one, which may start with the prefix.
  package var displayName: String {
    switch home {
    case .namespace(let name): name.text
    case .host, .shared, .foreign: name
    }
  }
}

/// A device of a node.
package struct Interface: Sendable {
  /// How a device comes about.
  package enum Source: Sendable {
    /// One end of a veth pair whose other end is a port of the network's bridge.
    case port(NetworkID, hostDevice: InterfaceName, vlans: PortVLANs?)
    /// A macvlan or ipvlan device on the network's parent.
    case child(NetworkID)
    /// One end of a link; its peer is the link's other end.
    case link(LinkID)
    /// A device that the node makes for itself.
    case device(Device)
  }

  /// Its name in the node.
  package var name: InterfaceName
  /// How it comes about.
  package var source: Source
  /// Its addresses in the order that they are added.
  package var addresses: [AssignedAddress] = []
  /// Its hardware address; nil for the kernel's choice.
  package var macAddress: MACAddress?
  /// Its MTU; nil for the kernel's choice.
  package var mtu: Int?
  /// The node's bridge, bond or VRF that it belongs to.
  package var master: InterfaceName?
  /// Whether it makes itself an IPv6 link-local address.
  package var hasIPv6: Bool
  /// What it does to the packets it sends.
  package var impairment = Rare<NetemOptions>()
  /// Kernel parameters of its own.
  package var sysctls: [Sysctl] = []
  /// Where it is written.
  package var origin: SourceRange
}

extension [Interface] {
  // Looked for by index: an element that a closure is handed is a copy, and a node can have thousands of devices.

  /// Where the device of a name is; nil where there is none.
  package func position(of name: InterfaceName) -> Int? { indices.first { self[$0].name == name } }

  /// Where the devices are, by name: for who looks for each of them.
  var positions: [InterfaceName: Int] {
    Dictionary(indices.map { (self[$0].name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The device of a name; nil where there is none.
  package func named(_ name: InterfaceName) -> Interface? { position(of: name).map { self[$0] } }
}

/// An address of an interface and how it got there.
package struct AssignedAddress: Sendable {
  /// Who chose it.
  package enum Choice: Hashable, Sendable {
    /// The file says so.
    case written
    /// The lowest that was free.
    case allocated
  }

  /// The address with its prefix length.
  package var address: InterfaceAddress
  /// Who chose it.
  package var choice: Choice
  /// Where it is written, or what it was allocated for.
  package var origin: SourceRange
}

/// A device that a node makes for itself.
package enum Device: Sendable {
  /// A device that carries addresses.
  case dummy
  /// An 802.1Q sub-interface.
  case vlan(parent: InterfaceName, id: VLANID)
  /// Ethernet over UDP.
  case vxlan(VXLANOptions)
  /// A routing domain.
  case vrf(table: UInt32)
  /// Several devices as one.
  case bond(BondMode)
  /// A bridge.
  case bridge(BridgeOptions)
}

/// The VLANs of a bridge port.
package struct PortVLANs: Hashable, Sendable {
  /// The VLAN of frames without a tag, which also leave without one.
  package var untagged: VLANID?
  /// The VLANs of tagged frames.
  package var tagged: [VLANRange]

  /// Creates a port's VLANs.
  package init(untagged: VLANID?, tagged: [VLANRange]) {
    self.untagged = untagged
    self.tagged = tagged
  }
}

/// A default route that a node has by a network, and why this one.
package struct DefaultRoute: Sendable {
  /// Why one network of several was taken.
  package enum Reason: Hashable, Sendable {
    /// It is the only one with a gateway.
    case only
    /// It has the highest `gw_priority`.
    case gatewayPriority(Int)
    /// It has gateways of both families, and those of equal priority have not.
    case bothFamilies
    /// Its name is the first among equals.
    case name
  }

  /// The gateway; nil for a route by the device alone (ipvlan l3).
  package var gateway: IPAddress?
  /// The family.
  package var family: AddressFamily
  /// The network.
  package var network: NetworkID
  /// The node's device on it.
  package var interface: InterfaceName
  /// Why it was taken.
  package var reason: Reason
  /// The networks that could have given it too.
  package var others: [NetworkID]
  /// What it comes from.
  package var origin: SourceRange
}

/// What a node's resolv.conf says.
package struct ResolverConfiguration: Hashable, Sendable {
  /// `nameserver` lines.
  package var servers: [IPAddress] = []
  /// The `search` line.
  package var search: [String] = []
  /// The `options` line.
  package var options: [String] = []

  /// Creates a configuration that says nothing.
  package init() {}
}

/// The names that resolve for some nodes: what their /etc/hosts says after the lines for localhost.
package struct NameTable: Sendable {
  /// An address and its names, the canonical one first.
  package struct Entry: Hashable, Sendable {
    /// The address.
    package var address: IPAddress
    /// Its names, at least one.
    package var names: [HostName]
  }

  /// The nodes with namespaces of their own that share the table, at least one.
  package var nodes: [NodeID]
  /// Its entries in order.
  package var entries: [Entry]
}
