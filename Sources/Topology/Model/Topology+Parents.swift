package import NetworkTypes

extension Topology {
  /// The devices that macvlan and ipvlan networks are on though neither the file gives them to the host nor a network
  /// of it is one: the machine is taken to have them.
  ///
  /// Each device comes once, with the first network that counts on it. Of a VLAN's device, `eth0.10`, it is the device
  /// below, since the plan makes the VLAN's.
  package var assumedParents: [(network: Network, device: InterfaceName)] {
    let ofHost = Set(host.interfaces.map(\.name))
    let bridges = Set(
      networks.filter(\.isUsed).compactMap { network -> InterfaceName? in
        if case .bridge(let device, _) = network.driver { device } else { nil }
      })
    var seen = ofHost.union(bridges)
    var result: [(network: Network, device: InterfaceName)] = []
    for network in networks where network.isUsed && !network.isExisting {
      switch network.driver {
      case .macvlan(let parent, false, _), .ipvlan(let parent, false, _):
        let device = subinterface(parent)?.parent ?? parent
        if seen.insert(device).inserted { result.append((network, device)) }
      case .bridge, .macvlan, .ipvlan, .host, .none: continue
      }
    }
    return result
  }

  /// What a parent of a name like `eth0.10` is to be made as, where it isn't there: the device below, and the VLAN.
  ///
  /// See createVlanLink in moby, daemon/libnetwork/drivers/macvlan/macvlan_setup.go.
  ///
  /// - Parameter parent: the parent.
  /// - Returns: nil where the name has another form, or the host or a network of the file has a device of that name.
  package func subinterface(_ parent: InterfaceName) -> (parent: InterfaceName, id: VLANID)? {
    guard let vlan = parent.subinterface, !host.interfaces.contains(where: { $0.name == parent }),
      !networks.contains(where: { $0.bridge == parent })
    else { return nil }
    return vlan
  }

  /// Whether a parent of macvlan and ipvlan networks is there by the file alone: a bridge of a network, a VLAN of one,
  /// or a device that is made since no parent is named.
  package func makes(_ parent: InterfaceName) -> Bool {
    networks.contains { network in
      if network.isBridge(below: parent) { return !network.isExisting }
      switch network.driver {
      case .macvlan(parent, true, _), .ipvlan(parent, true, _): return true
      case .bridge, .macvlan, .ipvlan, .host, .none: return false
      }
    }
  }
}
