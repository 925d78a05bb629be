import NetworkTypes
import Plan

extension Emitter {
  /// `ip route add`.
  mutating func emit(_ operation: AddRoute) {
    let words = operation.words
    add(
      .ip, in: operation.place, "route add \(words)",
      undo: goesWithDevices(operation) ? nil : "route del \(words)")
  }

  /// Whether a route disappears when the network's devices and namespaces do.
  private func goesWithDevices(_ operation: AddRoute) -> Bool {
    switch (operation.place, operation.action) {
    case (.namespace, _): true
    case (.host, .unicast(let hops)): hops.allSatisfy { $0.device.map(context.hostDevices.contains) ?? false }
    case (.host, .blackhole), (.host, .unreachable), (.host, .prohibit): false
    }
  }

  /// `ip rule add`.
  mutating func emit(_ operation: AddRule) {
    let words = operation.words
    let isHost = operation.place == .host
    add(
      operation.family == .ipv6 ? .ip6 : .ip, in: operation.place, "rule add \(words)",
      undo: isHost ? "rule del \(words)" : nil)
  }
}

extension AddRoute {
  /// What follows `ip route add` (ip-route(8)).
  fileprivate var words: String {
    var text: String
    switch action {
    case .unicast: text = ""
    case .blackhole: text = "blackhole "
    case .unreachable: text = "unreachable "
    case .prohibit: text = "prohibit "
    }
    text += destination.length == 0 && destination.family == .ipv4 ? "default" : destination.description
    if let metric { text += " metric \(metric)" }
    if let table { text += " table \(table)" }
    if let source { text += " src \(source)" }
    switch action {
    case .unicast(let hops):
      for hop in hops { text += hopWords(hop, isOneOfSeveral: hops.count > 1) }
    case .blackhole, .unreachable, .prohibit: break
    }
    return text
  }

  /// A next hop's words, for a route of several and for one of a single one.
  private func hopWords(_ hop: NextHop, isOneOfSeveral: Bool) -> String {
    var text = isOneOfSeveral ? " nexthop" : ""
    if let gateway = hop.gateway {
      text += gateway.family == destination.family ? " via \(gateway)" : " via inet6 \(gateway)"
    }
    if let device = hop.device { text += " dev \(device.text)" }
    if isOneOfSeveral { text += " weight \(hop.weight)" }
    if hop.isOnLink { text += " onlink" }
    return text
  }
}

extension AddRule {
  /// What follows `ip rule add` (ip-rule(8)).
  fileprivate var words: String {
    var text = "priority \(priority)"
    if let from { text += " from \(from)" }
    if let to { text += " to \(to)" }
    if let inputDevice { text += " iif \(inputDevice.text)" }
    if let outputDevice { text += " oif \(outputDevice.text)" }
    if let mark { text += " fwmark \(mark)" }
    switch action {
    case .table(let table): text += " table \(table)"
    case .blackhole: text += " type blackhole"
    case .unreachable: text += " type unreachable"
    case .prohibit: text += " type prohibit"
    }
    return text
  }
}
