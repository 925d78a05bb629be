import NetworkTypes
import Packets

extension Kernel {
  /// Asks who has an IPv4 address (arp_solicit), one alone too where its hardware address was known: that stands in no
  /// request.
  mutating func sendARPRequest(
    for target: IPv4Address, on device: DeviceID, packet: IPPacket?, to hardware: MACAddress?
  ) {
    guard let source = announcedSource(for: target, on: device, packet) else { return }
    let own = self[device].address
    transmit(
      Frame(
        destination: hardware ?? .broadcast, source: own,
        payload: .arp(
          ARPPacket(
            operation: .request, senderHardware: own, sender: source, targetHardware: .zero, target: target))),
      from: device)
  }

  /// Asks for each of a device's own addresses, so that all learn who has it (inetdev_send_gratuitous_arp).
  mutating func sendGratuitousRequests(_ device: DeviceID) {
    let own = self[device].address
    for assigned in self[device].addresses {
      guard case .v4(let address) = assigned.address else { continue }
      let request = ARPPacket(
        operation: .request, senderHardware: own, sender: address, targetHardware: .zero, target: address)
      transmit(Frame(destination: .broadcast, source: own, payload: .arp(request)), from: device)
    }
  }

  /// The source address of a request: the packet's own where it is the machine's, by arp_announce.
  private func announcedSource(for target: IPv4Address, on device: DeviceID, _ packet: IPPacket?) -> IPv4Address? {
    let namespace = self[device].namespace
    let announce = max(namespaces[namespace.index].ipv4All.announceARP, self[device].ipv4.announceARP)
    if let packet, case .v4(let source) = packet.source, isLocal(packet.source, in: namespace) {
      // What isn't known is no restriction (arp_solicit).
      guard announce == 1 || announce == 2 else { return source }
      let isOnLink = self[device].addresses.contains {
        $0.interface.prefix.contains(.v4(target)) && $0.interface.prefix.contains(packet.source)
      }
      if announce == 1, isOnLink { return source }
    }
    guard case .v4(let chosen)? = chooseIPv4Source(on: device, towards: .v4(target), leastScope: .link) else {
      return nil
    }
    return chosen
  }

  /// Answers a request for an address that the machine has, and learns (arp_process).
  mutating func receive(_ arp: ARPPacket, on device: DeviceID, isForHost: Bool) {
    let namespace = self[device].namespace
    let target = IPAddress.v4(arp.target)
    guard !arp.target.isMulticast, !arp.target.isLoopback || self[device].ipv4.routeLocalnet != 0 else { return }
    let sender = NeighborKey(device: device, address: .v4(arp.sender))
    if arp.operation == .request {
      if isARPTarget(target, on: device, from: arp.sender) {
        if arp.sender.bits != 0 {
          learn(arp.senderHardware, of: sender, isConfirmed: false, overrides: true, creates: true)
        }
        reply(to: arp, on: device)
        return
      }
      if answersForOthers(target, from: arp.sender, on: device) {
        learn(arp.senderHardware, of: sender, isConfirmed: false, overrides: true, creates: true)
        // Who really has the address shall be first (pneigh_enqueue).
        if isForHost {
          reply(to: arp, on: device)
        } else {
          schedule(.proxyReply(arp, device), after: NeighborTiming.proxyDelay)
        }
        return
      }
    }
    guard let known = namespaces[namespace.index].neighbors[sender] else { return }
    let isConfirmed = arp.operation == .reply && isForHost
    if known.isValid, known.hardware == arp.senderHardware, !isConfirmed { return }
    let isGratuitous = arp.sender == arp.target
    // Within a second of the last change another answer doesn't count (LOCKTIME).
    let overrides = isGratuitous || now > known.updated + .seconds(1)
    learn(
      arp.senderHardware, of: sender, isConfirmed: isConfirmed, overrides: overrides,
      creates: false)
  }

  /// Whether a request for an address is the machine's to answer, by arp_ignore and arp_filter.
  private func isARPTarget(_ target: IPAddress, on device: DeviceID, from sender: IPv4Address) -> Bool {
    let namespace = self[device].namespace
    // Most requests are for others: only an address of the tables where local routes are can be the machine's.
    guard isLocal(target, by: device), isTakenIn(target, from: sender, on: device) else { return false }
    let ignore = max(namespaces[namespace.index].ipv4All.ignoreARP, self[device].ipv4.ignoreARP)
    let own = self[device].addresses
    switch ignore {
    case 0: break
    case 1: guard own.contains(where: { $0.address == target }) else { return false }
    case 2:
      // The sender need only be in a network that the target is in, too (confirm_addr_indev).
      guard own.contains(where: { $0.address == target }),
        own.contains(where: { $0.interface.prefix.contains(target) && $0.interface.prefix.contains(.v4(sender)) })
      else { return false }
    case 8: return false
    default: break
    }
    let filters = namespaces[namespace.index].ipv4All.filterARP != 0 || self[device].ipv4.filterARP != 0
    guard filters, sender.bits != 0 else { return true }
    var flow = Flow(destination: .v4(sender))
    flow.source = target
    guard case .route(let back, _) = look(up: flow, in: namespace) else { return false }
    return hop(of: back, flow)?.device == device
  }

  /// Whether a packet from a sender to an address would be taken in; its source may be refused (ip_route_input in
  /// arp_process).
  private func isTakenIn(_ target: IPAddress, from sender: IPv4Address, on device: DeviceID) -> Bool {
    let namespace = self[device].namespace
    guard sender.bits != 0 else {
      // Whoever asks whether an address is free has none itself.
      let table = masterTable(of: device) ?? RouteTableNumber.local
      return namespaces[namespace.index].ipv4Tables[table]?.first(target.bits, where: { _ in true })?.type == .local
    }
    return output(to: target, .local, from: sender, on: device) != nil
  }

  /// The device by which a packet from a sender would be forwarded, or that it came in by, where it would be taken in;
  /// nil where it would be neither, as the type of the route asks.
  private func output(
    to target: IPAddress, _ type: RouteType, from sender: IPv4Address, on device: DeviceID
  ) -> DeviceID? {
    var flow = Flow(destination: target)
    flow.source = .v4(sender)
    flow.inputDevice = device
    flow.master = masterTable(of: device)
    guard case .route(let route, _) = look(up: flow, in: self[device].namespace), route.type == type else { return nil }
    let output = type == .local ? nil : hop(of: route, flow)?.device
    guard isValidSource(.v4(sender), of: target, on: device, towards: output) != nil else { return nil }
    return output ?? device
  }

  /// Whether the machine answers for an address behind it (proxy_arp), or on the same link (proxy_arp_pvlan).
  private func answersForOthers(_ target: IPAddress, from sender: IPv4Address, on device: DeviceID) -> Bool {
    let namespace = self[device].namespace
    let isProxy = self[device].ipv4.proxyARP != 0 || namespaces[namespace.index].ipv4All.proxyARP != 0
    let isPrivate =
      (self[device].ipv4.proxyARPPrivateVLAN != 0 || namespaces[namespace.index].ipv4All.proxyARPPrivateVLAN != 0)
      && .v4(sender) != target
    guard self[device].ipv4.forwarding != 0, isProxy || isPrivate, sender.bits != 0,
      let output = output(to: target, .unicast, from: sender, on: device)
    else { return false }
    return output == device ? isPrivate : isProxy
  }

  /// Answers a request with the device's own hardware address.
  mutating func reply(to request: ARPPacket, on device: DeviceID) {
    let own = self[device].address
    transmit(
      Frame(
        destination: request.senderHardware, source: own,
        payload: .arp(
          ARPPacket(
            operation: .reply, senderHardware: own, sender: request.target, targetHardware: request.senderHardware,
            target: request.sender))), from: device)
  }
}
