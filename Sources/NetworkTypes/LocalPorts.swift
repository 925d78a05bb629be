/// Where two kinds of ports of a namespace begin, which Linux holds against each other: those that it gives to sockets
/// that ask for none, and those that need no privilege.
///
/// The first must not begin below the second: neither parameter takes a value that would have it so
/// (ipv4_local_port_range and ipv4_privileged_ports, net/ipv4/sysctl_net_ipv4.c).
package struct LocalPorts: Hashable, Sendable {
  /// The parameter of the ports that are given.
  package static let rangeKey = SysctlKey("net.ipv4.ip_local_port_range")
  /// The parameter of the ports that need no privilege.
  package static let unprivilegedKey = SysctlKey("net.ipv4.ip_unprivileged_port_start")

  /// The first port that is given.
  package private(set) var first = 32_768
  /// The first port that needs no privilege.
  package private(set) var firstUnprivileged = 1024

  /// What a new namespace has.
  package init() {}

  /// Whether Linux takes both values together.
  package var areTaken: Bool { first >= firstUnprivileged }

  /// Takes over what is written, if it is one of the two parameters.
  package mutating func set(_ key: SysctlKey, to value: String) {
    guard let number = KernelParameters.number(value) else { return }
    if key == Self.rangeKey { first = number }
    if key == Self.unprivilegedKey { firstUnprivileged = number }
  }
}
