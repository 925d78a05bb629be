/// The two families of internet addresses.
package enum AddressFamily: String, Hashable, Comparable, CaseIterable, Codable, Sendable {
  /// IPv4 (RFC 791), `AF_INET`.
  case ipv4
  /// IPv6 (RFC 8200), `AF_INET6`.
  case ipv6

  /// The length of an address in bits.
  package var bitWidth: Int {
    switch self {
    case .ipv4: 32
    case .ipv6: 128
    }
  }

  /// The least MTU, in bytes, of a link that carries IPv6 (RFC 8200 §5; IPV6_MIN_MTU, include/uapi/linux/ipv6.h).
  package static let ipv6MinimumMTU = 1280

  /// The least MTU, in bytes, of a link that carries IPv4, and of any device (RFC 791 §3.2; ETH_MIN_MTU,
  /// include/uapi/linux/if_ether.h).
  package static let ipv4MinimumMTU = 68

  /// The metric that the kernel gives a route without one: 0, or 1024 (IP6_RT_PRIO_USER, include/net/ipv6_route.h).
  package var defaultMetric: UInt32 {
    switch self {
    case .ipv4: 0
    case .ipv6: 1024
    }
  }

  /// The metric that the kernel gives a route that was written with one, or without: to IPv6 one of 0 is none
  /// (fib6_config, net/ipv6/route.c).
  package func metric(writtenAs metric: UInt32?) -> UInt32 {
    switch (self, metric) {
    case (.ipv4, let metric?): metric
    case (.ipv6, let metric?): metric == 0 ? defaultMetric : metric
    case (_, nil): defaultMetric
    }
  }

  /// The metric of the route that an address makes to its prefix: 0, or 256 (IP6_RT_PRIO_ADDRCONF).
  package var connectedMetric: UInt32 {
    switch self {
    case .ipv4: 0
    case .ipv6: 256
    }
  }

  /// The name as people write it.
  package var displayName: String {
    switch self {
    case .ipv4: "IPv4"
    case .ipv6: "IPv6"
    }
  }

  /// Orders IPv4 before IPv6.
  package static func < (left: Self, right: Self) -> Bool { left == .ipv4 && right == .ipv6 }

  /// Whether both are the same; Swift's own comparison of such an enumeration compares the texts of its cases.
  @inlinable
  package static func == (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.ipv4, .ipv4), (.ipv6, .ipv6): true
    case (.ipv4, .ipv6), (.ipv6, .ipv4): false
    }
  }

  /// Hashes which it is, likewise.
  @inlinable
  package func hash(into hasher: inout Hasher) { hasher.combine(self == .ipv4) }
}

/// An address of either family.
package enum IPAddress: Hashable, Comparable, Sendable {
  /// An IPv4 address.
  case v4(IPv4Address)
  /// An IPv6 address.
  case v6(IPv6Address)

  /// The family it belongs to.
  package var family: AddressFamily {
    switch self {
    case .v4: .ipv4
    case .v6: .ipv6
    }
  }

  /// The bits as a number; an IPv4 address fills the lowest 32.
  package var bits: UInt128 {
    switch self {
    case .v4(let address): UInt128(address.bits)
    case .v6(let address): address.bits
    }
  }

  /// Creates an address of a family from its bits; those beyond the family's width are dropped.
  package init(family: AddressFamily, bits: UInt128) {
    switch family {
    case .ipv4: self = .v4(IPv4Address(bits: UInt32(truncatingIfNeeded: bits)))
    case .ipv6: self = .v6(IPv6Address(bits: bits))
    }
  }

  /// Orders IPv4 before IPv6, then by number.
  package static func < (left: Self, right: Self) -> Bool {
    left.family == right.family ? left.bits < right.bits : left.family < right.family
  }

  /// Whether it is a multicast address.
  package var isMulticast: Bool {
    switch self {
    case .v4(let address): address.isMulticast
    case .v6(let address): address.isMulticast
    }
  }

  /// The loopback address of a family: 127.0.0.1 or ::1.
  package static func loopback(_ family: AddressFamily) -> IPAddress {
    switch family {
    case .ipv4: .v4(IPv4Address(127, 0, 0, 1))
    case .ipv6: .v6(IPv6Address(bits: 1))
    }
  }

  /// Whether it is a loopback address.
  package var isLoopback: Bool {
    switch self {
    case .v4(let address): address.isLoopback
    case .v6(let address): address.isLoopback
    }
  }

  /// Whether it is a link-local unicast address.
  package var isLinkLocal: Bool {
    switch self {
    case .v4(let address): address.isLinkLocal
    case .v6(let address): address.isLinkLocal
    }
  }

  /// Whether every bit is zero: `0.0.0.0` or `::`.
  package var isUnspecified: Bool { bits == 0 }
}

extension IPAddress: LosslessStringConvertible {
  /// Parses an address of either family.
  package init?(_ text: String) {
    if let address = IPv4Address(text) {
      self = .v4(address)
    } else if let address = IPv6Address(text) {
      self = .v6(address)
    } else {
      return nil
    }
  }

  /// The family's text form.
  package var description: String {
    switch self {
    case .v4(let address): address.description
    case .v6(let address): address.description
    }
  }
}
