package import Plan
package import Topology
import NetworkTypes

/// The plan for people: every network, every name, interface and address, every default route with its reason, every
/// published port, and the steps that bring it about.
///
/// - Parameters:
///   - plan: the plan.
///   - topology: the topology that it comes from.
///   - showsSteps: whether the steps are listed too.
/// - Returns: the report, every line ended.
package func planReport(_ plan: Plan, _ topology: Topology, showsSteps: Bool) -> String {
  var sections = [heading(plan, topology), networkTable(topology), interfaceTable(topology)]
  sections += [defaultRouteTable(topology), routeTable(topology), portTable(topology)]
  sections += [elsewhere(topology), assumptionText(topology)]
  if showsSteps { sections.append(stepTable(plan)) }
  return sections.filter { !$0.isEmpty }.joined(separator: "\n")
}

private func heading(_ plan: Plan, _ topology: Topology) -> String {
  let namespaces = topology.nodes.count { if case .namespace = $0.home { true } else { false } }
  let networks = topology.networks.count(where: \.isUsed)
  let counts = [
    counted(namespaces, "namespace"), counted(networks, "network"), counted(topology.links.count, "link"),
    counted(plan.steps.count, "step"),
  ]
  return "\(plan.instance): \(counts.joined(separator: ", "))\n"
}

private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

private func networkTable(_ topology: Topology) -> String {
  var table = TextTable("NETWORK", "DRIVER", "DEVICE", "SUBNET", "GATEWAY", "")
  for network in topology.networks where network.isUsed {
    let (driver, device) = description(of: network.driver)
    let facts = [
      network.isExternal ? "external" : nil, network.isInternal ? "internal" : nil, network.mtu.map { "MTU \($0)" },
      network.origin == nil ? "implicit" : nil,
    ].compactMap { $0 }.joined(separator: ", ")
    if network.pools.isEmpty { table.add(network.key, driver, device, "", "", facts) }
    for (index, pool) in network.pools.enumerated() {
      let owner = pool.gatewayNode.map { " (\(topology[$0].displayName))" } ?? ""
      table.add(
        index == 0 ? network.key : "", index == 0 ? driver : "", index == 0 ? device : "", pool.subnet.description,
        pool.gateway.map { "\($0)\(owner)" } ?? "", index == 0 ? facts : "")
    }
  }
  return table.text
}

private func description(of driver: Network.Driver) -> (driver: String, device: String) {
  switch driver {
  case .bridge(let device, let options): (options.vlanFiltering ? "bridge, VLAN-aware" : "bridge", device.text)
  case .macvlan(let parent, _, let mode): ("macvlan \(mode.rawValue)", "on \(parent)")
  case .ipvlan(let parent, _, let mode): ("ipvlan \(mode.rawValue)", "on \(parent)")
  case .host: ("host", "")
  case .none: ("none", "")
  }
}

private func interfaceTable(_ topology: Topology) -> String {
  var table = TextTable("NAMESPACE", "INTERFACE", "ON", "ADDRESS", "MAC", "HOST END")
  for node in topology.nodes {
    guard case .namespace(let namespace) = node.home else { continue }
    if node.interfaces.isEmpty { table.add(namespace.text, "lo", "", "127.0.0.1/8", "", "") }
    for (index, interface) in node.interfaces.enumerated() {
      let (place, hostEnd) = description(of: interface.source, topology)
      let addresses = interface.addresses.map(\.address.description)
      table.add(
        index == 0 ? namespace.text : "", interface.name.text, place, addresses.first ?? "",
        interface.macAddress?.description ?? "", hostEnd)
      for address in addresses.dropFirst() { table.add("", "", "", address, "", "") }
    }
  }
  return table.text
}

private func description(of source: Interface.Source, _ topology: Topology) -> (place: String, hostEnd: String) {
  switch source {
  case .port(let network, let device, let vlans):
    return (topology[network].key + (vlans.map { ", \(description(of: $0))" } ?? ""), device.text)
  case .child(let network): return (topology[network].key, "")
  case .link(let id): return ("link \(id.index + 1)", "")
  case .device(let device):
    switch device {
    case .dummy: return ("dummy", "")
    case .vlan(let parent, let id): return ("VLAN \(id) on \(parent)", "")
    case .vxlan(let options): return ("VXLAN \(options.id)", "")
    case .vrf(let table): return ("VRF, table \(table)", "")
    case .bond(let mode): return ("bond \(mode.rawValue)", "")
    case .bridge: return ("bridge", "")
    }
  }
}

private func description(of vlans: PortVLANs) -> String {
  let tagged = vlans.tagged.map(\.description).joined(separator: ",")
  let parts = [vlans.untagged.map { "VLAN \($0)" }, tagged.isEmpty ? nil : "tagged \(tagged)"]
  return parts.compactMap { $0 }.joined(separator: ", ")
}

private func defaultRouteTable(_ topology: Topology) -> String {
  var table = TextTable("DEFAULT ROUTE OF", "VIA", "ON", "BECAUSE")
  for node in topology.nodes {
    for route in node.defaultRoutes {
      table.add(
        node.displayName, "\(route.gateway?.description ?? "the device") dev \(route.interface)",
        topology[route.network].key, defaultRouteReason(route, topology))
    }
  }
  return table.text
}

/// Why a network gives a default route, in words.
package func defaultRouteReason(_ route: DefaultRoute, _ topology: Topology) -> String {
  let others = route.others.map { topology[$0].key }.joined(separator: ", ")
  return switch route.reason {
  case .only: "the only network with a gateway"
  case .gatewayPriority(let priority): "gw_priority \(priority) is the highest (also: \(others))"
  case .bothFamilies: "it has gateways for IPv4 and IPv6 (also: \(others))"
  case .name: "\(topology[route.network].name) is the first by name (also: \(others); gw_priority chooses another)"
  }
}

private func routeTable(_ topology: Topology) -> String {
  var table = TextTable("ROUTES OF", "TO", "")
  for (name, routes) in topology.nodes.map({ ($0.displayName, $0.routes) }) + [("the host", topology.host.routes)] {
    for (index, route) in routes.enumerated() {
      var parts = [action(of: route.action)]
      if let metric = route.metric { parts.append("metric \(metric)") }
      if let table = route.table { parts.append("table \(table)") }
      let isDefault = route.destination.length == 0
      table.add(
        index == 0 ? name : "", isDefault ? "default" : route.destination.description, parts.joined(separator: " "))
    }
  }
  return table.text
}

private func action(of action: Route.Action) -> String {
  switch action {
  case .unicast(let hops):
    hops.map { hop in
      [hop.gateway.map { "via \($0)" }, hop.device.map { "dev \($0)" }, hop.isOnLink ? "onlink" : nil]
        .compactMap { $0 }.joined(separator: " ")
    }.joined(separator: ", ")
  case .blackhole: "blackhole"
  case .unreachable: "unreachable"
  case .prohibit: "prohibit"
  }
}

/// The published ports: where they are, and what is reached there.
private func portTable(_ topology: Topology) -> String {
  var table = TextTable("PUBLISHED BY", "AT", "LEADS TO", "OVER")
  for port in topology.publications {
    let everywhere =
      switch port.family {
      case .ipv4: "0.0.0.0"
      case .ipv6: "[::]"
      }
    let address = port.hostAddress.map { bracketed($0) } ?? everywhere
    table.add(
      topology[port.node].displayName, port.hostPorts.map { "\(address):\($0)" } ?? "its own address",
      "\(bracketed(port.target)):\(port.targetPorts)/\(port.transport.rawValue)", topology[port.network].key)
  }
  return table.text
}

/// An address as it stands before a port (RFC 3986 §3.2.2).
private func bracketed(_ address: IPAddress) -> String {
  switch address.family {
  case .ipv4: "\(address)"
  case .ipv6: "[\(address)]"
  }
}

/// The nodes whose network is not in a namespace of their own.
private func elsewhere(_ topology: Topology) -> String {
  topology.nodes.compactMap { node -> String? in
    switch node.home {
    case .namespace: nil
    case .host: "\(node.displayName) is in the host's own namespace.\n"
    case .shared(let other): "\(node.displayName) shares the namespace of \(topology[other].displayName).\n"
    case .foreign:
      "\(node.displayName) has its network from something that isn't in the file; nothing is built for it.\n"
    }
  }.joined()
}

private func stepTable(_ plan: Plan) -> String {
  var table = TextTable("STEP", "OPERATION", "FROM")
  for (index, step) in plan.steps.enumerated() {
    table.add(String(index + 1), step.operation.summary, "\(step.origin.file):\(step.origin.line)")
  }
  return table.text
}
