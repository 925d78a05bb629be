import Diagnostics
import NetworkTypes
import ProjectFile

extension Resolver {
  /// Gives every interface that can have one a hardware address: the written one, or one made from its address.
  mutating func giveHardwareAddresses() {
    var naming = MACNaming()
    for index in topology.networks.indices where topology.networks[index].bridge != nil {
      let network = topology.networks[index]
      if let pool = network.pools.first(where: { $0.subnet.family == .ipv4 && $0.gatewayNode == nil }),
        case .v4(let gateway)? = pool.gateway
      {
        topology.networks[index].bridgeAddress = MACNaming.address(for: gateway)
      } else {
        topology.networks[index].bridgeAddress = naming.address(for: "network \(prefixed(network.key))")
      }
    }
    for index in topology.nodes.indices {
      let node = topology.nodes[index]
      let primary = primaryPosition(index)
      for position in node.interfaces.indices {
        let interface = node.interfaces[position]
        let written: MACAddress?
        switch interface.source {
        case .port: written = attachments[index][position]?.macAddress?.value
        case .child(let id):
          if case .ipvlan = topology[id].driver { continue }  // has its parent's
          written = attachments[index][position]?.macAddress?.value
        case .link(let id): written = writtenAddress(of: interface.name, in: node.id, on: topology[id])
        case .device: continue  // as written, or the kernel's choice
        }
        let entry = file.nodes[node.entry]
        topology.nodes[index].interfaces[position].macAddress =
          written ?? (position == primary ? entry.macAddress?.value : nil)
          ?? naming.address(for: interface.addresses, identity: "\(node.displayName)/\(interface.name)")
      }
    }
  }

  /// The interface that a service's own `mac_address` is for: the network of highest priority, then first by key
  /// (compose-go, ServiceConfig.NetworksByPriority).
  private func primaryPosition(_ index: Int) -> Int? {
    attachments[index].indices.filter { attachments[index][$0] != nil }
      .min { left, right in
        guard let left = attachments[index][left], let right = attachments[index][right] else { return false }
        return (-(left.priority?.value ?? 0), left.network.value) < (-(right.priority?.value ?? 0), right.network.value)
      }
  }

  private func writtenAddress(of name: InterfaceName, in node: NodeID, on link: Link) -> MACAddress? {
    let endpoints = file.links[link.entry].endpoints
    for (end, endpoint) in zip([link.first, link.second], endpoints) {
      if case .node(let id, let interface) = end, id == node, interface == name { return endpoint.macAddress?.value }
    }
    return nil
  }
}
