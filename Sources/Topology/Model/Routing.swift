package import Diagnostics
package import NetworkTypes

/// A static route.
package struct Route: Sendable {
  /// What it does with a packet.
  package enum Action: Hashable, Sendable {
    /// Sends it on.
    case unicast([Hop])
    /// Drops it in silence.
    case blackhole
    /// Drops it with ICMP host unreachable.
    case unreachable
    /// Drops it with ICMP administratively prohibited.
    case prohibit
  }

  /// One next hop.
  package struct Hop: Hashable, Sendable {
    /// The next router.
    package var gateway: IPAddress?
    /// The device.
    package var device: InterfaceName?
    /// The share: 1…256.
    package var weight: Int
    /// Whether the gateway is taken to be on the link.
    package var isOnLink: Bool
    /// Where it is written.
    package var origin: SourceRange
  }

  /// Where it leads.
  package var destination: IPPrefix
  /// What it does.
  package var action: Action
  /// The metric; nil for the kernel's.
  package var metric: UInt32?
  /// The table; nil for main.
  package var table: UInt32?
  /// The preferred source address.
  package var source: IPAddress?
  /// Where it is written.
  package var origin: SourceRange
}

/// A policy rule.
package struct PolicyRule: Sendable {
  /// What a match leads to.
  package enum Action: Hashable, Sendable {
    /// A look-up in a table.
    case table(UInt32)
    /// A drop in silence.
    case blackhole
    /// A drop with ICMP network unreachable.
    case unreachable
    /// A drop with ICMP administratively prohibited.
    case prohibit
  }

  /// The family.
  package var family: AddressFamily
  /// Its place among the rules.
  package var priority: UInt32
  /// Source addresses.
  package var from: IPPrefix?
  /// Destination addresses.
  package var to: IPPrefix?
  /// The device that a packet came in by.
  package var inputDevice: InterfaceName?
  /// The device that a local socket is bound to.
  package var outputDevice: InterfaceName?
  /// The packet mark.
  package var mark: UInt32?
  /// What a match leads to.
  package var action: Action
  /// Where it is written.
  package var origin: SourceRange
}

/// A kernel parameter to set.
package struct Sysctl: Hashable, Sendable {
  /// The parameter.
  package var key: SysctlKey
  /// Its value.
  package var value: String
  /// Where it is written, or what asks for it.
  package var origin: SourceRange

  /// Creates a parameter.
  package init(key: SysctlKey, value: String, origin: SourceRange) {
    self.key = key
    self.value = value
    self.origin = origin
  }
}
