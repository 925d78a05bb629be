import Diagnostics
import NetworkTypes
import ProjectFile

extension Resolver {
  /// Gives every interface that can have one a hardware address: the written one, or one made from its address.
  mutating func giveHardwareAddresses() {
    var naming = MACNaming()
    let children = topology.networks.filter { $0.isUsed && $0.parent != nil }
    for index in topology.networks.indices where topology.networks[index].bridge != nil {
      let network = topology.networks[index]
      // A bridge that was given an address has no carrier without a port (br_stp_change_bridge_id), and so what stands
      // on it has none either.
      if isOnlyParent(network, of: children) { continue }
      if let pool = network.pools.first(where: { $0.subnet.family == .ipv4 && $0.gatewayNode == nil }),
        case .v4(let gateway)? = pool.gateway
      {
        topology.networks[index].bridgeAddress = MACNaming.address(for: gateway)
      } else {
        topology.networks[index].bridgeAddress = naming.address(for: "network \(prefixed(network.key))")
      }
    }
    for index in topology.nodes.indices {
      let entry = topology.nodes[index].entry
      // Only of use where the entry has an address for it.
      let primary = file.nodes[entry].macAddress == nil ? nil : primaryPosition(index)
      for position in topology.nodes[index].interfaces.indices {
        var written: MACAddress?
        if let attachment = attachments[index][position]?.written {
          written = file.nodes[entry].attachments[attachment].macAddress?.value
        }
        switch topology.nodes[index].interfaces[position].source {
        case .port: break
        case .child(let id):
          if case .ipvlan = topology.networks[id.index].driver { continue }  // has its parent's
        case .link(let id):
          let name = topology.nodes[index].interfaces[position].name
          written = writtenAddress(of: name, in: NodeID(index: index), on: topology[id])
        case .device: continue  // as written, or the kernel's choice
        }
        if written == nil, primary == position { written = file.nodes[entry].macAddress?.value }
        topology.nodes[index].interfaces[position].macAddress = written ?? madeAddress(index, position, &naming)
      }
    }
  }

  /// Whether a bridge has no ports, but macvlan or ipvlan networks, of those given, that stand on it.
  private func isOnlyParent(_ network: Network, of children: [Network]) -> Bool {
    children.contains { $0.parent.map(network.isBridge) ?? false } && !topology.hasPorts(network.id)
  }

  private func madeAddress(_ index: Int, _ position: Int, _ naming: inout MACNaming) -> MACAddress {
    naming.address(
      for: topology.nodes[index].interfaces[position].addresses,
      identity: "\(topology.nodes[index].displayName)/\(topology.nodes[index].interfaces[position].name)")
  }

  /// The interface that a service's own `mac_address` is for: the network of highest priority, then first by key
  /// (compose-go, ServiceConfig.NetworksByPriority).
  private func primaryPosition(_ index: Int) -> Int? {
    let entry = topology.nodes[index].entry
    return attachments[index].indices.filter { attachments[index][$0] != nil }
      .min { left, right in
        guard let left = attachments[index][left], let right = attachments[index][right] else { return false }
        return (-priority(of: left, entry), topology[left.network].key)
          < (-priority(of: right, entry), topology[right.network].key)
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
