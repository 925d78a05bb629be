package import NetworkTypes

/// Gives a device an address (`ip address add`).
///
/// An IPv4 address has the prefix's directed broadcast address; an IPv6 one skips duplicate address detection
/// (RFC 4862 §5.4), which would keep it tentative for a second or more: the plan has checked that it is unique.
package struct AddAddress: Hashable, Codable, Sendable {
  /// The device.
  package var link: LinkReference
  /// The address and its prefix.
  package var address: InterfaceAddress

  /// Creates the operation.
  package init(link: LinkReference, address: InterfaceAddress) {
    self.link = link
    self.address = address
  }
}

/// Adds a route (`ip route add`).
package struct AddRoute: Hashable, Codable, Sendable {
  /// Where.
  package var place: Place
  /// Where packets go that it is for.
  package var destination: IPPrefix
  /// What becomes of them.
  package var action: RouteAction
  /// The metric, lower first; nil for the kernel's (0 for IPv4, 1024 for IPv6).
  package var metric: UInt32?
  /// The table; nil for main (254).
  package var table: UInt32?
  /// The source address that the host prefers for packets of its own.
  package var source: IPAddress?

  /// Creates the operation.
  package init(
    place: Place, destination: IPPrefix, action: RouteAction, metric: UInt32? = nil, table: UInt32? = nil,
    source: IPAddress? = nil
  ) {
    self.place = place
    self.destination = destination
    self.action = action
    self.metric = metric
    self.table = table
    self.source = source
  }
}

/// What a route does with a packet (rtm_type, rtnetlink(7)).
package enum RouteAction: Hashable, Sendable {
  /// Sends it on, over one next hop or shared over several; at least one.
  case unicast([NextHop])
  /// Drops it in silence.
  case blackhole
  /// Drops it with ICMP host unreachable.
  case unreachable
  /// Drops it with ICMP administratively prohibited.
  case prohibit
}

/// One way of a unicast route: a gateway, a device, or both.
package struct NextHop: Hashable, Codable, Sendable {
  /// The next router; nil for a destination on the link.
  package var gateway: IPAddress?
  /// The device; nil to find it by the gateway's address.
  package var device: InterfaceName?
  /// The share relative to the other next hops: 1…256.
  package var weight: Int
  /// Whether the gateway is taken to be on the device's link though no prefix says so.
  package var isOnLink: Bool

  /// Creates a next hop.
  package init(gateway: IPAddress?, device: InterfaceName?, weight: Int = 1, isOnLink: Bool = false) {
    self.gateway = gateway
    self.device = device
    self.weight = weight
    self.isOnLink = isOnLink
  }
}

/// Adds a policy rule (`ip rule add`, ip-rule(8)).
package struct AddRule: Hashable, Codable, Sendable {
  /// Where.
  package var place: Place
  /// The family it is for.
  package var family: AddressFamily
  /// Its place among the rules, lower first: 0…4294967295.
  package var priority: UInt32
  /// Source addresses that match; nil for all.
  package var from: IPPrefix?
  /// Destination addresses that match; nil for all.
  package var to: IPPrefix?
  /// The device that a packet came in by.
  package var inputDevice: InterfaceName?
  /// The device that a local socket is bound to.
  package var outputDevice: InterfaceName?
  /// The packet mark that matches.
  package var mark: UInt32?
  /// What a match leads to.
  package var action: RuleAction

  /// Creates the operation.
  package init(
    place: Place, family: AddressFamily, priority: UInt32, from: IPPrefix? = nil, to: IPPrefix? = nil,
    inputDevice: InterfaceName? = nil, outputDevice: InterfaceName? = nil, mark: UInt32? = nil, action: RuleAction
  ) {
    self.place = place
    self.family = family
    self.priority = priority
    self.from = from
    self.to = to
    self.inputDevice = inputDevice
    self.outputDevice = outputDevice
    self.mark = mark
    self.action = action
  }
}

/// What a policy rule leads to.
package enum RuleAction: Hashable, Sendable {
  /// A look-up in a table.
  case table(UInt32)
  /// A drop in silence.
  case blackhole
  /// A drop with ICMP network unreachable.
  case unreachable
  /// A drop with ICMP administratively prohibited.
  case prohibit
}
