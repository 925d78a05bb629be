import Diagnostics
import NetworkTypes
import ProjectFile

/// A way to a node's port: the address of the host's that it is published on, and the network that leads there.
private struct Way {
  let binding: HostPorts.Binding
  let network: Network
  let target: IPAddress
}

extension Resolver {
  /// Publishes ports, as the engine does: on the network that gives the node its default route, over each family that
  /// it has there (moby, daemon/libnetwork/sandbox.go, ProgramExternalConnectivity).
  ///
  /// Ephemeral ports are given out last, so that none is one that the file names.
  mutating func publishPorts() {
    guard file.nodes.contains(where: { !$0.ports.isEmpty }) else { return }
    var ports = HostPorts()
    for node in topology.nodes where node.home == .host {
      for exposed in file.nodes[node.entry].expose {
        ports.take(
          exposed.ports.value, exposed.transport, on: AddressFamily.allCases.map { .init(family: $0, address: nil) })
      }
    }
    for isChosen in [true, false] {
      for id in topology.startOrder {
        guard case .namespace = topology[id].home else { continue }
        for entry in file.nodes[topology[id].entry].ports where namesItsPorts(entry) == isChosen {
          publish(entry, of: id, &ports)
        }
      }
    }
    let order = Dictionary(uniqueKeysWithValues: topology.startOrder.enumerated().map { ($1, $0) })
    topology.publications = topology.publications.enumerated().sorted {
      (order[$0.element.node] ?? 0, $0.offset) < (order[$1.element.node] ?? 0, $1.offset)
    }.map(\.element)
  }

  /// Whether the file says which port of the host's it is.
  private func namesItsPorts(_ entry: PublishedPortEntry) -> Bool { entry.published?.count == entry.target.count }

  private mutating func publish(_ entry: PublishedPortEntry, of id: NodeID, _ ports: inout HostPorts) {
    openPorts(entry, of: id)
    let ways = ways(to: entry, of: id)
    guard !ways.isEmpty else { return }
    let bindings = ways.map(\.binding)
    if let published = entry.published, published.count == entry.target.count {
      ports.take(published, entry.transport, on: bindings)
      add(entry, of: id, ways, hostPorts: published, targetPorts: entry.target)
      return
    }
    for target in entry.target.first...entry.target.last {
      guard let port = ports.takeFirst(in: entry.published, entry.transport, on: bindings) else {
        topology.failures.append(.hostPorts(node: id, range: entry.published, entry: entry.range))
        continue
      }
      add(entry, of: id, ways, hostPorts: PortRange(port), targetPorts: PortRange(target))
    }
  }

  private mutating func add(
    _ entry: PublishedPortEntry, of id: NodeID, _ ways: [Way], hostPorts: PortRange, targetPorts: PortRange
  ) {
    for way in ways {
      topology.publications.append(
        Publication(
          node: id, network: way.network.id, transport: entry.transport, hostAddress: way.binding.address,
          hostPorts: hostPorts, target: way.target, targetPorts: targetPorts, origin: entry.range))
    }
  }

  /// The ways to a node's port that lead through the host's own addresses.
  private func ways(to entry: PublishedPortEntry, of id: NodeID) -> [Way] {
    AddressFamily.allCases.compactMap { family in
      guard let (network, interface) = gatewayEndpoint(of: id.index, family), network.hostAddress(family) != nil,
        let target = interface.addresses.first(where: { $0.address.family == family })?.address.address,
        let binding = binding(of: entry, family, on: network)
      else { return nil }
      switch network.policy.gatewayMode(family) {
      case .nat, .natUnprotected: return Way(binding: binding, network: network, target: target)
      case .routed, .isolated: return nil
      }
    }
  }

  /// The addresses of a family that an entry is published on, if any; an address in the network's options is taken
  /// where the entry names none, and leaves the other family out (moby, bridge/port_mapping_linux.go,
  /// configurePortBindingIPv6).
  private func binding(
    of entry: PublishedPortEntry, _ family: AddressFamily, on network: Network
  ) -> HostPorts.Binding? {
    guard let address = entry.hostAddress ?? network.policy.hostBinding else {
      return .init(family: family, address: nil)
    }
    guard address.family == family else { return nil }
    return .init(family: family, address: address.isUnspecified ? nil : address)
  }

  /// Opens ports at the node's own addresses on its routed networks.
  private mutating func openPorts(_ entry: PublishedPortEntry, of id: NodeID) {
    for interface in topology[id].interfaces {
      guard case .port(let network, _, _) = interface.source, !topology[network].isInternal else { continue }
      for address in interface.addresses.map(\.address.address) {
        guard topology[network].policy.gatewayMode(address.family) == .routed,
          topology[network].pool(address.family)?.subnet.contains(address) ?? false,
          entry.hostAddress.map({ $0.family == address.family }) ?? true
        else { continue }
        topology.publications.append(
          Publication(
            node: id, network: network, transport: entry.transport, hostAddress: nil, hostPorts: nil, target: address,
            targetPorts: entry.target, origin: entry.range))
      }
    }
  }
}
