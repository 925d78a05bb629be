package import NetworkTypes

/// The layer-2 segments of a topology: which interfaces get each other's broadcasts.
///
/// Bridges, links, in-node bridges, bonds and macvlan parents join segments; a VLAN-aware bridge keeps its VLANs apart,
/// and tagged frames go their own way over links and plain bridges. VXLAN joins nothing here: whether two ends meet is
/// a matter of routing.
package struct Segments {
  /// A part of a bridge or a link that carries one VLAN; tag 0 is untagged traffic.
  private enum Medium: Hashable {
    case bridge(Int, tag: Int)
    case link(Int, tag: Int)
    case parent(InterfaceName)
  }

  private var parents: [Int] = []
  private var media: [Medium: Int] = [:]
  /// The medium that was asked for last: neighbors are mostly on the same.
  private var last: (medium: Medium, element: Int)?
  private let offsets: [Int]
  private let topology: Topology

  /// Finds the segments.
  package init(_ topology: Topology) {
    self.topology = topology
    var count = 0
    offsets = topology.nodes.indices.map { node in
      defer { count += topology.nodes[node].interfaces.count }
      return count
    }
    parents = Array(0..<count)
    for node in topology.nodes.indices { joinInterfaces(of: node) }
    joinBridges()
    // Every element points at its segment, so that asking changes nothing.
    for element in parents.indices { parents[element] = root(of: element) }
  }

  /// The segment of a node's interface.
  package func segment(node: NodeID, position: Int) -> Int { parents[offsets[node.index] + position] }

  /// The segment of a bridge itself, where its gateway's address is; nil if nothing is on it.
  package func segment(of network: Network) -> Int? {
    media[.bridge(network.id.index, tag: ownTag(network))].map { parents[$0] }
  }

  /// The segment of a device that macvlan or ipvlan networks are on; nil if nothing is on it.
  package func segment(ofParent device: InterfaceName) -> Int? { media[.parent(device)].map { parents[$0] } }

  private func ownTag(_ network: Network) -> Int { isVLANAware(network) ? 1 : 0 }

  private func isVLANAware(_ network: Network) -> Bool {
    guard case .bridge(_, let options) = network.driver else { return false }
    return options.vlanFiltering
  }

  // MARK: Joining

  private mutating func joinInterfaces(of node: Int) {
    let interfaces = topology.nodes[node].interfaces
    var positions: [InterfaceName: Int] = [:]
    if interfaces.indices.contains(where: { if case .device = interfaces[$0].source { true } else { false } }) {
      positions = interfaces.positions
    }
    for position in interfaces.indices {
      let element = offsets[node] + position
      switch interfaces[position].source {
      case .port(let id, _, let vlans):
        if let tag = untaggedTag(vlans, on: id) { join(element, medium(.bridge(id.index, tag: tag))) }
      case .link(let id): join(element, medium(.link(id.index, tag: 0)))
      case .child(let id): joinChild(element, on: topology[id])
      case .device(.vlan(let parent, let id)):
        if let below = positions[parent] { joinVLAN(element, id, on: interfaces[below].source) }
      case .device(.dummy), .device(.vrf), .device(.vxlan), .device(.bridge), .device(.bond): break
      }
      guard let master = interfaces[position].master.flatMap({ positions[$0] }) else { continue }
      switch interfaces[master].source {
      case .device(.bridge), .device(.bond): join(offsets[node] + master, element)
      case .device(.dummy), .device(.vrf), .device(.vxlan), .device(.vlan), .port, .link, .child: break
      }
    }
  }

  /// The VLAN of a port's untagged frames in the bridge; nil if such frames are dropped.
  private func untaggedTag(_ vlans: PortVLANs?, on network: NetworkID) -> Int? {
    guard isVLANAware(topology.networks[network.index]) else { return 0 }
    guard let vlans else { return 1 }
    return vlans.untagged.map { Int($0.number) }
  }

  private mutating func joinChild(_ element: Int, on network: Network) {
    switch network.driver {
    case .macvlan(let parent, _, .bridge), .macvlan(let parent, _, .vepa), .macvlan(let parent, _, .passthru),
      .ipvlan(let parent, _, _):
      join(element, medium(.parent(parent)))
    case .macvlan(_, _, .private), .bridge, .host, .none: break
    }
  }

  private mutating func joinVLAN(_ element: Int, _ id: VLANID, on source: Interface.Source) {
    switch source {
    case .port(let network, _, _): join(element, medium(.bridge(network.index, tag: Int(id.number))))
    case .link(let link): join(element, medium(.link(link.index, tag: Int(id.number))))
    case .child, .device: break
    }
  }

  /// Joins what a link with an end at a bridge carries with what the bridge carries.
  private mutating func joinBridges() {
    let tags = tagsInUse()
    for link in topology.links {
      for end in [link.first, link.second] {
        guard case .bridge(let id, _, let vlans) = end else { continue }
        if let tag = untaggedTag(vlans, on: id) {
          join(medium(.link(link.id.index, tag: 0)), medium(.bridge(id.index, tag: tag)))
        }
        for tag in tags where passes(tag, vlans, on: topology[id]) {
          join(medium(.link(link.id.index, tag: tag)), medium(.bridge(id.index, tag: tag)))
        }
      }
    }
  }

  private func passes(_ tag: Int, _ vlans: PortVLANs?, on network: Network) -> Bool {
    guard isVLANAware(network) else { return true }
    return vlans?.tagged.contains { Int($0.first.number) <= tag && tag <= Int($0.last.number) } ?? false
  }

  private func tagsInUse() -> [Int] {
    var tags: Set<Int> = []
    for medium in media.keys {
      switch medium {
      case .bridge(_, let tag), .link(_, let tag): tags.insert(tag)
      case .parent: break
      }
    }
    return tags.subtracting([0]).sorted()
  }

  // MARK: Union-find

  private mutating func medium(_ medium: Medium) -> Int {
    if let last, last.medium == medium { return last.element }
    let element = media[medium] ?? parents.count
    if element == parents.count {
      parents.append(element)
      media[medium] = element
    }
    last = (medium, element)
    return element
  }

  private mutating func root(of element: Int) -> Int {
    var element = element
    while parents[element] != element {
      parents[element] = parents[parents[element]]
      element = parents[element]
    }
    return element
  }

  private mutating func join(_ left: Int, _ right: Int) {
    let (left, right) = (root(of: left), root(of: right))
    if left != right { parents[max(left, right)] = min(left, right) }
  }
}
