import NetworkTypes
import Plan

extension Emitter {
  /// `ip route add`.
  mutating func emit(_ operation: AddRoute) {
    add(.ip, in: operation.place, undo: goesWithDevices(operation) ? nil : "route del \(operation.words)") { line in
      line.append("route add ")
      operation.write(to: &line)
    }
  }

  /// Whether a route disappears when the network's devices and namespaces do.
  private func goesWithDevices(_ operation: AddRoute) -> Bool {
    switch operation.place {
    case .namespace: true
    case .host: operation.goes(whenDeleting: context.hostDevices.contains)
    }
  }

  /// `ip rule add`.
  mutating func emit(_ operation: AddRule) {
    let words = operation.words
    let isHost = operation.place.isHost
    add(
      operation.family == .ipv6 ? .ip6 : .ip, in: operation.place, "rule add \(words)",
      undo: isHost ? "rule del \(words)" : nil)
  }
}

extension AddRoute {
  fileprivate var words: ShellText {
    var text = ShellText()
    write(to: &text)
    return text
  }

  /// Appends what follows `ip route add` (ip-route(8)).
  fileprivate func write(to text: inout ShellText) {
    switch action {
    case .unicast: break
    case .blackhole: text.append("blackhole ")
    case .unreachable: text.append("unreachable ")
    case .prohibit: text.append("prohibit ")
    }
    if destination.length == 0 && destination.family == .ipv4 {
      text.append("default")
    } else {
      text.append(destination)
    }
    if let metric { text.append(" metric ", metric) }
    if let table { text.append(" table ", table) }
    if let source { text.append(" src ", source) }
    switch action {
    case .unicast(let hops):
      for hop in hops { write(hop, isOneOfSeveral: hops.count > 1, to: &text) }
    case .blackhole, .unreachable, .prohibit: break
    }
  }

  /// Appends a next hop's words, for a route of several or of a single one.
  private func write(_ hop: NextHop, isOneOfSeveral: Bool, to text: inout ShellText) {
    if isOneOfSeveral { text.append(" nexthop") }
    if let gateway = hop.gateway {
      text.append(gateway.family == destination.family ? " via " : " via inet6 ", gateway)
    }
    if let device = hop.device { text.append(" dev ", device) }
    if isOneOfSeveral, hop.weight != 1 { text.append(" weight ", hop.weight) }
    if hop.isOnLink { text.append(" onlink") }
  }
}

extension AddRule {
  /// What follows `ip rule add` (ip-rule(8)).
  fileprivate var words: ShellText {
    var text: ShellText = "priority \(priority)"
    if let from { text += " from \(from)" }
    if let to { text += " to \(to)" }
    if let inputDevice { text += " iif \(inputDevice)" }
    if let outputDevice { text += " oif \(outputDevice)" }
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
