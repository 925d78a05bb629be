import Diagnostics
import NetworkTypes
import Topology
import YAMLTree

extension ResolvedFile {
  /// A static route.
  func route(_ route: Route) -> YAMLValue {
    var entries = Entries()
    entries.add("to", text(route.destination))
    switch route.action {
    case .unicast(let hops):
      if let hop = hops.first, hops.count == 1, hop.weight == 1 {
        add(hop, to: &entries)
      } else {
        let values = hops.map { hop -> YAMLValue in
          var fields = Entries()
          add(hop, to: &fields)
          fields.add("weight", number(hop.weight))
          return .map(fields.list, isFlow: true)
        }
        entries.add("nexthops", list(values))
      }
    case .blackhole: entries.add("type", .text("blackhole"))
    case .unreachable: entries.add("type", .text("unreachable"))
    case .prohibit: entries.add("type", .text("prohibit"))
    }
    entries.add("metric", route.metric.map(number))
    entries.add("table", route.table.map(number))
    entries.add("src", route.source.map(text))
    return .map(entries.list)
  }

  private func add(_ hop: Route.Hop, to entries: inout Entries) {
    entries.add("via", hop.gateway.map(text))
    entries.add("dev", hop.device.map(text))
    entries.add("onlink", flag(hop.isOnLink))
  }

  /// A policy rule.
  func rule(_ rule: PolicyRule) -> YAMLValue {
    var entries = Entries()
    entries.add("priority", number(rule.priority))
    entries.add("family", rule.from == nil && rule.to == nil ? .text(rule.family.rawValue) : nil)
    entries.add("from", rule.from.map(text))
    entries.add("to", rule.to.map(text))
    entries.add("iif", rule.inputDevice.map(text))
    entries.add("oif", rule.outputDevice.map(text))
    entries.add("fwmark", rule.mark.map(number))
    switch rule.action {
    case .table(let table): entries.add("table", number(table))
    case .blackhole: entries.add("type", .text("blackhole"))
    case .unreachable: entries.add("type", .text("unreachable"))
    case .prohibit: entries.add("type", .text("prohibit"))
    }
    return .map(entries.list, isFlow: true)
  }

  /// The devices that a node makes for itself; nil if there are none.
  func devices(of node: Node) -> YAMLValue? {
    let entries = node.interfaces.compactMap { interface -> YAMLValue.Entry? in
      guard case .device(let device) = interface.source else { return nil }
      return YAMLValue.Entry(interface.name.text, self.device(device, interface, node))
    }
    return entries.isEmpty ? nil : .map(entries)
  }

  private func device(_ device: Device, _ interface: Interface, _ node: Node) -> YAMLValue {
    var entries = Entries()
    switch device {
    case .dummy: entries.add("type", .text("dummy"))
    case .vlan(let parent, let id):
      entries.add("type", .text("vlan"))
      entries.add("parent", text(parent))
      entries.add("id", number(id.number))
    case .vxlan(let options):
      entries.add("type", .text("vxlan"))
      entries.add("id", number(options.id))
      entries.add("parent", options.device.map(text))
      entries.add("local", options.local.map(text))
      entries.add("remote", options.remote.map(text))
      entries.add("port", number(options.port))
    case .vrf(let table):
      entries.add("type", .text("vrf"))
      entries.add("table", number(table))
    case .bond(let mode):
      entries.add("type", .text("bond"))
      entries.add("mode", .text(mode.rawValue))
    case .bridge(let options):
      entries.add("type", .text("bridge"))
      entries.add("stp", flag(options.spanningTree))
    }
    let members = node.interfaces.filter { $0.master == interface.name }.map(\.name.text)
    entries.add("members", texts(members))
    entries.add("addresses", texts(interface.addresses.map(\.address.description)))
    entries.add("mtu", interface.mtu.map(number))
    entries.add("mac_address", interface.macAddress.map(text))
    entries.add("impairment", impairment(interface.impairment.value))
    return .map(entries.list)
  }
}
