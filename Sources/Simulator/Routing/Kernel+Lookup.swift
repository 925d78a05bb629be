package import NetworkTypes
import Plan

/// What a route is looked up by (struct flowi4, flowi6).
package struct Flow: Hashable, Sendable {
  /// Where the packet goes.
  package var destination: IPAddress
  /// Where it comes from, if that is known.
  package var source: IPAddress?
  /// The device that it came in by; nil for the machine's own packets.
  package var inputDevice: DeviceID?
  /// The device that it has to leave by.
  package var outputDevice: DeviceID?
  /// Its mark.
  package var mark: UInt32 = 0
  /// The table of the VRF that it belongs to.
  package var master: UInt32?
  /// How near the destination has to be.
  package var leastScope = RouteScope.global
  /// Whether devices without carrier count as others do (FIB_LOOKUP_IGNORE_LINKSTATE).
  package var ignoresLinkState = false
  /// What chooses among the ways of a multipath route.
  package var hash: UInt32 = 0

  /// Creates a flow to a destination.
  package init(destination: IPAddress) { self.destination = destination }
}

/// What comes of looking up a route.
package enum Lookup: Hashable, Sendable {
  /// A route that takes the packet on or in, and its table.
  case route(TableRoute, table: UInt32)
  /// A route or rule that drops it, or no route at all; the error number says which.
  case failure(Errno)
}

extension Kernel {
  /// Finds the route of a flow by the namespace's rules and tables (fib_lookup, fib6_rule_lookup).
  package func look(up flow: Flow, in namespace: NamespaceID) -> Lookup {
    let family = flow.destination.family
    let rules = self[namespace].rules[family]
    for rule in rules where matches(rule, flow, in: namespace) {
      let table: UInt32
      switch rule.action {
      case .master:
        guard let master = flow.master else { continue }
        table = master
      case .planned(.table(let number)): table = number
      case .planned(.blackhole): return .failure(.invalidArgument)
      case .planned(.unreachable): return .failure(.networkUnreachable)
      case .planned(.prohibit): return .failure(.accessDenied)
      }
      guard let route = route(flow, in: namespace, table: table, family) else { continue }
      switch route.type {
      case .unicast, .local, .broadcast, .multicast, .anycast: return .route(route, table: table)
      case .blackhole: return .failure(.invalidArgument)
      case .unreachable: return .failure(.hostUnreachable)
      case .prohibit: return .failure(.accessDenied)
      }
    }
    return .failure(.networkUnreachable)
  }

  private func matches(_ rule: RoutingRules.Rule, _ flow: Flow, in namespace: NamespaceID) -> Bool {
    if let from = rule.from {
      guard from.length == 0 || flow.source.map({ from.contains($0) }) == true else { return false }
    }
    if let to = rule.to, !to.contains(flow.destination) { return false }
    if let mark = rule.mark, mark != flow.mark { return false }
    if let name = rule.inputDevice {
      // The machine's own packets count as coming in by the loopback device.
      let device = self[namespace].devices[name]
      guard let device else { return false }
      if let input = flow.inputDevice {
        guard input == device || self[input].master == device else { return false }
      } else {
        guard name == .loopback else { return false }
      }
    }
    if let name = rule.outputDevice {
      guard let device = self[namespace].devices[name], flow.outputDevice == device else { return false }
    }
    return true
  }

  /// The route of a flow in one table (fib_table_lookup, ip6_pol_route_lookup).
  func route(_ flow: Flow, in namespace: NamespaceID, table: UInt32, _ family: AddressFamily) -> TableRoute? {
    guard let routes = self.table(table, family, in: namespace) else { return nil }
    return routes.first(flow.destination.bits) { route in
      if family == .ipv4, route.scope < flow.leastScope { return false }
      guard !route.hops.isEmpty else { return true }
      if route.hops.count == 1, flow.outputDevice == nil, family == .ipv4 {
        return isUsable(route.hops[0], route, flow)
      }
      return route.hops.contains { hop in
        (flow.outputDevice == nil || hop.device == flow.outputDevice || route.type == .local && family == .ipv6
          || self[hop.device].master == flow.outputDevice)
          && isUsable(hop, route, flow)
      }
    }
  }

  /// Whether a route drops what it gets, with ICMP no route, though it names a device: IPv6's by the loopback device do
  /// (fib6_is_reject, net/ipv6/route.c).
  func discards(_ route: TableRoute, over hop: TableRoute.Hop) -> Bool {
    route.destination.family == .ipv6 && route.type == .unicast && self[hop.device].kind == .loopback
  }

  /// Whether a way can be taken (fib_lookup_good_nhc): a dead one not, nor one over a device without carrier, if that
  /// is told so.
  private func isUsable(_ hop: TableRoute.Hop, _ route: TableRoute, _ flow: Flow) -> Bool {
    guard !hop.isDead else { return false }
    guard !flow.ignoresLinkState, route.type == .unicast, route.destination.family == .ipv4,
      passesOverRoutes(without: hop.device)
    else { return true }
    return isRunning(hop.device)
  }

  /// Whether routes over a device don't count while it has no carrier (ignore_routes_with_linkdown).
  package func passesOverRoutes(without device: DeviceID) -> Bool {
    self[device].ipv4.ignoreRoutesWithLinkdown != 0
      || self[self[device].namespace].ipv4All.ignoreRoutesWithLinkdown != 0
  }

  /// The ways of a route that a flow may take, those that can't be taken left out (fib_rebalance).
  func ways(of route: TableRoute, _ flow: Flow) -> [TableRoute.Hop] {
    guard route.hops.count > 1 else { return route.hops }
    let usable = route.hops.filter { isUsable($0, route, flow) }
    guard let device = flow.outputDevice else { return usable }
    let ways = usable.filter { $0.device == device }
    return ways.isEmpty ? Array(usable.prefix(1)) : ways
  }

  /// The way that a flow takes among a route's (fib_select_multipath): by weight, the same for the same flow.
  ///
  /// What the machine itself sends over IPv4 prefers those whose own address is its source (nh_saddr).
  func hop(of route: TableRoute, _ flow: Flow) -> TableRoute.Hop? {
    let ways = ways(of: route, flow)
    guard ways.count > 1 else { return ways.first ?? route.hops.first }
    let total = ways.reduce(0) { $0 + $1.weight }
    let point = Int(flow.hash) % total
    var (end, own, chosen): (Int, TableRoute.Hop?, TableRoute.Hop?) = (0, nil, nil)
    for way in ways {
      end += way.weight
      if point < end, chosen == nil { chosen = way }
      guard flow.inputDevice == nil, case .v4? = flow.source, flow.source == chooseIPv4Source(by: way, of: route) else {
        continue
      }
      if point < end { return way }
      if own == nil { own = way }
    }
    return own ?? chosen
  }
}
