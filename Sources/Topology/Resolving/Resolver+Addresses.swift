import Diagnostics
import NetworkTypes
import ProjectFile

extension Resolver {
  /// Gives addresses: a network's gateways, auxiliary and static ones first, then dynamic ones in start order; then
  /// links.
  mutating func giveAddresses() {
    // A range that isn't in its subnet, which is a finding, would leave no address.
    var pools = topology.networks.map { network in
      network.pools.map { pool in
        AddressPool(subnet: pool.subnet, range: pool.range.flatMap { pool.subnet.contains($0) ? $0 : nil })
      }
    }
    for network in topology.networks.indices { giveGateways(network, &pools[network]) }
    for index in topology.nodes.indices { takeWrittenAddresses(index, &pools) }
    for id in topology.startOrder { giveDynamicAddresses(id.index, &pools) }
    for index in topology.nodes.indices { addFurtherAddresses(index) }
    for index in topology.links.indices { giveLinkAddresses(index) }
  }

  /// Takes a network's gateways, the lowest free address where none is written, and then its auxiliary addresses.
  private mutating func giveGateways(_ network: Int, _ pools: inout [AddressPool]) {
    for index in pools.indices {
      let pool = topology.networks[network].pools[index]
      if let gateway = pool.gateway {
        pools[index].take(gateway)
      } else if givesGateway(topology.networks[network], pool.subnet.family), topology.networks[network].isUsed,
        !topology.networks[network].isExisting
      {
        topology.networks[network].pools[index].gateway = pools[index].takeLowest()
        if topology.networks[network].pools[index].gateway == nil {
          topology.failures.append(.gateway(network: NetworkID(index: network), pool: pool.subnet))
        }
      }
      for auxiliary in pool.auxiliary { pools[index].take(auxiliary.value) }
      for occupant in pool.occupants { pools[index].take(occupant.address) }
      for address in hostAddresses(on: topology.networks[network].parent) where pool.subnet.contains(address) {
        pools[index].take(address)
      }
    }
  }

  /// What is taken on the segment of a device that a macvlan or ipvlan network is on: the host's own addresses there,
  /// and those of its gateways.
  private func hostAddresses(on parent: InterfaceName?) -> [IPAddress] {
    topology.host.interfaces.filter { $0.name == parent }.flatMap { $0.addresses.map(\.address) + $0.gateways }
  }

  /// Whether a network has a gateway without being told.
  ///
  /// Bridges have one, but for those that are nobody's way out; macvlan and ipvlan haven't. So it is since Docker 28
  /// (moby, drivers/bridge/bridge_linux.go: GetSkipGwAlloc).
  private func givesGateway(_ network: Network, _ family: AddressFamily) -> Bool {
    switch network.driver {
    case .bridge:
      network.policy.gatewayMode(family) != .isolated
        && !(network.inhibitsIPv4 && network.isInternal && family == .ipv4)
    case .macvlan, .ipvlan, .host, .none: false
    }
  }

  /// Takes the addresses that a node's entry gives, so that no dynamic one is the same.
  private mutating func takeWrittenAddresses(_ index: Int, _ pools: inout [[AddressPool]]) {
    let entry = topology.nodes[index].entry
    for position in topology.nodes[index].interfaces.indices {
      guard let attachment = attachments[index][position], let written = attachment.written else { continue }
      let network = attachment.network.index
      if let address = file.nodes[entry].attachments[written].ipv4Address {
        takeWritten(.v4(address.value), at: address.range, index, position, network, &pools[network])
      }
      if let address = file.nodes[entry].attachments[written].ipv6Address {
        takeWritten(.v6(address.value), at: address.range, index, position, network, &pools[network])
      }
      for address in file.nodes[entry].attachments[written].addresses {
        if let pool = pools[network].firstIndex(where: { $0.subnet.contains(address.value.address) }) {
          pools[network][pool].take(address.value.address)
        }
      }
    }
  }

  private mutating func takeWritten(
    _ address: IPAddress, at range: SourceRange, _ node: Int, _ interface: Int, _ network: Int,
    _ pools: inout [AddressPool]
  ) {
    guard let pool = pools.firstIndex(where: { $0.subnet.contains(address) }),
      let assigned = InterfaceAddress(address, in: pools[pool].subnet)
    else { return }
    pools[pool].take(address)
    topology.nodes[node].interfaces[interface].addresses.append(
      AssignedAddress(address: assigned, choice: .written, origin: range))
    takeOverGateway(network, pool, address, node: node)
  }

  /// A router that has a network's gateway address is the gateway: the bridge then has no address of that family.
  private mutating func takeOverGateway(_ network: Int, _ pool: Int, _ address: IPAddress, node: Int) {
    switch topology.nodes[node].role {
    case .service: break
    case .router:
      if topology.networks[network].pools[pool].gateway == address {
        topology.networks[network].pools[pool].gatewayNode = NodeID(index: node)
      }
    }
  }

  /// Gives an interface the lowest free address of every family that its network has and that isn't written.
  private mutating func giveDynamicAddresses(_ index: Int, _ pools: inout [[AddressPool]]) {
    let entry = topology.nodes[index].entry
    for position in topology.nodes[index].interfaces.indices {
      guard let attachment = attachments[index][position] else { continue }
      let network = attachment.network.index
      for family in AddressFamily.allCases where pools[network].contains(where: { $0.subnet.family == family }) {
        var isWritten = false
        if let written = attachment.written {
          switch family {
          case .ipv4: isWritten = file.nodes[entry].attachments[written].ipv4Address != nil
          case .ipv6: isWritten = file.nodes[entry].attachments[written].ipv6Address != nil
          }
        }
        guard !isWritten else { continue }
        guard let assigned = takeLowest(family, &pools[network]) else {
          topology.failures.append(
            .addresses(
              network: NetworkID(index: network), family: family, node: NodeID(index: index),
              attachment: attachment.origin))
          continue
        }
        topology.nodes[index].interfaces[position].addresses.append(
          AssignedAddress(address: assigned, choice: .allocated, origin: attachment.origin))
      }
      guard topology.nodes[index].interfaces[position].addresses.count > 1 else { continue }
      topology.nodes[index].interfaces[position].addresses.sort { $0.address.family < $1.address.family }
    }
  }

  /// Takes the lowest free address of a family from the first of a network's pools that has one left (moby,
  /// daemon/libnetwork/endpoint.go: assignAddressVersion).
  private func takeLowest(_ family: AddressFamily, _ pools: inout [AddressPool]) -> InterfaceAddress? {
    for index in pools.indices where pools[index].subnet.family == family {
      if let address = pools[index].takeLowest() { return InterfaceAddress(address, in: pools[index].subnet) }
    }
    return nil
  }

  /// Adds the addresses that come on top: `addresses` and `link_local_ips`.
  private mutating func addFurtherAddresses(_ index: Int) {
    let entry = topology.nodes[index].entry
    for position in topology.nodes[index].interfaces.indices {
      guard let written = attachments[index][position]?.written else { continue }
      var further = file.nodes[entry].attachments[written].addresses
      for address in file.nodes[entry].attachments[written].linkLocalAddresses {
        // Docker gives them the whole link-local block (libnetwork, endpoint.go): 169.254.0.0/16, fe80::/64.
        let length = address.value.family == .ipv4 ? 16 : 64
        if let assigned = InterfaceAddress(address.value, prefixLength: length) {
          further.append(Located(assigned, at: address.range))
        }
      }
      guard !further.isEmpty else { continue }
      topology.nodes[index].interfaces[position].addresses += further.map {
        AssignedAddress(address: $0.value, choice: .written, origin: $0.range)
      }
    }
  }

  /// Gives a link's ends at nodes the first host addresses of its subnets, in the order of the ends; an end that has a
  /// written address in a subnet gets no other in it.
  private mutating func giveLinkAddresses(_ index: Int) {
    let link = topology.links[index]
    let entry = file.links[link.entry]
    let ends = zip([link.first, link.second], entry.endpoints).compactMap { end, endpoint -> LinkEndAtNode? in
      guard case .node(let node, let name) = end,
        let position = topology.nodes[node.index].interfaces.firstIndex(where: {
          if case .link(let id) = $0.source { return id == link.id && $0.name == name }
          return false
        })
      else { return nil }
      return LinkEndAtNode(node: node.index, position: position, endpoint: endpoint)
    }
    for subnet in link.subnets {
      var pool = AddressPool(subnet: subnet.value, range: nil)
      for end in ends { for address in end.endpoint.addresses { pool.take(address.value.address) } }
      for end in ends where !end.endpoint.addresses.contains(where: { subnet.value.contains($0.value.address) }) {
        guard let address = pool.takeLowest(), let assigned = InterfaceAddress(address, in: subnet.value) else {
          topology.failures.append(.linkAddresses(link: link.id, subnet: subnet))
          continue
        }
        topology.nodes[end.node].interfaces[end.position].addresses.append(
          AssignedAddress(address: assigned, choice: .allocated, origin: subnet.range))
      }
    }
    for end in ends {
      topology.nodes[end.node].interfaces[end.position].addresses += end.endpoint.addresses.map {
        AssignedAddress(address: $0.value, choice: .written, origin: $0.range)
      }
    }
  }
}

/// A link's end at a node: which interface it is, and what the file says of it.
private struct LinkEndAtNode {
  let node: Int
  let position: Int
  let endpoint: LinkEntry.Endpoint
}
