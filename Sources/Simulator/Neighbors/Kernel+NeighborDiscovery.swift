import NetworkTypes
import Packets

extension Kernel {
  /// Asks who has an IPv6 address (ndisc_solicit): from the packet's source where the device has it, else from the
  /// device's link-local address; a device without one can't ask.
  mutating func sendSolicitation(
    for target: IPv6Address, on device: DeviceID, packet: IPPacket?, to hardware: MACAddress?
  ) {
    let usable = self[device].addresses.filter { !$0.isTentative && !$0.isDuplicate && $0.interface.family == .ipv6 }
    let source =
      packet.flatMap { packet in usable.first { $0.address == packet.source }?.address }
      ?? linkLocalAddress(of: device)
    guard let source else { return }
    let message = NeighborDiscoveryMessage.solicitation(target: target, senderHardware: self[device].address)
    send(message, from: source, to: .v6(hardware == nil ? target.solicitedNode : target), hardware, by: device)
  }

  private mutating func send(
    _ message: NeighborDiscoveryMessage, from source: IPAddress, to destination: IPAddress, _ hardware: MACAddress?,
    by device: DeviceID
  ) {
    var packet = IPPacket(
      source: source, destination: destination, hopLimit: 255, payload: .neighborDiscovery(message))
    guard passesOutput(&packet, by: device) else { return }
    transmit(
      Frame(
        destination: hardware ?? MACAddress(multicast: destination), source: self[device].address, payload: .ip(packet)),
      from: device)
  }

  /// Whether a device takes in packets to a multicast group.
  func listens(_ device: DeviceID, to group: IPAddress) -> Bool {
    guard case .v6(let address) = group else { return group == .v4(IPv4Address(224, 0, 0, 1)) }
    if address == .allNodes || address.bits == 0xff01 << 112 | 1 { return true }
    if address == .allRouters { return self[device].ipv6.forwarding != 0 }
    return self[device].addresses.contains {
      guard case .v6(let own) = $0.address else { return false }
      if own.solicitedNode == address { return true }
      // That of the network's routers has a group of its own (__ipv6_dev_ac_inc: addrconf_join_solict).
      guard case .v6(let first) = $0.interface.prefix.network else { return false }
      return first.solicitedNode == address && isRoutersAddress(first, of: device)
    }
  }

  /// Whether an address is that of all routers of one of a device's networks, and the device one's
  /// (ipv6_chk_acast_dev).
  private func isRoutersAddress(_ address: IPv6Address, of device: DeviceID) -> Bool {
    let namespace = self[device].namespace
    return table(masterTable(of: device) ?? RouteTableNumber.local, .ipv6, in: namespace)?
      .first(address.bits) { route in
        route.type == .anycast && route.destination.length == 128 && route.hops.contains { $0.device == device }
      } != nil
  }

  /// Handles a message of neighbor discovery (ndisc_rcv).
  mutating func receive(_ message: NeighborDiscoveryMessage, _ packet: IPPacket, on device: DeviceID) {
    guard packet.hopLimit == 255 else { return }
    switch message {
    case .solicitation(let target, let hardware): receiveSolicitation(of: target, by: hardware, packet, on: device)
    case .duplicateProbe(let target, let nonce): receiveProbe(for: target, nonce, on: device)
    case .advertisement(let advertisement): receive(advertisement, on: device)
    case .routerSolicitation(let hardware):
      // Routers note who asks for them (ndisc_recv_rs).
      guard self[device].ipv6.forwarding != 0, !packet.source.isUnspecified, let hardware else { return }
      let key = NeighborKey(device: device, address: packet.source)
      learn(hardware, of: key, isConfirmed: false, overrides: true, creates: true)
    }
  }

  /// Answers who asks for an address of the device's (ndisc_recv_ns): with its hardware address, unless the asker knows
  /// that already and asks it alone.
  private mutating func receiveSolicitation(
    of target: IPv6Address, by hardware: MACAddress, _ packet: IPPacket, on device: DeviceID
  ) {
    let isForAll = packet.destination.isMulticast
    guard let assigned = self[device].addresses.first(where: { $0.address == .v6(target) }) else {
      guard isRoutersAddress(target, of: device) else { return }
      // One of several answers after a while (pneigh_enqueue), but at once where it alone was asked.
      guard isForAll else { return answerAsRouter(target, hardware, packet.source, on: device, isForAll: false) }
      schedule(.routersAnswer(target, hardware, packet.source, device), after: NeighborTiming.proxyDelay)
      return
    }
    guard !assigned.isTentative else { return }
    answer(
      advertisement(of: target, on: device, isForAll: isForAll, overrides: isForAll), from: .v6(target),
      to: packet.source, hardware, by: device)
  }

  /// Tells all who wants to take an address that it is the device's (RFC 4862 §5.4.3).
  private mutating func receiveProbe(for target: IPv6Address, _ nonce: UInt64, on device: DeviceID) {
    guard let index = self[device].addresses.firstIndex(where: { $0.address == .v6(target) }) else { return }
    guard !self[device].addresses[index].isTentative else {
      // Both want to, unless it is the device's own that has come back.
      if self[device].addresses[index].probeNonce != nonce { addressIsTaken(index, device) }
      return
    }
    advertise(target, on: device)
  }

  /// Tells all that an address is the device's, without having been asked for it.
  private mutating func advertise(_ target: IPv6Address, on device: DeviceID) {
    let advertisement = NeighborDiscoveryMessage.Advertisement(
      target: target, targetHardware: self[device].address, isRouter: self[device].ipv6.forwarding != 0,
      isSolicited: false, overrides: true)
    send(.advertisement(advertisement), from: .v6(target), to: .v6(.allNodes), nil, by: device)
  }

  /// Tells all that a device's addresses are its own (ndisc_send_unsol_na), but for those of which it doesn't know it.
  mutating func advertiseAddresses(of device: DeviceID) {
    for assigned in self[device].addresses where !assigned.isTentative {
      if case .v6(let address) = assigned.address { advertise(address, on: device) }
    }
  }

  /// Answers for the address of all routers, from one of its own, so that who has answered already stays known
  /// (ndisc_recv_ns, ndisc_send_na).
  ///
  /// - Parameters:
  ///   - target: the address.
  ///   - hardware: the asker's hardware address.
  ///   - asker: who asks.
  ///   - device: the device.
  ///   - isForAll: whether all were asked, or this one alone.
  mutating func answerAsRouter(
    _ target: IPv6Address, _ hardware: MACAddress, _ asker: IPAddress, on device: DeviceID, isForAll: Bool
  ) {
    guard !self[device].isRemoved, let source = chooseIPv6Source(on: device, towards: asker) else { return }
    answer(
      advertisement(of: target, on: device, isForAll: isForAll, overrides: false), from: source, to: asker, hardware,
      by: device)
  }

  /// The answer about an address; who alone was asked leaves out what the asker knows.
  private func advertisement(
    of target: IPv6Address, on device: DeviceID, isForAll: Bool, overrides: Bool
  ) -> NeighborDiscoveryMessage.Advertisement {
    NeighborDiscoveryMessage.Advertisement(
      target: target, targetHardware: isForAll ? self[device].address : nil,
      isRouter: self[device].ipv6.forwarding != 0, isSolicited: true, overrides: overrides)
  }

  /// Learns who asked, and sends the answer; it passes the rules, and is a use of the neighbor, like any other packet
  /// (ndisc_recv_ns, ndisc_send_skb).
  private mutating func answer(
    _ advertisement: NeighborDiscoveryMessage.Advertisement, from source: IPAddress, to asker: IPAddress,
    _ hardware: MACAddress, by device: DeviceID
  ) {
    let key = NeighborKey(device: device, address: asker)
    learn(hardware, of: key, isConfirmed: false, overrides: true, creates: true)
    var packet = IPPacket(
      source: source, destination: asker, hopLimit: 255, payload: .neighborDiscovery(.advertisement(advertisement)))
    guard passesOutput(&packet, by: device) else { return }
    output(packet, to: asker, by: device, origin: .local)
  }

  /// Takes note of whose an address is (ndisc_recv_na, __neigh_update).
  private mutating func receive(_ advertisement: NeighborDiscoveryMessage.Advertisement, on device: DeviceID) {
    let address = IPAddress.v6(advertisement.target)
    if let index = self[device].addresses.firstIndex(where: { $0.address == address }) {
      if self[device].addresses[index].isTentative { addressIsTaken(index, device) }
      return
    }
    let key = NeighborKey(device: device, address: address)
    let namespace = self[device].namespace
    guard let known = self[namespace].neighbors[key] else { return }
    guard let hardware = advertisement.targetHardware ?? (known.isValid ? known.hardware : nil) else { return }
    if !advertisement.overrides, known.isValid, known.hardware != hardware {
      // Another says that it has it too: what is known stays, but is to be doubted (NEIGH_UPDATE_F_WEAK_OVERRIDE).
      guard known.state == .reachable else { return }
      namespaces[namespace.index].neighbors[key]?.becomeStale(at: now)
      return
    }
    learn(
      hardware, of: key, isConfirmed: advertisement.isSolicited, overrides: advertisement.overrides, creates: false)
    namespaces[namespace.index].neighbors[key]?.isRouter = advertisement.isRouter
  }

  // MARK: Detection of duplicates

  /// Asks whether somebody has a new address already; silence for a second means that nobody has (RFC 4862 §5.4).
  mutating func detectDuplicate(of address: IPAddress, _ device: DeviceID) {
    guard case .v6(let target) = address else { return }
    lastProbeNonce += 1
    if let index = self[device].addresses.firstIndex(where: { $0.address == address }) {
      devices[device.index].addresses[index].probeNonce = lastProbeNonce
    }
    send(
      .duplicateProbe(target: target, nonce: lastProbeNonce), from: .v6(IPv6Address(bits: 0)),
      to: .v6(target.solicitedNode), nil, by: device)
    schedule(.addressIsUnique(device, address), after: .seconds(1))
  }

  mutating func addressIsUnique(_ address: IPAddress, _ device: DeviceID) {
    guard !self[device].isRemoved,
      let index = self[device].addresses.firstIndex(where: {
        $0.address == address && $0.isTentative && !$0.isDuplicate
      })
    else { return }
    devices[device.index].addresses[index].isTentative = false
    addAnycastRoute(for: self[device].addresses[index], device)
    listenForSolicitations(of: self[device].addresses[index], device, anycastAlone: true)
    announceGroups(device)
    if self[device].addresses[index].scope == .link, self[device].ipv6.forwarding == 0,
      self[device].ipv6.acceptAdvertisements != 0
    {
      solicitRouters(device, asked: 0)
    }
  }

  private mutating func addressIsTaken(_ index: Int, _ device: DeviceID) {
    devices[device.index].addresses[index].isDuplicate = true
  }

  /// Asks for routers, after four seconds again, and after twice as long each time, up to an hour (RFC 7559 §2.1,
  /// addrconf_rs_timer).
  ///
  /// - Parameters:
  ///   - device: the device.
  ///   - asked: how often it has asked already.
  mutating func solicitRouters(_ device: DeviceID, asked: Int) {
    let most = self[device].ipv6.routerSolicitations
    guard most < 0 || asked < most, isRunning(device), self[device].ipv6.forwarding == 0,
      let source = linkLocalAddress(of: device)
    else { return }
    send(
      .routerSolicitation(senderHardware: self[device].address), from: source, to: .v6(.allRouters), nil, by: device)
    schedule(.solicitRouters(device, asked: asked + 1), after: .seconds(min(4 << UInt64(min(asked, 10)), 3600)))
  }

  /// Has no machine ask for routers any more (net.ipv6.conf.*.router_solicitations 0).
  package mutating func endRouterSolicitations() {
    for index in devices.indices { devices[index].ipv6.routerSolicitations = 0 }
  }
}
