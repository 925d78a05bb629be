import NetworkTypes

extension Topology {
  /// How many devices stand on each other up to each of a node's, itself counted: those of the host below it too.
  ///
  /// - Parameter interfaces: the node's devices.
  /// - Returns: the number for each; nil for devices in a circle, and for those on one.
  package func nesting(of interfaces: [Interface]) -> [Int?] {
    let positions = interfaces.positions
    var needs = [[Int]](repeating: [], count: interfaces.count)
    for index in interfaces.indices {
      if let below = interfaces[index].parent.flatMap({ positions[$0] }) { needs[index].append(below) }
      if let master = interfaces[index].master.flatMap({ positions[$0] }) { needs[master].append(index) }
    }
    return dependencyLevels(needs, from: interfaces.map(levelsBelow)).map { $0.map { $0 + 1 } }
  }

  /// How many devices of the host a node's device stands on.
  private func levelsBelow(_ interface: Interface) -> Int {
    guard case .child(let id) = interface.source else { return 0 }
    switch self[id].driver {
    case .macvlan(let parent, false, _), .ipvlan(let parent, false, _):
      if subinterface(parent) != nil { return 2 }
      return networks.first { $0.isBridge(below: parent) }.map { hasPorts($0.id) ? 2 : 1 } ?? 1
    case .macvlan, .ipvlan: return 1
    case .bridge, .host, .none: return 0
    }
  }
}

extension Interface {
  /// The device of the same node that it stands on.
  fileprivate var parent: InterfaceName? {
    switch source {
    case .device(.vlan(let parent, _)): parent
    case .device(.vxlan(let options)): options.device
    case .device(.dummy), .device(.bond), .device(.bridge), .device(.vrf), .port, .child, .link: nil
    }
  }
}
