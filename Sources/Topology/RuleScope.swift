package import NetworkTypes

/// The nodes by what rules call them: by their key all replicas, by its name each.
package struct NodeNames: Sendable {
  private var nodes: [String: [NodeID]] = [:]

  /// Gathers the names of a topology's nodes.
  package init(_ topology: Topology) {
    for index in topology.nodes.indices {
      let (key, name) = (topology.nodes[index].key, topology.nodes[index].name)
      nodes[key, default: []].append(NodeID(index: index))
      if name != key { nodes[name, default: []].append(NodeID(index: index)) }
    }
  }

  /// The nodes that a name is for, in the order written.
  package subscript(_ name: String) -> [NodeID] { nodes[name] ?? [] }
}

/// What the names in the rules of a node's firewall, or the host's, stand for.
package struct RuleScope {
  /// The topology.
  package let topology: Topology
  /// Its nodes by name.
  let nodeNames: NodeNames
  /// Whose rules they are; nil for the host's.
  package let node: NodeID?
  /// Addresses by a name.
  package let sets: [String: [IPPrefix]]

  /// What a name stands for.
  package struct Meaning {
    /// Devices of the namespace.
    package var devices: [InterfaceName] = []
    /// Blocks of addresses that packets from or to it have, of one or both families.
    package var blocks: [IPPrefix] = []
    /// The namespace's own addresses on it.
    package var own: [IPPrefix] = []
  }

  /// Creates the scope of a node, or of the host.
  package init(topology: Topology, nodeNames: NodeNames, node: NodeID?, sets: [String: [IPPrefix]]) {
    self.topology = topology
    self.nodeNames = nodeNames
    self.node = node
    self.sets = sets
  }

  /// The meaning of a name: a set, an address, a device, a network, a node, `host` or `outside`; nil if it has none.
  package func meaning(of name: String) -> Meaning? {
    if let set = sets[name] { return Meaning(blocks: set) }
    if let block = block(name) { return Meaning(blocks: [block]) }
    return device(name) ?? network(name) ?? nodes(name) ?? special(name)
  }

  private func block(_ text: String) -> IPPrefix? {
    IPPrefix(text) ?? IPAddress(text).flatMap { IPPrefix(containing: $0, length: $0.family.bitWidth) }
  }

  private func device(_ text: String) -> Meaning? {
    guard let name = InterfaceName(text) else { return nil }
    if name == .loopback { return Meaning(devices: [name], blocks: [], own: []) }
    if let node {
      guard let interface = topology[node].interfaces.named(name) else { return nil }
      return Meaning(
        devices: [name], blocks: interface.addresses.map(\.address.prefix),
        own: Self.single(interface.addresses.map(\.address.address)))
    }
    if let interface = topology.host.interfaces.first(where: { $0.name == name }) {
      return Meaning(
        devices: [name], blocks: interface.addresses.map(\.prefix), own: Self.single(interface.addresses.map(\.address))
      )
    }
    return topology.networks.first { $0.isUsed && $0.bridge == name }.flatMap { network($0.key) }
  }

  private func network(_ key: String) -> Meaning? {
    guard let network = topology.networks.first(where: { $0.key == key && $0.isUsed }) else { return nil }
    var meaning = Meaning(blocks: network.pools.map(\.subnet))
    if let node {
      for interface in topology[node].interfaces {
        switch interface.source {
        case .port(network.id, _, _), .child(network.id):
          meaning.devices.append(interface.name)
          meaning.own += Self.single(interface.addresses.map(\.address.address))
        case .port, .child, .link, .device: break
        }
      }
    } else if let bridge = network.bridge {
      meaning.devices = [bridge]
      meaning.own = Self.single(AddressFamily.allCases.compactMap { network.hostAddress($0) })
    }
    return meaning
  }

  private func nodes(_ name: String) -> Meaning? {
    let found = nodeNames[name]
    guard !found.isEmpty else { return nil }
    return Meaning(blocks: Self.single(found.flatMap { addresses(of: topology[$0]) }))
  }

  /// The addresses of a node, those of the namespace that it shares included.
  package func addresses(of node: Node) -> [IPAddress] {
    switch node.home {
    case .namespace: node.interfaces.flatMap { $0.addresses.map(\.address.address) }
    case .shared(let other): addresses(of: topology[other])
    case .host: hostAddresses
    case .foreign: []
    }
  }

  private var hostAddresses: [IPAddress] {
    topology.host.interfaces.flatMap { $0.addresses.map(\.address) }
      + topology.networks.filter(\.isUsed).flatMap { network in
        AddressFamily.allCases.compactMap { network.hostAddress($0) }
      }
  }

  private func special(_ name: String) -> Meaning? {
    switch name {
    case "host": Meaning(blocks: Self.single(hostAddresses))
    case "outside": topology.host.outside.map { Meaning(blocks: Self.single($0.addresses.map(\.address))) }
    default: nil
    }
  }

  private static func single(_ addresses: [IPAddress]) -> [IPPrefix] {
    addresses.compactMap { IPPrefix(containing: $0, length: $0.family.bitWidth) }
  }

  /// All names that mean something here.
  package var names: [String] {
    let devices: [String]
    if let node {
      devices = topology[node].interfaces.map(\.name.text)
    } else {
      devices = topology.host.interfaces.map(\.name.text)
    }
    return sets.keys.sorted() + devices + topology.networks.filter(\.isUsed).map(\.key) + topology.nodes.map(\.name)
      + ["host"]
  }
}
