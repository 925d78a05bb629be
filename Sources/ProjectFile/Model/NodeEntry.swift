package import Diagnostics
package import NetworkTypes

/// A service or a router: what becomes a namespace.
package struct NodeEntry: Sendable {
  /// What kind of node it is.
  package enum Role: Sendable {
    /// A container of compose.
    case service
    /// A namespace that forwards.
    case router
  }

  /// A service or a router.
  package var role: Role
  /// Its key.
  package var name: Located<String>
  /// The range of the `networks` key, where it is written.
  package var networksRange: SourceRange?
  /// The networks it is on, in the order written.
  package var attachments: [AttachmentEntry] = []
  /// `network_mode`.
  package var networkMode: Located<NetworkMode>?
  /// `hostname`.
  package var hostname: Located<HostName>?
  /// `domainname`.
  package var domainname: Located<HostName>?
  /// `container_name`.
  package var containerName: Located<HostName>?
  /// `mac_address`, which compose gives to the first network.
  package var macAddress: Located<MACAddress>?
  /// `extra_hosts`.
  package var extraHosts: [ExtraHostEntry] = []
  /// `dns`.
  package var dns: [Located<IPAddress>] = []
  /// `dns_search`.
  package var dnsSearch: [Located<String>] = []
  /// `dns_opt`.
  package var dnsOptions: [Located<String>] = []
  /// `sysctls`, those below `net.` only: a namespace of another kind is none of ours.
  package var sysctls: [SysctlEntry] = []
  /// `scale`.
  package var scale: Located<Int>?
  /// `deploy.replicas`.
  package var replicas: Located<Int>?
  /// The services that start before it: `depends_on`, `links`, and those whose namespaces or volumes it shares.
  package var dependencies: [Located<String>] = []
  /// Those of `dependencies` that it does without where no active profile has them: `required: false`.
  package var optionalDependencies: Set<String> = []
  /// `profiles`: it is there only if one of them is active; always without any.
  package var profiles: [Located<String>] = []
  /// Whether something else than a container provides it: `provider`.
  package var isProvided = false
  /// `uts: host`: it has the host's name.
  package var sharesHostName: Located<Bool>?
  /// `links`: names by which this service alone knows others.
  package var linkAliases: [LinkAliasEntry] = []
  /// `expose`.
  package var expose: [ExposedPortEntry] = []
  /// `ports`.
  package var ports: [PublishedPortEntry] = []
  /// `routes`.
  package var routes: [RouteEntry] = []
  /// `rules`.
  package var rules: [RuleEntry] = []
  /// `firewall`.
  package var firewall: FirewallEntry?
  /// `nat`.
  package var translations: [TranslationEntry] = []
  /// `interfaces`: devices of its own making.
  package var interfaces: [InterfaceEntry] = []

  /// Creates an entry.
  package init(role: Role, name: Located<String>) {
    self.role = role
    self.name = name
  }
}

extension NodeEntry {
  /// How many there are of it: `scale`, or else `deploy.replicas`, or one.
  package var replicaCount: Int { scale?.value ?? replicas?.value ?? 1 }
}

/// Where a service's network comes from, `network_mode`.
package enum NetworkMode: Hashable, Sendable {
  /// Nothing but loopback.
  case none
  /// The host's own namespace.
  case host
  /// Docker's default network, the bridge docker0.
  case bridge
  /// The namespace of another service.
  case service(String)
  /// The namespace of a container outside the file.
  case container(String)
  /// Anything else: an engine's network by its name.
  case network(String)
}

/// A service on a network, an entry of its `networks`.
package struct AttachmentEntry: Sendable {
  /// The network's key.
  package var network: Located<String>
  /// `ipv4_address`.
  package var ipv4Address: Located<IPv4Address>?
  /// `ipv6_address`.
  package var ipv6Address: Located<IPv6Address>?
  /// `link_local_ips`.
  package var linkLocalAddresses: [Located<IPAddress>] = []
  /// `addresses`: further addresses, each with its prefix, of any subnet.
  package var addresses: [Located<InterfaceAddress>] = []
  /// `mac_address`.
  package var macAddress: Located<MACAddress>?
  /// `aliases`.
  package var aliases: [Located<HostName>] = []
  /// `interface_name`, or the driver option that means the same.
  package var interfaceName: Located<InterfaceName>?
  /// `gw_priority`.
  package var gatewayPriority: Located<Int>?
  /// `priority`.
  package var priority: Located<Int>?
  /// Kernel parameters of the interface, from the driver option `com.docker.network.endpoint.sysctls`; the part of the
  /// key that names the device is `IFNAME`.
  package var sysctls: [SysctlEntry] = []
  /// The VLANs of the bridge port, where the bridge knows VLANs.
  package var vlans = PortVLANEntry()
  /// What the container's interface does to the packets it sends.
  package var impairment = Rare<ImpairmentEntry>()

  /// Creates an entry.
  package init(network: Located<String>) { self.network = network }
}

/// The VLANs that a bridge port belongs to.
package struct PortVLANEntry: Sendable {
  /// `vlan`: the one VLAN of an access port.
  package var access: Located<VLANID>?
  /// `trunk`: the VLANs of a trunk port, whose frames are tagged.
  package var trunk: [Located<VLANRange>] = []
  /// `native`: the VLAN of a trunk port's untagged frames.
  package var native: Located<VLANID>?

  /// Creates an entry that says nothing.
  package init() {}

  /// Whether nothing is said.
  package var isEmpty: Bool { access == nil && trunk.isEmpty && native == nil }
}

/// One of `extra_hosts`.
package struct ExtraHostEntry: Sendable {
  /// What the name stands for.
  package enum Address: Hashable, Sendable {
    /// An address.
    case address(IPAddress)
    /// `host-gateway`: the host as seen from the default network.
    case hostGateway
  }

  /// The name.
  package var name: Located<HostName>
  /// Its addresses.
  package var addresses: [Located<Address>]

  /// Creates an entry.
  package init(name: Located<HostName>, addresses: [Located<Address>]) {
    self.name = name
    self.addresses = addresses
  }
}

/// One of a service's `links`.
package struct LinkAliasEntry: Sendable {
  /// The service.
  package var service: Located<String>
  /// The name that it has here besides its own.
  package var alias: Located<HostName>?

  /// Creates an entry.
  package init(service: Located<String>, alias: Located<HostName>?) {
    self.service = service
    self.alias = alias
  }
}

/// A kernel parameter and its value.
package struct SysctlEntry: Sendable {
  /// The parameter.
  package var key: Located<SysctlKey>
  /// Its value.
  package var value: Located<String>

  /// Creates an entry.
  package init(key: Located<SysctlKey>, value: Located<String>) {
    self.key = key
    self.value = value
  }
}

/// One of `expose`.
package struct ExposedPortEntry: Sendable {
  /// The ports.
  package var ports: Located<PortRange>
  /// Their protocol.
  package var transport: TransportProtocol

  /// Creates an entry.
  package init(ports: Located<PortRange>, transport: TransportProtocol) {
    self.ports = ports
    self.transport = transport
  }
}

/// One of `ports`, in either syntax.
package struct PublishedPortEntry: Sendable {
  /// The whole entry.
  package var range: SourceRange
  /// The container's ports.
  package var target: PortRange
  /// The host's ports; nil for one of the engine's choice each.
  package var published: PortRange?
  /// The host's address; nil for all.
  package var hostAddress: IPAddress?
  /// The protocol.
  package var transport: TransportProtocol

  /// Creates an entry.
  package init(
    range: SourceRange, target: PortRange, published: PortRange?, hostAddress: IPAddress?, transport: TransportProtocol
  ) {
    self.range = range
    self.target = target
    self.published = published
    self.hostAddress = hostAddress
    self.transport = transport
  }
}
