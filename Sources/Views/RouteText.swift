import NetworkTypes
import Plan
import Simulator

/// The lines of `ip route` (iproute2, ip/iproute.c: print_route).
func routesText(
  of namespace: NamespaceID, in kernel: Kernel, _ family: AddressFamily?, _ tables: RouteTableSelection
) -> String {
  var text = ""
  for family in family.map({ [$0] }) ?? AddressFamily.allCases {
    let all = kernel[namespace][family]
    // The kernel walks the tables by a hash of their numbers, which is the number's low byte.
    let numbers: [UInt32] =
      switch tables {
      case .main: [RouteTableNumber.main]
      case .one(let number): [number]
      case .all: all.keys.sorted { ($0 & 255, $1) < ($1 & 255, $0) }
      }
    for number in numbers {
      for route in all[number]?.routes ?? [] {
        text += routeText(route, table: tables == .all ? number : RouteTableNumber.main, in: kernel)
      }
    }
  }
  return text
}

private func routeText(_ route: TableRoute, table: UInt32, in kernel: Kernel) -> String {
  let family = route.destination.family
  var text = route.type == .unicast ? "" : "\(route.type.rawValue) "
  text += "\(name(of: route.destination)) "
  let onlyHop = route.hops.count == 1 ? route.hops.first : nil
  if let hop = onlyHop {
    if let gateway = hop.gateway { text += "via \(gateway) " }
    text += "dev \(kernel[hop.device].name) "
  } else if family == .ipv6, route.hops.isEmpty {
    text += "dev lo "
  }
  if table != RouteTableNumber.main { text += "table \(tableName(table)) " }
  if route.origin != .boot { text += "proto \(route.origin.rawValue) " }
  if family == .ipv4, route.scope != .global, !route.hops.isEmpty { text += "scope \(route.scope.name) " }
  if let source = route.source { text += "src \(source) " }
  if family == .ipv6 || route.metric != 0 { text += "metric \(route.metric) " }
  if let hop = onlyHop {
    if hop.isOnLink { text += "onlink " }
    text += linkdown(hop, route, in: kernel)
  } else {
    for hop in route.hops {
      text += "\n\tnexthop "
      if let gateway = hop.gateway { text += "via \(gateway) " }
      text += "dev \(kernel[hop.device].name) weight \(hop.weight) "
      if hop.isOnLink { text += "onlink " }
      text += linkdown(hop, route, in: kernel)
    }
  }
  if family == .ipv6 { text += "pref medium" }
  return text + "\n"
}

/// A way over a device without carrier is marked (RTNH_F_LINKDOWN).
private func linkdown(_ hop: TableRoute.Hop, _ route: TableRoute, in kernel: Kernel) -> String {
  route.type == .unicast && !kernel.hasCarrier(hop.device) ? "linkdown " : ""
}

private func name(of destination: IPPrefix) -> String {
  if destination.length == 0 { return "default" }
  return destination.length == destination.family.bitWidth ? "\(destination.network)" : "\(destination)"
}

/// The name of a routing table, or its number.
private func tableName(_ number: UInt32) -> String {
  switch number {
  case RouteTableNumber.default: "default"
  case RouteTableNumber.main: "main"
  case RouteTableNumber.local: "local"
  default: "\(number)"
  }
}

/// The lines of `ip rule` (iproute2, ip/iprule.c: print_rule).
func rulesText(of namespace: NamespaceID, in kernel: Kernel, _ family: AddressFamily) -> String {
  kernel[namespace].rules[family].map { rule in
    var text = "\(rule.priority):\tfrom \(rule.from.map(name(of:)) ?? "all")"
    if rule.from?.length == 0 { text = "\(rule.priority):\tfrom all" }
    if let to = rule.to { text += " to \(name(of: to))" }
    if let mark = rule.mark { text += " fwmark 0x\(String(mark, radix: 16))" }
    if let input = rule.inputDevice { text += " iif \(input)" }
    if let output = rule.outputDevice { text += " oif \(output)" }
    switch rule.action {
    case .master: text += " lookup [l3mdev-table]"
    case .planned(.table(let number)): text += " lookup \(tableName(number))"
    case .planned(.blackhole): text += " blackhole"
    case .planned(.unreachable): text += " unreachable"
    case .planned(.prohibit): text += " prohibit"
    }
    return text + "\n"
  }.joined()
}

/// The lines of `ip neighbor`, by device and address; the kernel's own order is that of a hash table.
func neighborsText(of namespace: NamespaceID, in kernel: Kernel) -> String {
  kernel[namespace].neighbors.sorted {
    ($0.key.address, kernel[$0.key.device].number) < ($1.key.address, kernel[$1.key.device].number)
  }.map { key, neighbor in
    var text = "\(key.address) dev \(kernel[key.device].name) "
    if neighbor.isValid, let hardware = neighbor.hardware { text += "lladdr \(hardware) " }
    if neighbor.isRouter { text += "router " }
    return text + "\(neighbor.state.rawValue) \n"
  }.joined()
}

/// The table of `route -n` (net-tools, lib/inet_gr.c).
func routeTableText(of namespace: NamespaceID, in kernel: Kernel) -> String {
  var text = "Kernel IP routing table\n"
  text += "Destination     Gateway         Genmask         Flags Metric Ref    Use Iface\n"
  for route in kernel[namespace].ipv4Tables[RouteTableNumber.main]?.routes ?? [] {
    let bits = UInt32(truncatingIfNeeded: ~UInt64(0) << UInt64(32 - route.destination.length))
    let mask = IPv4Address(bits: bits)
    var flags = route.hops.isEmpty ? "!" : "U"
    let hop = route.hops.first
    if hop?.gateway != nil { flags += "G" }
    if route.destination.length == 32 { flags += "H" }
    let gateway = route.hops.isEmpty ? "-" : hop?.gateway.map { "\($0)" } ?? "0.0.0.0"
    let name = hop.map { kernel[$0.device].name.text } ?? "*"
    text += pad("\(route.destination.network)", 15) + " " + pad(gateway, 15) + " " + pad("\(mask)", 15) + " "
    text += pad(flags, 5) + " " + pad("\(route.metric)", 6) + " " + pad(route.hops.isEmpty ? "-" : "0", 6) + " "
    text += String(repeating: " ", count: 2) + (route.hops.isEmpty ? "-" : "0") + " \(name)\n"
  }
  return text
}

/// A word with spaces behind it up to a width.
func pad(_ word: String, _ width: Int) -> String {
  word + String(repeating: " ", count: max(0, width - word.utf8.count))
}
