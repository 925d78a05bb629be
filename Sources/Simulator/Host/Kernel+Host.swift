package import NetworkTypes
import Plan

extension Kernel {
  /// Starts a machine in the state that another was found in.
  ///
  /// - Parameters:
  ///   - state: the state.
  ///   - seed: what chance goes by.
  package init(_ state: HostState, seed: UInt64 = 1) {
    self.init(seed: seed)
    for space in state.spaces.dropFirst() { addNamespace(named: space.name) }
    for (index, space) in state.spaces.enumerated() { addDevices(of: space, NamespaceID(index)) }
    for (index, space) in state.spaces.enumerated() {
      let namespace = NamespaceID(index)
      for link in space.devices { connect(link, namespace) }
      addVLANs(of: space, namespace)
      addLearnedAddresses(of: space, namespace)
      setParameters(of: space, namespace)
      addRoutes(of: space, namespace)
    }
    for bridge in bridges { for port in bridge.ports { updatePort(port) } }
    for device in devices {
      for address in device.addresses where address.isTentative {
        addRoutes(for: address, device.id)
        schedule(.addressIsUnique(device.id, address.address), after: .seconds(1))
      }
    }
  }

  private mutating func addDevices(of space: HostState.Space, _ namespace: NamespaceID) {
    for link in space.devices {
      let id: DeviceID
      if case .loopback = link.kind, let own = self[namespace].devices[.loopback] {
        id = own
      } else {
        id = addDevice(
          firstKind(of: link), named: link.name, in: namespace, mtu: link.mtu, address: link.hardware)
      }
      devices[id.index].number = link.number
      devices[id.index].mtu = link.mtu
      devices[id.index].isUp = link.isUp
      devices[id.index].wasUp = link.isUp
      devices[id.index].group = link.group
      devices[id.index].addresses = link.addresses
      devices[id.index].addressIsGiven = true
      for address in link.addresses { listenForSolicitations(of: address, id) }
      if link.isUp { listenWhileUp(id) }
    }
    namespaces[namespace.index].nextNumber = (space.devices.map(\.number).max() ?? 1) + 1
  }

  /// What a device is as long as those that it belongs together with aren't there yet.
  private mutating func firstKind(of link: HostState.Link) -> DeviceKind {
    switch link.kind {
    case .loopback: return .loopback
    case .bridge(let options):
      bridges.append(Bridge(device: DeviceID(devices.count), options: options))
      return .bridge(bridges.count - 1)
    case .vxlan(let options):
      vxlans.append(VXLAN(device: DeviceID(devices.count), options: options, lower: nil))
      return .vxlan(vxlans.count - 1)
    case .bond(let mode): return .bond(mode)
    case .vrf(let table): return .vrf(table: table)
    case .outside(let hasCarrier): return .outside(hasCarrier: hasCarrier, peer: nil)
    case .dummy, .veth, .vlan: return .dummy
    }
  }

  private func device(numbered number: Int, in namespace: NamespaceID) -> DeviceID? {
    guard namespaces.indices.contains(namespace.index) else { return nil }
    return self[namespace].devices.values.first { self[$0].number == number }
  }

  /// Connects a device with what it stands on, leads to or belongs to.
  private mutating func connect(_ link: HostState.Link, _ namespace: NamespaceID) {
    guard let id = self[namespace].devices[link.name] else { return }
    switch link.kind {
    case .veth(let space, let peer):
      devices[id.index].kind =
        device(numbered: peer, in: NamespaceID(space)).map { .veth(peer: $0) }
        ?? .outside(hasCarrier: link.isUp, peer: nil)
    case .vlan(let parent, let tag):
      guard let parent = device(numbered: parent, in: namespace) else {
        devices[id.index].kind = .outside(hasCarrier: link.isUp, peer: nil)
        break
      }
      devices[id.index].kind = .vlan(parent: parent, id: tag)
      devices[parent.index].uppers.append(id)
    case .vxlan(let options):
      guard case .vxlan(let index) = self[id].kind else { break }
      vxlans[index].lower = options.device.flatMap { self[namespace].devices[$0] }
    case .loopback, .bridge, .dummy, .bond, .vrf, .outside: break
    }
    guard let master = link.master.flatMap({ device(numbered: $0, in: namespace) }) else { return }
    devices[id.index].master = master
    guard case .bridge(let index) = self[master].kind else { return }
    devices[id.index].port = BridgePort(number: UInt16(truncatingIfNeeded: bridges[index].ports.count + 1))
    bridges[index].ports.append(id)
    addLocalEntry(self[id].address, id, in: index)
  }

  private mutating func addVLANs(of space: HostState.Space, _ namespace: NamespaceID) {
    // A machine without bridge(8), or without VLANs in its bridges, lists none at all.
    guard !space.vlans.isEmpty else { return }
    var sets: [InterfaceName: PortVLANSet] = [:]
    for vlans in space.vlans {
      var set = sets[vlans.device] ?? PortVLANSet(members: [], untagged: [], pvid: nil)
      set.members.formUnion(vlans.range)
      if vlans.isUntagged { set.untagged.formUnion(vlans.range) }
      if vlans.isPVID { set.pvid = vlans.range.lowerBound }
      sets[vlans.device] = set
    }
    for (name, id) in self[namespace].devices {
      let set = sets[name] ?? PortVLANSet(members: [], untagged: [], pvid: nil)
      if case .bridge(let index) = self[id].kind, bridges[index].options.vlanFiltering {
        bridges[index].vlans = set
      } else if let bridge = bridge(ofPort: id), bridges[bridge].options.vlanFiltering {
        devices[id.index].port?.vlans = set
        let own = self[id].address
        if !set.members.contains(1) { bridges[bridge].table[ForwardingKey(own, vlan: 1)] = nil }
        for vlan in set.members.sorted() where vlan != 1 {
          bridges[bridge].add(
            ForwardingEntry(port: id, isLocal: true, updated: now), for: ForwardingKey(own, vlan: vlan))
        }
      }
    }
  }

  private mutating func addLearnedAddresses(of space: HostState.Space, _ namespace: NamespaceID) {
    for learned in space.learned {
      guard let id = self[namespace].devices[learned.device], let bridge = bridge(ofPort: id) else { continue }
      let key = ForwardingKey(learned.address, vlan: learned.vlan)
      guard bridges[bridge].table[key] == nil else { continue }
      bridges[bridge].add(ForwardingEntry(port: id, isLocal: false, updated: now), for: key)
    }
  }

  /// The index of the bridge that a device is a port of.
  private func bridge(ofPort device: DeviceID) -> Int? {
    guard let master = self[device].master, case .bridge(let index) = self[master].kind else { return nil }
    return index
  }

  private mutating func setParameters(of space: HostState.Space, _ namespace: NamespaceID) {
    for (key, value) in space.parameters { store(value, for: key, in: namespace) }
  }

  private mutating func addRoutes(of space: HostState.Space, _ namespace: NamespaceID) {
    for route in space.routes {
      let hops = route.nextHops.compactMap { hop in
        self[namespace].devices[hop.device].map {
          let isDead = route.nextHops.count > 1 && !self[$0].isUp
          return TableRoute.Hop(
            gateway: hop.gateway, device: $0, weight: hop.weight, isOnLink: hop.isOnLink, isDead: isDead)
        }
      }
      for hop in hops where hop.isDead { devices[hop.device.index].deadWays.insert(route.destination.family) }
      insert(
        TableRoute(
          destination: route.destination, type: route.type, scope: route.scope, origin: route.origin,
          metric: route.metric, source: route.source, hops: hops), route.table, namespace)
    }
    for (family, rules) in space.rules where !rules.isEmpty {
      namespaces[namespace.index].rules[family] = rules.map(\.rule)
    }
    for entry in space.neighbors {
      guard let device = self[namespace].devices[entry.device] else { continue }
      var neighbor = Neighbor(state: .stale)
      neighbor.hardware = entry.hardware
      namespaces[namespace.index].neighbors[NeighborKey(device: device, address: entry.address)] = neighbor
    }
  }

  /// Puts a namespace at the other end of a device that leads out of what is known, with a device of the same name.
  ///
  /// - Parameters:
  ///   - device: the device; one of another kind is left as it is.
  ///   - name: the namespace, which is made.
  /// - Throws: What the kernel says where there is such a namespace.
  package mutating func connect(outside device: DeviceID, to name: NamespaceName) throws(KernelError) {
    guard case .outside(let hasCarrier, nil) = self[device].kind else { return }
    try perform(.addNamespace(AddNamespace(name: name)))
    guard let namespace = namespace(named: name) else { return }
    let peer = addDevice(
      .veth(peer: device), named: self[device].name, in: namespace, mtu: self[device].mtu,
      address: makeHardwareAddress())
    devices[device.index].kind = .outside(hasCarrier: hasCarrier, peer: peer)
  }
}
