import NetworkTypes

extension Topology {
  /// The MTU of an Ethernet device that nobody gave another (ether_setup, net/ethernet/eth.c).
  private static let ethernetMTU = 1500

  /// The MTU that a network's bridge ends up with; nil where the network is none, or the host's own.
  ///
  /// It is the lowest of its ports', whatever it was made with (br_mtu_auto_adjust, net/bridge/br_if.c).
  package func bridgeMTU(of network: Network) -> Int? {
    guard network.bridge != nil, !network.isExisting else { return nil }
    var ports = links.flatMap { link in
      [link.first, link.second].compactMap { end -> Int? in
        if case .bridge(network.id, _, _) = end { link.mtu ?? Self.ethernetMTU } else { nil }
      }
    }
    if ports.isEmpty || hasAttachedNode(network.id) { ports.append(network.mtu ?? Self.ethernetMTU) }
    return ports.min()
  }

  /// The MTU of the device that a macvlan or ipvlan network is on; nil where only the machine knows.
  package func parentMTU(of network: Network) -> Int? {
    switch network.driver {
    case .macvlan(_, true, _), .ipvlan(_, true, _): network.mtu ?? Self.ethernetMTU
    case .macvlan(let parent, false, _), .ipvlan(let parent, false, _):
      networks.first { $0.isBridge(below: parent) }.flatMap { bridgeMTU(of: $0) }
    case .bridge, .host, .none: nil
    }
  }

  /// The MTU that a device has among those of its node; nil where only the machine knows.
  package func mtu(of interface: Interface, among interfaces: [Interface]) -> Int? {
    mtu(of: interface, among: interfaces, steps: DeviceLimits.nesting)
  }

  /// The same after so many steps down at most: a file can say that two devices stand on each other.
  private func mtu(of interface: Interface, among interfaces: [Interface], steps: Int) -> Int? {
    func mtu(_ name: InterfaceName) -> Int? {
      guard steps > 0, let other = interfaces.named(name) else { return nil }
      return self.mtu(of: other, among: interfaces, steps: steps - 1)
    }
    if let bond = bond(of: interface, among: interfaces) { return mtu(bond) }
    switch interface.source {
    case .port: return interface.mtu ?? Self.ethernetMTU
    case .child(let network): return interface.mtu ?? parentMTU(of: self[network])
    case .link(let link): return self[link].mtu ?? Self.ethernetMTU
    case .device(.bridge):
      let members = interfaces.filter { $0.master == interface.name }.compactMap { mtu($0.name) }
      return members.min() ?? interface.mtu ?? Self.ethernetMTU
    case .device(.vlan(let parent, _)): return interface.mtu ?? mtu(parent)
    case .device(.vxlan(let options)):
      guard interface.mtu == nil, let lower = options.device else { return interface.mtu ?? Self.ethernetMTU }
      return mtu(lower).map { max($0 - options.overhead, AddressFamily.ipv4MinimumMTU) }
    case .device(.vrf): return interface.mtu ?? 65575
    case .device(.dummy), .device(.bond): return interface.mtu ?? Self.ethernetMTU
    }
  }

  /// The bond that a device is in: its members have its MTU (bond_enslave, drivers/net/bonding/bond_main.c).
  private func bond(of interface: Interface, among interfaces: [Interface]) -> InterfaceName? {
    guard let master = interface.master, let other = interfaces.named(master) else {
      return nil
    }
    if case .device(.bond) = other.source { return master }
    return nil
  }

  /// Whether any node or link has a port on a network's bridge.
  func hasPorts(_ network: NetworkID) -> Bool {
    hasAttachedNode(network)
      || links.contains { link in
        [link.first, link.second].contains { if case .bridge(network, _, _) = $0 { true } else { false } }
      }
  }

  private func hasAttachedNode(_ network: NetworkID) -> Bool {
    nodes.contains { node in
      node.interfaces.contains { if case .port(network, _, _) = $0.source { true } else { false } }
    }
  }
}
