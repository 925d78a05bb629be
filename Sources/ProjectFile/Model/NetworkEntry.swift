package import Diagnostics
package import NetworkTypes

/// A network, an entry of `networks`.
package struct NetworkEntry: Sendable {
  /// Its key.
  package var key: Located<String>
  /// `name`: the engine's name for it.
  package var name: Located<String>?
  /// `driver`.
  package var driver: Located<NetworkDriver>?
  /// `driver_opts`, those that are known.
  package var options = NetworkOptionsEntry()
  /// `ipam.driver: "null"`: no addresses are given out.
  package var hasNoAddressManagement = false
  /// `ipam.config`.
  package var pools: [PoolEntry] = []
  /// `internal`.
  package var isInternal: Located<Bool>?
  /// `enable_ipv4`, or else the driver's option.
  package var enableIPv4: Located<Bool>?
  /// `enable_ipv6`, or else the driver's option.
  package var enableIPv6: Located<Bool>?
  /// `external`.
  package var isExternal: Located<Bool>?
  /// `vlan_filtering`: whether the bridge keeps frames to VLANs.
  package var vlanFiltering: Located<Bool>?
  /// `stp`: whether the bridge runs the spanning tree protocol.
  package var spanningTree: Located<Bool>?
  /// `ageing_time`, in seconds.
  package var ageingTime: Located<Int>?

  /// Creates an entry.
  package init(key: Located<String>) { self.key = key }
}

/// What makes a network.
package enum NetworkDriver: String, CaseIterable, Sendable {
  /// A bridge in the host's namespace.
  case bridge
  /// The host's own network.
  case host
  /// No network; compose also writes `null`.
  case none
  /// Devices with addresses of their own on a parent device.
  case macvlan
  /// Devices that share a parent's hardware address.
  case ipvlan
}

/// The driver options of a network that mean something here.
package struct NetworkOptionsEntry: Sendable {
  /// `com.docker.network.bridge.name`.
  package var bridgeName: Located<InterfaceName>?
  /// `com.docker.network.driver.mtu`, or `mtu`.
  package var mtu: Located<Int>?
  /// `com.docker.network.enable_ipv4`.
  var enableIPv4: Located<Bool>?
  /// `com.docker.network.enable_ipv6`.
  var enableIPv6: Located<Bool>?
  /// `com.docker.network.container_iface_prefix`.
  package var interfacePrefix: Located<String>?
  /// `com.docker.network.bridge.inhibit_ipv4`.
  package var inhibitIPv4: Located<Bool>?
  /// `com.docker.network.bridge.enable_icc`.
  package var letsNodesTalk: Located<Bool>?
  /// `com.docker.network.bridge.enable_ip_masquerade`.
  package var masquerades: Located<Bool>?
  /// `com.docker.network.bridge.host_binding_ipv4`.
  package var hostBinding: Located<IPAddress>?
  /// `com.docker.network.bridge.gateway_mode_ipv4`.
  package var gatewayModeIPv4: Located<GatewayMode>?
  /// `com.docker.network.bridge.gateway_mode_ipv6`.
  package var gatewayModeIPv6: Located<GatewayMode>?
  /// `com.docker.network.bridge.trusted_host_interfaces`.
  package var trustedInterfaces: [Located<InterfaceName>] = []
  /// `com.docker.network.host_ipv4`.
  package var hostIPv4: Located<IPAddress>?
  /// `com.docker.network.host_ipv6`.
  package var hostIPv6: Located<IPAddress>?
  /// `parent`, of macvlan and ipvlan.
  package var parent: Located<InterfaceName>?
  /// `macvlan_mode`.
  package var macvlanMode: Located<MACVLANMode>?
  /// `ipvlan_mode`.
  package var ipvlanMode: Located<IPVLANMode>?

  /// Creates options that say nothing.
  package init() {}
}

/// One of a network's `ipam.config`.
package struct PoolEntry: Sendable {
  /// An auxiliary address.
  package struct Auxiliary: Sendable {
    /// Its name.
    package var name: Located<String>
    /// The address that is kept free.
    package var address: Located<IPAddress>

    /// Creates an entry.
    package init(name: Located<String>, address: Located<IPAddress>) {
      self.name = name
      self.address = address
    }
  }

  /// The whole entry.
  package var range: SourceRange
  /// `subnet`.
  package var subnet: Located<IPPrefix>?
  /// Whether a subnet is written, perhaps, that couldn't be read: what doesn't fit in it is then no fault of its own.
  package var hasUnreadSubnet = false
  /// `ip_range`.
  package var ipRange: Located<IPPrefix>?
  /// `gateway`.
  package var gateway: Located<IPAddress>?
  /// `aux_addresses`.
  package var auxiliary: [Auxiliary] = []

  /// Creates an entry.
  package init(range: SourceRange) { self.range = range }
}
