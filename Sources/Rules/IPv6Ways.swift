import NetworkTypes
import Topology

/// Where the routes of a namespace lead in IPv6, default routes apart, for what the kernel asks of next hops that are
/// said to be on the link (ip6_route_check_nh_onlink, net/ipv6/route.c).
struct IPv6Ways {
  private struct Way {
    let prefix: IPPrefix
    let table: UInt32
    /// The device; nil where it can't be told, or where nothing is sent.
    let device: InterfaceName?
  }

  private var ways: [Way]

  /// The ways that a namespace has by its addresses alone.
  init(of domain: RoutingDomain) {
    ways = domain.addresses.filter { $0.address.family == .ipv6 }.map {
      Way(prefix: $0.address.prefix, table: domain.domain(of: $0.device), device: $0.device)
    }
  }

  /// Adds what a route leads to.
  ///
  /// - Parameters:
  ///   - route: the route.
  ///   - table: the number of its table.
  mutating func add(_ route: Route, table: UInt32) {
    guard route.destination.family == .ipv6, route.destination.length > 0 else { return }
    switch route.action {
    case .unicast(let hops):
      for hop in hops { ways.append(Way(prefix: route.destination, table: table, device: hop.device)) }
    case .blackhole, .unreachable, .prohibit:
      ways.append(Way(prefix: route.destination, table: table, device: nil))
    }
  }

  /// The device that leads to an address, if it is another than a certain one.
  ///
  /// - Parameters:
  ///   - address: the address.
  ///   - device: the device that it should be.
  ///   - table: the table to look in.
  /// - Returns: nil where nothing leads there, or that device does, or it can't be told.
  func device(to address: IPAddress, otherThan device: InterfaceName, in table: UInt32) -> InterfaceName? {
    guard address.family == .ipv6, !address.isLinkLocal else { return nil }
    let matching = ways.filter { $0.table == table && $0.prefix.contains(address) }
    guard let longest = matching.map(\.prefix.length).max() else { return nil }
    let best = matching.filter { $0.prefix.length == longest }
    return best.contains { $0.device == nil || $0.device == device } ? nil : best.first?.device
  }
}
