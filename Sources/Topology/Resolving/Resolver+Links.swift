import Diagnostics
import NetworkTypes
import ProjectFile

extension Resolver {
  /// Binds the links' ends; a link of which an end is unknown, or that hasn't two, is left out.
  mutating func makeLinks() {
    var numberings: [Int: InterfaceNumbering] = [:]
    for (index, entry) in file.links.enumerated() where entry.endpoints.count == 2 {
      guard isBindable(entry.endpoints[0]), isBindable(entry.endpoints[1]) else { continue }
      let id = LinkID(index: topology.links.count)
      let first = bind(entry.endpoints[0], of: entry, id, &numberings)
      let second = bind(entry.endpoints[1], of: entry, id, &numberings)
      topology.links.append(
        Link(
          id: id, first: first, second: second, subnets: entry.subnets, mtu: entry.mtu?.value,
          impairment: entry.impairment.map { NetemOptions($0) }, entry: index, origin: entry.range))
    }
  }

  /// Whether an end names a node with a namespace of its own, or a network with a bridge.
  private func isBindable(_ endpoint: LinkEntry.Endpoint) -> Bool {
    if let node = nodeByName[endpoint.target.value] {
      if case .namespace = topology[node].home { return true }
      return false
    }
    return networkByKey[endpoint.target.value].map { topology[$0].bridge != nil } ?? false
  }

  /// Makes an end: a node's interface, or a bridge's port; the names of interfaces that have none come from their
  /// nodes' numberings.
  private mutating func bind(
    _ endpoint: LinkEntry.Endpoint, of entry: LinkEntry, _ id: LinkID, _ numberings: inout [Int: InterfaceNumbering]
  ) -> Link.End {
    let vlans = endpoint.vlans.isEmpty ? entry.vlans : endpoint.vlans
    if let node = nodeByName[endpoint.target.value] {
      if endpoint.interface == nil, numberings[node.index] == nil { numberings[node.index] = numbering(of: node) }
      let name = endpoint.interface?.value ?? numberings[node.index]?.next(prefix: "eth") ?? .loopback
      topology.nodes[node.index].interfaces.append(
        Interface(
          name: name, source: .link(id), mtu: entry.mtu?.value,
          hasIPv6: entry.subnets.contains { $0.value.family == .ipv6 }
            || endpoint.addresses.contains { $0.value.family == .ipv6 },
          impairment: Rare(entry.impairment.map { NetemOptions($0) }), origin: endpoint.range))
      attachments[node.index].append(nil)
      return .node(node, name)
    }
    let network = networkByKey[endpoint.target.value] ?? NetworkID(index: 0)
    var bridge = BridgeOptions()
    if case .bridge(_, let options) = topology[network].driver { bridge = options }
    let other = entry.endpoints.first { $0.target.value != endpoint.target.value } ?? endpoint
    let device = deviceNaming.name(
      "l-\(prefixed(endpoint.target.value))-\(other.target.value)", "l-\(prefixed(endpoint.target.value))-\(id.index)")
    return .bridge(network, device: device, vlans: portVLANs(vlans, bridge))
  }

  /// A numbering of what a node has neither on a network nor by another link or device.
  private func numbering(of node: NodeID) -> InterfaceNumbering {
    let entry = file.nodes[topology[node].entry]
    var taken = topology[node].interfaces.map(\.name) + entry.interfaces.map(\.name.value)
    taken += linkedInterfaces[topology[node].key] ?? []
    taken += linkedInterfaces[topology[node].name] ?? []
    return InterfaceNumbering(taken: taken)
  }
}
