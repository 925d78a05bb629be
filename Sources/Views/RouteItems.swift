import JSONText
import NetworkTypes
import Plan
import Simulator

/// The routes of `ip route` (iproute2, ip/iproute.c: print_route).
func routeItems(
  of namespace: NamespaceID, in kernel: Kernel, _ family: AddressFamily?, _ tables: RouteTableSelection
) -> [ListedItem] {
  (family.map { [$0] } ?? AddressFamily.allCases).flatMap { family in
    let all = kernel[namespace][family]
    // The kernel walks the tables by a hash of their numbers, which is the number's low byte.
    let numbers: [UInt32] =
      switch tables {
      case .main: [RouteTableNumber.main]
      case .one(let number): [number]
      case .all: all.keys.sorted { ($0 & 255, $1) < ($1 & 255, $0) }
      }
    return numbers.flatMap { number in
      (all[number]?.routes ?? []).map {
        routeItem($0, table: tables == .all ? number : RouteTableNumber.main, in: kernel)
      }
    }
  }
}

private func routeItem(_ route: TableRoute, table: UInt32, in kernel: Kernel) -> ListedItem {
  var item = ListedItem()
  let family = route.destination.family
  if route.type != .unicast { item.put("type", word: route.type.rawValue) }
  item.put("dst", word: destinationText(route.destination))
  let onlyHop = route.hops.count == 1 ? route.hops.first : nil
  if let hop = onlyHop {
    putWay(hop, into: &item, in: kernel)
  } else if family == .ipv6, route.hops.isEmpty {
    item.put("dev", .string("lo"), "dev lo ")
  }
  if table != RouteTableNumber.main {
    item.put("table", .string(tableName(table)), "table \(tableName(table)) ")
  }
  if route.origin != .boot { item.put("protocol", .string(route.origin.rawValue), "proto \(route.origin.rawValue) ") }
  if family == .ipv4, route.scope != .global, !route.hops.isEmpty {
    item.put("scope", .string(route.scope.name), "scope \(route.scope.name) ")
  }
  if let source = route.source { item.put("prefsrc", .string("\(source)"), "src \(source) ") }
  if family == .ipv6 || route.metric != 0 {
    item.put("metric", .number(Int(route.metric)), "metric \(route.metric) ")
  }
  if isDown(route, in: kernel) {
    item.put("flags", .array([.string("linkdown")]), "linkdown ")
  } else {
    putMarks(of: onlyHop, route, into: &item, in: kernel)
  }
  if family == .ipv6 { item.put("pref", .string("medium"), "pref medium") }
  if route.hops.count > 1 {
    var hops: [JSONValue] = []
    for hop in route.hops {
      var inner = ListedItem()
      putWay(hop, into: &inner, in: kernel)
      inner.put("weight", .number(hop.weight), "weight \(hop.weight) ")
      putMarks(of: hop, route, into: &inner, in: kernel)
      item.put(text: "\n\tnexthop \(inner.text)")
      hops.append(.object(inner.members))
    }
    item.put("nexthops", .array(hops))
  }
  item.put(text: "\n")
  return item
}

/// Whether a device that all of several ways lead over has no carrier (fib_sync_down_dev: RTNH_F_LINKDOWN).
private func isDown(_ route: TableRoute, in kernel: Kernel) -> Bool {
  guard route.destination.family == .ipv4, route.hops.count > 1, let device = route.hops.first?.device else {
    return false
  }
  return !kernel.hasCarrier(device) && route.hops.allSatisfy { $0.device == device }
}

private func putWay(_ hop: TableRoute.Hop, into item: inout ListedItem, in kernel: Kernel) {
  if let gateway = hop.gateway { item.put("gateway", .string("\(gateway)"), "via \(gateway) ") }
  item.put("dev", .string(kernel[hop.device].name.text), "dev \(kernel[hop.device].name) ")
}

/// What is said of a way: that its gateway is on the link, and that its device has no carrier (RTNH_F_*), in the order
/// of print_rt_flags (iproute2, ip/iproute.c).
private func putMarks(
  of hop: TableRoute.Hop?, _ route: TableRoute, into item: inout ListedItem, in kernel: Kernel
) {
  var words: [String] = []
  if let hop {
    let mayGo = route.type == .unicast || route.type == .broadcast || route.type == .multicast
    let isDown = mayGo && (hop.isDead || !kernel.hasCarrier(hop.device))
    // A way that is passed over counts as dead (fib_nexthop_info).
    let isPassedOver = isDown && route.destination.family == .ipv4 && kernel.passesOverRoutes(without: hop.device)
    if hop.isDead || isPassedOver { words.append("dead") }
    if hop.isOnLink { words.append("onlink") }
    if isDown { words.append("linkdown") }
  }
  item.put("flags", .array(words.map { .string($0) }), words.map { "\($0) " }.joined())
}

/// A prefix as ip(8) prints it: `default` for all, a single address without its length.
func destinationText(_ destination: IPPrefix) -> String {
  if destination.length == 0 { return "default" }
  return destination.length == destination.family.bitWidth ? "\(destination.network)" : "\(destination)"
}

/// The name of a routing table, or its number (/etc/iproute2/rt_tables).
func tableName(_ number: UInt32) -> String {
  switch number {
  case RouteTableNumber.default: "default"
  case RouteTableNumber.main: "main"
  case RouteTableNumber.local: "local"
  default: "\(number)"
  }
}
