import NetworkTypes
import Packets

extension Kernel {
  /// Sends a frame by a device (dev_queue_xmit), through its queueing discipline if it has one.
  ///
  /// - Parameters:
  ///   - frame: the frame.
  ///   - device: the device.
  ///   - bridges: how many bridges the frame has passed.
  mutating func transmit(_ frame: Frame, from device: DeviceID, bridges: UInt8 = 0) {
    guard self[device].isUp else { return drop(frame, .deviceDown, at: device) }
    // What has no carrier has a queueing discipline that drops (dev_deactivate: noop_qdisc).
    guard hasCarrier(device) else { return drop(frame, .noCarrier, at: device) }
    guard self[device].qdisc == nil else { return enqueue(frame, on: device, bridges) }
    transmitNow(frame, from: device, bridges: bridges)
  }

  /// Sends a frame by a device, past its queueing discipline (dev_hard_start_xmit).
  mutating func transmitNow(_ frame: Frame, from device: DeviceID, bridges: UInt8) {
    var frame = frame
    if frame.tag != nil, !self[device].kind.takesTagsBesideFrames { frame.tag?.isInFrame = true }
    guard isReady(device, toSend: frame) else { return }
    switch self[device].kind {
    case .loopback:
      countSent(frame, device, headers: false)
      devices[device.index].ownCounters.receivedPackets += 1
      devices[device.index].ownCounters.receivedBytes += frame.payload.length
      hand(frame, to: device, bridges: bridges)
    case .vrf: transmit(frame, byVRF: device, bridges)
    case .veth(let peer): if crosses(frame, from: device, to: peer) { hand(frame, to: peer, bridges: bridges) }
    case .bridge(let index):
      countSent(frame, device)
      forwardOwn(frame, of: index, bridges)
    case .dummy:
      countSent(frame, device)
      drop(frame, .dummy, at: device)
    case .outside(_, let peer?): if crosses(frame, from: device, to: peer) { hand(frame, to: peer, bridges: bridges) }
    case .outside(_, nil):
      countSent(frame, device)
      drop(frame, .notModelled("what is outside"), at: device)
    case .bond(let mode):
      transmit(frame, byBond: device, mode, bridges)
    case .vlan(let parent, let id):
      countSent(frame, device)
      guard frame.tag == nil else { return drop(frame, .notModelled("a VLAN in a VLAN"), at: device) }
      var tagged = frame
      tagged.tag = VLANTag(id: id)
      transmit(tagged, from: parent, bridges: bridges)
    case .vxlan(let index):
      encapsulate(frame, by: index, bridges)
    case .macvlan(let parent, let mode):
      countSent(frame, device)
      transmit(frame, byMACVLAN: device, parent, mode, bridges)
    case .ipvlan(let parent, let mode):
      countSent(frame, device)
      transmit(frame, byIPVLAN: device, parent, mode, bridges)
    }
  }

  /// A frame up to four bytes longer than the receiver's MTU passes: a VLAN tag could be in it (is_skb_forwardable).
  static let forwardableSlack = 4

  /// Sends a frame out by several devices; what goes into cables arrives as one.
  mutating func transmit(_ frame: Frame, fromAll ways: [DeviceID], bridges: UInt8) {
    var receivers: [DeviceID] = []
    receivers.reserveCapacity(ways.count)
    for device in ways {
      guard case .veth(let peer) = self[device].kind, self[device].qdisc == nil else {
        hand(frame, toAll: receivers, bridges: bridges)
        receivers = []
        transmit(frame, from: device, bridges: bridges)
        continue
      }
      guard isReady(device, toSend: frame) else { continue }
      if crosses(frame, from: device, to: peer) { receivers.append(peer) }
    }
    hand(frame, toAll: receivers, bridges: bridges)
  }

  /// Whether a device is up to send a frame: it is shown to whoever watches then.
  private mutating func isReady(_ device: DeviceID, toSend frame: Frame) -> Bool {
    guard self[device].isUp, !self[device].isRemoved else {
      drop(frame, .deviceDown, at: device)
      return false
    }
    if recorder.notesFrames { recorder.pass(frame, device, at: now, isSent: true) }
    return true
  }

  /// Sends a frame into a cable (veth_xmit).
  ///
  /// - Returns: whether it gets to the other end, which counts it as received.
  private mutating func crosses(_ frame: Frame, from device: DeviceID, to peer: DeviceID) -> Bool {
    guard self[peer].isUp, !self[peer].isRemoved else {
      devices[device.index].ownCounters.sentDropped += 1
      drop(frame, .noCarrier, at: device)
      return false
    }
    guard frame.countedLength - Frame.headerLength <= self[peer].mtu + Self.forwardableSlack else {
      devices[device.index].ownCounters.sentDropped += 1
      drop(frame, .tooLong(mtu: self[peer].mtu), at: peer)
      return false
    }
    countSent(frame, device)
    // What one end has sent, the other has received (veth_get_stats64).
    devices[peer.index].ownCounters.receivedPackets += 1
    devices[peer.index].ownCounters.receivedBytes += frame.countedLength
    return true
  }

  /// Counts a frame that a device has sent; a loopback device doesn't count the Ethernet header.
  mutating func countSent(_ frame: Frame, _ device: DeviceID, headers: Bool = true) {
    devices[device.index].ownCounters.sentPackets += 1
    devices[device.index].ownCounters.sentBytes += headers ? frame.countedLength : frame.payload.length
  }
}

extension DeviceKind {
  /// Whether a device is given a VLAN tag beside a frame, so that it counts the frame without it
  /// (NETIF_F_HW_VLAN_CTAG_TX; `tx-vlan-offload` in ethtool(8)).
  fileprivate var takesTagsBesideFrames: Bool {
    switch self {
    case .veth, .bridge, .bond, .outside: true
    case .loopback, .dummy, .vrf, .vlan, .vxlan, .macvlan, .ipvlan: false
    }
  }
}

extension Frame {
  /// The Ethernet protocol number of the payload.
  var protocolNumber: Int {
    switch payload {
    case .arp: 0x0806
    case .ip(let packet): packet.family == .ipv4 ? 0x0800 : 0x86dd
    case .spanningTree: 0x0004
    }
  }
}
