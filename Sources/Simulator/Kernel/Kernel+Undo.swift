package import Plan
import NetworkTypes

extension Kernel {
  /// Takes one thing back, as the script's `down` has the kernel do.
  ///
  /// - Parameters:
  ///   - inverse: what.
  ///   - before: the machine before the plan, for what is put back as it was.
  /// - Throws: the kernel's answer if it can't be done.
  package mutating func perform(_ inverse: Inverse, before: Kernel) throws(KernelError) {
    switch inverse {
    case .deleteNamespace(let name): remove(try find(.namespace(name)))
    case .deleteLink(let link): remove(try find(link))
    case .clearMaster(let link): leave(try find(link))
    case .deleteBridgeVLAN(let operation): try take(back: operation)
    case .restoreAddressGeneration(let link):
      let device = try find(link)
      devices[device.index].ipv6.generationMode = (try? before.find(link)).map { before[$0].ipv6.generationMode } ?? 0
    case .clearHairpin(let link):
      let device = try find(link)
      devices[device.index].port?.isHairpin = false
    case .setLinkDown(let link):
      if let old = try? before.find(link), before[old].isUp { return }
      setDown(try find(link))
    case .deleteAddress(let operation): try take(back: operation)
    case .deleteRoute(let operation): try take(back: operation)
    case .deleteRule(let operation):
      let namespace = try find(operation.place)
      let rules = self[namespace].rules[operation.family]
      let rule = RoutingRules.Rule(operation)
      guard let index = rules.firstIndex(where: { $0.answers(to: rule) }) else { throw KernelError(.noSuchEntry) }
      namespaces[namespace.index].rules[operation.family].remove(at: index)
    case .restoreVRFRules(let place):
      let namespace = try find(place)
      for family in AddressFamily.allCases {
        let old = (try? before.find(place)).map { before[$0].rules[family] } ?? []
        guard !old.contains(where: { $0.action == .master }) else { continue }
        namespaces[namespace.index].rules[family].removeAll { $0.action == .master }
      }
    case .restoreSysctl(let place, let key):
      let namespace = try find(place)
      guard let old = (try? before.find(place)).flatMap({ before.parameter(key, in: $0) }) else {
        namespaces[namespace.index].otherParameters[key] = nil
        return
      }
      try perform(.setSysctl(SetSysctl(place: place, key: key, value: old)))
      for key in followers(of: key, in: namespace) {
        guard let old = (try? before.find(place)).flatMap({ before.parameter(key, in: $0) }),
          old != parameter(key, in: namespace)
        else { continue }
        try perform(.setSysctl(SetSysctl(place: place, key: key, value: old)))
      }
    case .deleteRuleset(let place):
      let namespace = try find(place)
      namespaces[namespace.index].netfilter = Netfilter()
    case .deleteQdisc(let link):
      let device = try find(link)
      guard self[device].qdisc != nil else {
        throw KernelError(.invalidArgument, "Cannot delete qdisc with handle of zero")
      }
      devices[device.index].qdisc = nil
    case .removeNamespaceFile(let names, let file):
      // A machine keeps them by the namespaces' names, and loses them here together with the namespaces.
      for name in names {
        guard let namespace = namespace(named: name) else { continue }
        namespaces[namespace.index].files[file.rawValue] = nil
      }
    }
  }

  /// Dismantles a namespace: its devices go, of veth pairs both ends (cleanup_net).
  mutating func remove(_ namespace: NamespaceID) {
    for device in devices(of: namespace).reversed() where !self[device].isRemoved { remove(device) }
    if let name = self[namespace].name { namespaceNumbers[name] = nil }
    namespaces[namespace.index].isRemoved = true
  }

  /// Deletes a device with all that stands on it, of a veth pair both ends (unregister_netdevice).
  mutating func remove(_ device: DeviceID) {
    guard !self[device].isRemoved else { return }
    for upper in self[device].uppers { remove(upper) }
    for member in members(of: device) { leave(member) }
    leave(device)
    setDown(device)
    removeWays(over: device)
    flushNeighbors(of: device)
    devices[device.index].isRemoved = true
    let namespace = self[device].namespace
    namespaces[namespace.index].devices[self[device].name] = nil
    if let parent = self[device].kind.parent { devices[parent.index].uppers.removeAll { $0 == device } }
    if case .veth(let peer) = self[device].kind { remove(peer) }
  }

  /// Takes a device out of its bridge, bond or VRF.
  private mutating func leave(_ device: DeviceID) {
    guard let master = self[device].master else { return }
    let before = carriers(around: device)
    release(device)
    if case .vrf = self[master].kind { rehomeAddresses(of: device) }
    carriersMayHaveChanged(before)
  }

  private mutating func take(back operation: AddBridgeVLAN) throws(KernelError) {
    let device = try find(operation.link)
    func apply(_ set: inout PortVLANSet) {
      for id in operation.first.number...operation.last.number {
        set.members.remove(id)
        set.untagged.remove(id)
        if set.pvid == id { set.pvid = nil }
      }
      guard operation.replacesDefault else { return }
      set.members.insert(1)
      set.untagged.insert(1)
      set.pvid = 1
    }
    if case .bridge(let index) = self[device].kind, operation.isBridge {
      apply(&bridges[index].vlans)
    } else if var port = self[device].port {
      apply(&port.vlans)
      devices[device.index].port = port
    } else {
      throw KernelError(.notSupported)
    }
  }

  private mutating func take(back operation: AddAddress) throws(KernelError) {
    let device = try find(operation.link)
    guard let index = self[device].addresses.firstIndex(where: { $0.interface == operation.address }) else {
      throw KernelError(.addressNotAvailable, "ipv\(operation.address.family == .ipv4 ? 4 : 6): Address not found")
    }
    devices[device.index].addresses.remove(at: index)
    // The routes that came with it go, and come back as far as the others bring them too.
    for family in AddressFamily.allCases {
      for table in namespaces[self[device].namespace.index][family].keys {
        namespaces[self[device].namespace.index][family][table]?.rewrite { route in
          let isIts = route.origin == .kernel && route.hops.count == 1 && route.hops.first?.device == device
          return isIts && route.type != .multicast ? nil : route
        }
      }
    }
    for address in self[device].addresses { addRoutes(for: address, device) }
  }

  private mutating func take(back operation: AddRoute) throws(KernelError) {
    let namespace = try find(operation.place)
    let family = operation.destination.family
    let table = operation.table ?? RouteTableNumber.main
    let metric = family.metric(writtenAs: operation.metric)
    var isFound = false
    namespaces[namespace.index][family][table]?.rewrite { route in
      guard !isFound, route.destination == operation.destination, route.metric == metric, route.origin == .boot else {
        return route
      }
      isFound = true
      return nil
    }
    guard isFound else { throw KernelError(.noSuchProcess) }
  }
}
