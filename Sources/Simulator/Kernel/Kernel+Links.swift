import NetworkTypes
import Plan

extension Kernel {
  mutating func perform(_ operation: AddLink) throws(KernelError) {
    let namespace = try find(operation.link.place)
    let name = operation.link.name
    guard self[namespace].devices[name] == nil else { throw KernelError(.exists) }
    let kind: DeviceKind
    var (mtu, address) = (operation.mtu ?? 1500, operation.address)
    switch operation.kind {
    case .bridge(let options):
      kind = .bridge(bridges.count)
      bridges.append(Bridge(device: DeviceID(devices.count), options: options))
      // The spanning tree looks for ports as it begins (br_stp_start), and so does a bridge that is given an address
      // (br_stp_change_bridge_id).
      bridges[bridges.count - 1].knowsItsCarrier = options.spanningTree || address != nil
    case .dummy: kind = .dummy
    case .bond(let mode): kind = .bond(mode)
    case .vrf(let table):
      kind = .vrf(table: table)
      mtu = operation.mtu ?? 65575
      // IPV6_MIN_MTU, with or without IPv6 (vrf_setup, drivers/net/vrf.c).
      guard mtu >= AddressFamily.ipv6MinimumMTU else {
        throw KernelError(.invalidArgument, "mtu less than device minimum")
      }
    case .vlan(let parentName, let id):
      let parent = try find(LinkReference(operation.link.place, parentName))
      guard !self[parent].uppers.contains(where: { self[$0].kind == .vlan(parent: parent, id: id.number) }) else {
        throw KernelError(.exists, "VLAN device already exists")
      }
      kind = .vlan(parent: parent, id: id.number)
      mtu = operation.mtu ?? self[parent].mtu
      guard mtu <= self[parent].mtu else { throw KernelError(.invalidArgument) }
      address = address ?? self[parent].address
      try checkNesting(of: parent, under: nil)
    case .vxlan(let options):
      kind = .vxlan(vxlans.count)
      var lower: DeviceID?
      if let name = options.device { lower = try find(LinkReference(operation.link.place, name)) }
      // The outer headers are taken off where the device below is known (vxlan_config_apply).
      let most = lower.map { max(self[$0].mtu - options.overhead, AddressFamily.ipv4MinimumMTU) }
      mtu = min(operation.mtu ?? most ?? 1500, most ?? Int.max)
      try checkVXLAN(options, in: namespace)
      if let lower { try checkNesting(of: lower, under: nil) }
      vxlans.append(VXLAN(device: DeviceID(devices.count), options: options, lower: lower))
    case .macvlan(let reference, let mode):
      let parent = try stackable(reference)
      try checkMACVLAN(mode, on: parent)
      kind = .macvlan(parent: parent, mode: mode)
      mtu = operation.mtu ?? self[parent].mtu
      guard mtu <= self[parent].mtu else { throw KernelError(.invalidArgument) }
      try checkNesting(of: parent, under: nil)
      if mode == .passthru { address = self[parent].address }
    case .ipvlan(let reference, let mode):
      let parent = try stackable(reference)
      try checkNesting(of: parent, under: nil)
      kind = .ipvlan(parent: parent, mode: mode)
      mtu = operation.mtu ?? self[parent].mtu
      address = self[parent].address
    }
    guard mtu >= AddressFamily.ipv4MinimumMTU, mtu <= 65575 else {
      throw KernelError(.invalidArgument, "mtu less than device minimum")
    }
    let id = addDevice(kind, named: name, in: namespace, mtu: mtu, address: address ?? makeHardwareAddress())
    devices[id.index].addressIsGiven = operation.address != nil
    switch kind {
    case .bridge(let index):
      addLocalEntry(self[id].address, id, in: index)
    case .vrf: try addMasterRules(in: namespace)
    case .ipvlan(let parent, _):
      // Never one that was used before (ipvlan_link_new: dev_id_start).
      devices[parent.index].sharers += 1
      devices[id.index].sharer = self[parent].sharers
    case .vlan(let parent, _): devices[id.index].sharer = self[parent].sharer
    case .loopback, .veth, .dummy, .bond, .vxlan, .macvlan, .outside: break
    }
  }

  /// The rules that lead to the tables of VRFs come with the first VRF of a namespace (vrf_newlink).
  private mutating func addMasterRules(in namespace: NamespaceID) throws(KernelError) {
    let rule = RoutingRules.Rule(priority: 1000, action: .master)
    for family in AddressFamily.allCases where !self[namespace].rules[family].contains(rule) {
      try add(rule, family, in: namespace)
    }
  }

  private func checkVXLAN(_ options: VXLANOptions, in namespace: NamespaceID) throws(KernelError) {
    for other in vxlans where self[other.device].namespace == namespace && !self[other.device].isRemoved {
      guard
        other.options.id != options.id || other.options.port != options.port || other.options.family != options.family
      else {
        throw KernelError(.exists, "A VXLAN device with the specified VNI already exists")
      }
    }
  }

  /// A device in passthru mode is the only one of its parent; ipvlan takes the parent's frames too
  /// (macvlan_common_newlink).
  private func checkMACVLAN(_ mode: MACVLANMode, on parent: DeviceID) throws(KernelError) {
    for upper in self[parent].uppers {
      switch self[upper].kind {
      case .macvlan(_, let other):
        guard mode != .passthru, other != .passthru else { throw KernelError(.invalidArgument) }
      case .ipvlan: throw KernelError(.busy)
      case .loopback, .veth, .bridge, .dummy, .bond, .vrf, .vlan, .vxlan, .outside: break
      }
    }
  }

  /// The parent of a macvlan or ipvlan device, which nothing else takes the frames of.
  private func stackable(_ reference: LinkReference) throws(KernelError) -> DeviceID {
    let parent = try find(reference)
    switch self[parent].kind {
    case .loopback: throw KernelError(.invalidArgument)
    case .veth, .bridge, .dummy, .bond, .vrf, .vlan, .vxlan, .macvlan, .ipvlan, .outside: break
    }
    guard self[parent].port == nil else { throw KernelError(.busy) }
    return parent
  }

  mutating func perform(_ operation: AddVethPair) throws(KernelError) {
    let ends = (operation.first, operation.second)
    let spaces = (try find(ends.0.link.place), try find(ends.1.link.place))
    guard self[spaces.0].devices[ends.0.link.name] == nil, self[spaces.1].devices[ends.1.link.name] == nil,
      ends.0.link != ends.1.link
    else { throw KernelError(.exists) }
    let mtu = operation.mtu ?? 1500
    // The peer is registered first (veth_newlink).
    let peer = addDevice(
      .loopback, named: ends.1.link.name, in: spaces.1, mtu: mtu, address: ends.1.address ?? makeHardwareAddress())
    let first = addDevice(
      .veth(peer: peer), named: ends.0.link.name, in: spaces.0, mtu: mtu,
      address: ends.0.address ?? makeHardwareAddress())
    devices[peer.index].kind = .veth(peer: first)
    devices[peer.index].addressIsGiven = ends.1.address != nil
    devices[first.index].addressIsGiven = ends.0.address != nil
  }

  mutating func perform(_ operation: SetMaster) throws(KernelError) {
    let device = try find(operation.link)
    let master = try find(LinkReference(operation.link.place, operation.master))
    guard device != master else { throw KernelError(.tooManyLevels) }
    switch self[master].kind {
    case .bridge(let index): try join(device, toBridge: index)
    case .bond: try join(device, toBond: master)
    case .vrf: try join(device, toVRF: master)
    case .loopback, .veth, .dummy, .vlan, .vxlan, .macvlan, .ipvlan, .outside: throw KernelError(.notSupported)
    }
  }

  /// Joins a port (br_add_if).
  private mutating func join(_ device: DeviceID, toBridge index: Int) throws(KernelError) {
    switch self[device].kind {
    case .loopback, .vrf: throw KernelError(.invalidArgument)
    case .bridge: throw KernelError(.tooManyLevels, "Can not enslave a bridge to a bridge")
    case .ipvlan: throw KernelError(.notSupported, "Device does not allow enslaving to a bridge")
    case .veth, .dummy, .bond, .vlan, .vxlan, .macvlan, .outside: break
    }
    let isParent = self[device].uppers.contains {
      switch self[$0].kind {
      case .macvlan, .ipvlan: true
      case .loopback, .veth, .bridge, .dummy, .bond, .vrf, .vlan, .vxlan, .outside: false
      }
    }
    guard !isParent else { throw KernelError(.busy) }
    try checkNesting(of: device, under: bridges[index].device)
    release(device)
    let bridge = bridges[index].device
    guard let number = freePortNumber(index) else { throw KernelError(.exchangeFull) }
    devices[device.index].master = bridge
    devices[device.index].port = BridgePort(number: number)
    bridges[index].ports.append(device)
    addLocalEntry(self[device].address, device, in: index)
    chooseBridgeAddress(index)
    chooseBridgeMTU(index)
    updatePort(device)
  }

  /// The lowest number that no port of a bridge has; nil where it has as many ports as there are numbers
  /// (br_if.c: find_portno, BR_MAX_PORTS).
  private func freePortNumber(_ index: Int) -> UInt16? {
    let ports = bridges[index].ports
    guard let last = ports.last.flatMap({ self[$0].port?.number }), last != ports.count else {
      return ports.count < DeviceLimits.bridgePorts ? UInt16(ports.count + 1) : nil
    }
    let taken = Set(ports.compactMap { self[$0].port?.number })
    return (1...UInt16(DeviceLimits.bridgePorts)).first { !taken.contains($0) }
  }

  private mutating func join(_ device: DeviceID, toBond master: DeviceID) throws(KernelError) {
    guard !self[device].isUp else {
      throw KernelError(.notPermitted, "Device can not be enslaved while up")
    }
    try checkNesting(of: device, under: master)
    release(device)
    let isFirst = members(of: master).isEmpty
    devices[device.index].master = master
    beginCounting(device, forBond: master)
    // The bond takes its first member's address, and the others take the bond's (bond_enslave).
    if isFirst, !self[master].addressIsGiven {
      setAddress(self[device].address, of: master)
    }
    setAddress(self[master].address, of: device)
    devices[device.index].mtu = self[master].mtu
    setUp(device)
    // It is looked at as it joins.
    devices[master.index].chosenMember?.settles = now
  }

  private mutating func join(_ device: DeviceID, toVRF master: DeviceID) throws(KernelError) {
    try checkNesting(of: device, under: master)
    release(device)
    devices[device.index].master = master
    // Addresses and routes move to the VRF's tables (cycle_netdev).
    let wasUp = self[device].isUp
    if wasUp { setDown(device) }
    rehomeAddresses(of: device)
    if wasUp { setUp(device) }
  }

  /// The devices that belong to another, by number.
  package func members(of master: DeviceID) -> [DeviceID] {
    self[self[master].namespace].devices.values.filter { self[$0].master == master }
      .sorted { self[$0].number < self[$1].number }
  }

  /// Takes a device from the bridge, bond or VRF that it belongs to.
  mutating func release(_ device: DeviceID) {
    guard let master = self[device].master else { return }
    devices[device.index].master = nil
    devices[device.index].port = nil
    if case .bond = self[master].kind {
      endCounting(device, forBond: master)
      chooseMember(of: master)
    }
    guard case .bridge(let index) = self[master].kind else { return }
    bridges[index].ports.removeAll { $0 == device }
    bridges[index].table = bridges[index].table.filter { $0.value.port != device }
    chooseBridgeAddress(index)
  }

  /// A bridge has the lowest of its ports' addresses unless it was given one (br_stp_recalculate_bridge_id).
  private mutating func chooseBridgeAddress(_ index: Int) {
    let bridge = bridges[index].device
    guard !self[bridge].addressIsGiven, let lowest = bridges[index].ports.map({ self[$0].address }).min() else {
      return
    }
    let old = self[bridge].address
    guard lowest != old else { return }
    bridges[index].table = bridges[index].table.filter { $0.key.address != old || $0.value.port != bridge }
    setAddress(lowest, of: bridge)
    addLocalEntry(lowest, bridge, in: index)
  }

  /// Gives a device another hardware address, which those on it follow that were given none: VLAN devices
  /// (vlan_sync_address), ipvlan devices (ipvlan_device_event), and macvlan devices in passthru mode
  /// (macvlan_device_event).
  private mutating func setAddress(_ address: MACAddress, of device: DeviceID) {
    guard self[device].address != address else { return }
    devices[device.index].address = address
    for upper in self[device].uppers {
      switch self[upper].kind {
      case .vlan: if !self[upper].addressIsGiven { setAddress(address, of: upper) }
      case .ipvlan, .macvlan(_, .passthru): setAddress(address, of: upper)
      case .loopback, .veth, .bridge, .dummy, .bond, .vrf, .vxlan, .macvlan, .outside: break
      }
    }
  }

  /// A bridge has the lowest of its ports' MTUs; one that it was created with doesn't last (br_mtu_auto_adjust).
  private mutating func chooseBridgeMTU(_ index: Int) {
    let bridge = bridges[index].device
    guard let lowest = bridges[index].ports.map({ self[$0].mtu }).min() else { return }
    if lowest != self[bridge].mtu { setMTU(lowest, of: bridge) }
  }

  mutating func addLocalEntry(_ address: MACAddress, _ device: DeviceID, in index: Int) {
    let vlans: [UInt16] = bridges[index].options.vlanFiltering ? [0, 1] : [0]
    for vlan in vlans where bridges[index].table[ForwardingKey(address, vlan: vlan)]?.isLocal != true {
      let entry = ForwardingEntry(port: device, isLocal: true, updated: now)
      bridges[index].add(entry, for: ForwardingKey(address, vlan: vlan))
    }
  }

  mutating func perform(_ operation: AddBridgeVLAN) throws(KernelError) {
    let device = try find(operation.link)
    let range = operation.first.number...operation.last.number
    func apply(_ set: inout PortVLANSet) {
      if operation.replacesDefault {
        set.members.remove(1)
        set.untagged.remove(1)
        if set.pvid == 1 { set.pvid = nil }
      }
      for id in range {
        set.members.insert(id)
        if operation.isUntagged { set.untagged.insert(id) } else { set.untagged.remove(id) }
        if operation.isPVID { set.pvid = id } else if set.pvid == id { set.pvid = nil }
      }
    }
    if operation.isBridge {
      guard case .bridge(let index) = self[device].kind else { throw KernelError(.notSupported) }
      apply(&bridges[index].vlans)
    } else {
      guard var port = self[device].port, let master = self[device].master, case .bridge(let index) = self[master].kind
      else { throw KernelError(.notSupported) }
      apply(&port.vlans)
      devices[device.index].port = port
      // The port's own address goes with the VLAN (nbp_vlan_delete: br_fdb_find_delete_local).
      let first = ForwardingKey(self[device].address, vlan: 1)
      if !port.vlans.members.contains(1), bridges[index].table[first]?.port == device {
        bridges[index].table[first] = nil
      }
      for id in range {
        let entry = ForwardingEntry(port: device, isLocal: true, updated: now)
        bridges[index].add(entry, for: ForwardingKey(self[device].address, vlan: id))
      }
    }
  }
}
