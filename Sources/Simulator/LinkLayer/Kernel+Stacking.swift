import NetworkTypes
import Packets

extension Kernel {
  /// Hands a frame to the macvlan or ipvlan device on another that it is for.
  ///
  /// - Parameters:
  ///   - frame: the frame.
  ///   - device: the device that it came in by.
  ///   - bridges: how many bridges it has passed.
  /// - Returns: whether one took it; otherwise it is the lower device's own.
  mutating func receiveForUppers(_ frame: Frame, on device: DeviceID, _ bridges: UInt8) -> Bool {
    for upper in self[device].uppers {
      switch self[upper].kind {
      case .macvlan: return receiveForMACVLAN(frame, on: device, bridges)
      case .ipvlan(_, let mode): return receiveForIPVLAN(frame, on: device, mode, bridges)
      case .loopback, .veth, .bridge, .dummy, .bond, .vrf, .vlan, .vxlan, .outside: break
      }
    }
    return false
  }

  private func macvlans(on parent: DeviceID) -> [(device: DeviceID, mode: MACVLANMode)] {
    self[parent].uppers.compactMap { upper in
      guard case .macvlan(_, let mode) = self[upper].kind, self[upper].isUp else { return nil }
      return (upper, mode)
    }
  }

  /// The rules of macvlan_handle_frame.
  private mutating func receiveForMACVLAN(_ frame: Frame, on parent: DeviceID, _ bridges: UInt8) -> Bool {
    let uppers = macvlans(on: parent)
    if frame.destination.isMulticast {
      // In a while, when all else has been done (macvlan_broadcast_enqueue).
      if !uppers.isEmpty {
        schedule(.macvlanBroadcast(frame, parent, bridges: bridges), after: .microseconds(100))
      }
      return false
    }
    if let only = uppers.first, only.mode == .passthru {
      receiveStacked(frame, on: only.device, bridges)
      return true
    }
    guard let target = uppers.first(where: { self[$0.device].address == frame.destination }) else { return false }
    // Private devices don't hear each other, not even by way of the switch.
    if target.mode == .private, uppers.contains(where: { self[$0.device].address == frame.source }) {
      drop(frame, .otherHost(frame.destination), at: target.device)
      return true
    }
    receiveStacked(frame, on: target.device, bridges)
    return true
  }

  /// Hands what is for many to the macvlan devices on another (macvlan_process_broadcast).
  mutating func broadcastToMACVLANs(_ frame: Frame, on parent: DeviceID, _ bridges: UInt8) {
    let uppers = macvlans(on: parent)
    let sender = uppers.first { self[$0.device].address == frame.source }
    for upper in uppers where upper.device != sender?.device && wants(frame, upper.device) {
      switch (sender?.mode, upper.mode) {
      // What comes back from outside: a VEPA's own went round by the switch.
      case (.vepa, .vepa), (.vepa, .bridge), (.bridge, .vepa), (nil, _):
        receiveStacked(frame, on: upper.device, bridges)
      case (.private, _), (.bridge, _), (.passthru, _), (.vepa, .private), (.vepa, .passthru): break
      }
    }
  }

  /// Whether a device listens to the group that a frame is for (mc_filter in macvlan_broadcast, mac_filters in
  /// ipvlan_process_multicast, without their collisions).
  private func wants(_ frame: Frame, _ device: DeviceID) -> Bool {
    frame.destination == .broadcast || self[device].listened.entries.contains { $0.address == frame.destination }
  }

  /// The rules of macvlan_queue_xmit: devices in bridge mode reach each other, all else goes out.
  mutating func transmit(
    _ frame: Frame, byMACVLAN device: DeviceID, _ parent: DeviceID, _ mode: MACVLANMode, _ bridges: UInt8
  ) {
    if mode == .bridge {
      let peers = macvlans(on: parent).filter { $0.mode == .bridge && $0.device != device }
      if frame.destination.isMulticast {
        for peer in peers where wants(frame, peer.device) { receiveFromSibling(frame, on: peer.device, bridges) }
      } else if peers.contains(where: { self[$0.device].address == frame.destination }) {
        // By way of the lower device, for whoever watches that (macvlan_queue_xmit: dev_forward_skb).
        return hand(frame, to: parent, bridges: bridges)
      }
    }
    transmit(frame, from: parent, bridges: bridges)
  }

  /// Takes in a frame that another device on the same parent has sent: its header counts twice (macvlan_broadcast,
  /// ipvlan_rcv_frame, ipvlan_process_multicast).
  private mutating func receiveFromSibling(_ frame: Frame, on device: DeviceID, _ bridges: UInt8) {
    devices[device.index].ownCounters.receivedBytes += Frame.headerLength
    receiveStacked(frame, on: device, bridges)
  }

  private func ipvlans(on parent: DeviceID) -> [DeviceID] {
    self[parent].uppers.filter { if case .ipvlan = self[$0].kind { self[$0].isUp } else { false } }
  }

  /// The device that has the address that a frame is for (ipvlan_addr_lookup).
  private func ipvlan(for frame: Frame, on parent: DeviceID) -> DeviceID? {
    let address: IPAddress
    switch frame.payload {
    case .arp(let packet): address = .v4(packet.target)
    case .ip(let packet):
      if case .neighborDiscovery(let message) = packet.payload, let target = message.solicitedAddress {
        address = .v6(target)
      } else {
        address = packet.destination
      }
    case .spanningTree: return nil
    }
    return ipvlans(on: parent).first { device in self[device].addresses.contains { $0.address == address } }
  }

  /// The rules of ipvlan_handle_frame.
  private mutating func receiveForIPVLAN(
    _ frame: Frame, on parent: DeviceID, _ mode: IPVLANMode, _ bridges: UInt8
  ) -> Bool {
    switch mode {
    case .l2:
      if frame.destination.isMulticast {
        for device in ipvlans(on: parent) where wants(frame, device) { receiveStacked(frame, on: device, bridges) }
        return false
      }
    case .l3, .l3s:
      guard case .ip = frame.payload else { return false }
    }
    guard let device = ipvlan(for: frame, on: parent) else { return false }
    let own = frame.addressed(to: self[device].address)
    if mode == .l3s {
      // It is the parent's until it is delivered, so that the device shows it to nobody (ipvlan_nf_input).
      countReceived(own, on: device)
      deliver(own, on: device)
    } else {
      receiveStacked(own, on: device, bridges)
    }
    return true
  }

  /// The rules of ipvlan_queue_xmit: by hardware addresses in mode l2, by the parent's routes in the others.
  mutating func transmit(
    _ frame: Frame, byIPVLAN device: DeviceID, _ parent: DeviceID, _ mode: IPVLANMode, _ bridges: UInt8
  ) {
    let peer = ipvlan(for: frame, on: parent)
    switch mode {
    case .l2:
      if frame.destination.isMulticast {
        for other in ipvlans(on: parent) where other != device && wants(frame, other) {
          receiveFromSibling(frame, on: other, bridges)
        }
      } else if frame.destination == frame.source {
        // What is for none of them is for the machine below (ipvlan_xmit_mode_l2: dev_forward_skb).
        guard let peer else { return hand(frame, to: parent, bridges: bridges) }
        return receiveFromSibling(frame, on: peer, bridges)
      }
      transmit(frame, from: parent, bridges: bridges)
    case .l3, .l3s:
      guard case .ip(let packet) = frame.payload, !packet.destination.isMulticast else {
        return drop(frame, .otherHost(frame.destination), at: device)
      }
      if let peer { return receiveFromSibling(frame.addressed(to: self[peer].address), on: peer, bridges) }
      outputForIPVLAN(packet, parent)
    }
  }

  /// Sends a packet of an l3 device by those routes of its parent's namespace that lead over the parent
  /// (ipvlan_process_outbound).
  ///
  /// An IPv4 destination without one is taken to be on the link (ip_route_output_key_hash_rcu).
  private mutating func outputForIPVLAN(_ packet: IPPacket, _ parent: DeviceID) {
    var flow = Flow(destination: packet.destination)
    flow.source = packet.source
    flow.outputDevice = parent
    switch look(up: flow, in: self[parent].namespace) {
    case .route(let route, _):
      guard route.type == .unicast, let hop = hop(of: route, flow) else {
        return drop(packet, .noRoute(packet.destination), at: parent)
      }
      output(packet, to: hop.router ?? packet.destination, by: hop.device, origin: .local)
    case .failure:
      guard packet.family == .ipv4 else { return drop(packet, .noRoute(packet.destination), at: parent) }
      output(packet, to: packet.destination, by: parent, origin: .local)
    }
  }
}

extension Frame {
  fileprivate func addressed(to address: MACAddress) -> Frame {
    var result = self
    result.destination = address
    return result
  }
}
