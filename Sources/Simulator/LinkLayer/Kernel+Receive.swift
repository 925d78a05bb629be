import NetworkTypes
import Packets

extension Kernel {
  /// Takes in a frame at a device (__netif_receive_skb_core): for a VLAN device on it, for what it belongs to, or
  /// itself.
  mutating func receive(_ frame: Frame, on device: DeviceID, bridges: UInt8) {
    guard self[device].isUp, !self[device].isRemoved else { return drop(frame, .deviceDown, at: device) }
    var frame = frame
    if frame.tag != nil { frame.tag?.isInFrame = false }
    // A loopback device shows a frame once.
    if recorder.notesFrames, self[device].kind != .loopback {
      recorder.pass(frame, device, at: now, isSent: false)
    }
    if let tag = frame.tag, let upper = vlanDevice(of: tag.id, on: device) {
      var inner = frame
      inner.tag = nil
      return receiveStacked(inner, on: upper, bridges)
    }
    if let master = self[device].master {
      switch self[master].kind {
      case .bridge(let index): return receive(frame, onPort: device, of: index, bridges)
      case .bond(let mode):
        guard takes(from: device, master, mode) else {
          return drop(frame, .portState(.blocking), at: device)
        }
        return receiveStacked(frame, on: master, bridges)
      case .vrf, .loopback, .veth, .dummy, .vlan, .vxlan, .macvlan, .ipvlan, .outside: break
      }
    }
    guard self[device].uppers.isEmpty || !receiveForUppers(frame, on: device, bridges) else { return }
    deliver(frame, on: device)
  }

  /// Takes in a frame at a device that stands on another, or that others belong to.
  mutating func receiveStacked(_ frame: Frame, on device: DeviceID, _ bridges: UInt8) {
    countReceived(frame, on: device)
    receive(frame, on: device, bridges: bridges)
  }

  /// Counts a frame that a device has received from what is below it.
  mutating func countReceived(_ frame: Frame, on device: DeviceID) {
    switch self[device].kind {
    // Its members count for it.
    case .bond: return
    // With the Ethernet header (macvlan_count_rx, ipvlan_count_rx).
    case .macvlan, .ipvlan: devices[device.index].ownCounters.receivedBytes += frame.countedLength
    case .loopback, .veth, .bridge, .dummy, .vrf, .vlan, .vxlan, .outside:
      devices[device.index].ownCounters.receivedBytes += frame.payload.length
    }
    devices[device.index].ownCounters.receivedPackets += 1
  }

  private func vlanDevice(of id: UInt16, on device: DeviceID) -> DeviceID? {
    self[device].uppers.first { self[$0].kind == .vlan(parent: device, id: id) && self[$0].isUp }
  }

  /// Hands a frame to the machine's protocols, if it is for its hardware address or for all.
  mutating func deliver(_ frame: Frame, on device: DeviceID) {
    if let tag = frame.tag, tag.id != 0 { return drop(frame, .noVLANDevice(tag.id), at: device) }
    let isForAll = frame.destination.isMulticast
    guard isForAll || frame.destination == self[device].address || takesAll(device) else {
      return drop(frame, .otherHost(frame.destination), at: device)
    }
    switch frame.payload {
    case .arp(let packet):
      guard hasAddressResolution(device) else { return }
      receive(packet, on: device, isForHost: !isForAll)
    case .ip(let packet):
      switch packet.family {
      case .ipv4: receiveIPv4(packet, frame, on: device)
      case .ipv6: receiveIPv6(packet, frame, on: device)
      }
    case .spanningTree: break
    }
  }

  /// Whether a device takes frames for whatever hardware address as its own: what a macvlan device in passthru mode
  /// gets is marked as the machine's (macvlan_handle_frame: PACKET_HOST).
  private func takesAll(_ device: DeviceID) -> Bool {
    switch self[device].kind {
    case .loopback, .macvlan(_, .passthru): true
    case .veth, .bridge, .dummy, .bond, .vrf, .vlan, .vxlan, .macvlan, .ipvlan, .outside: false
    }
  }

  /// Whether hardware addresses are asked for on a device's link (not IFF_NOARP).
  func hasAddressResolution(_ device: DeviceID) -> Bool {
    switch self[device].kind {
    case .loopback, .dummy, .vrf, .ipvlan(_, .l3), .ipvlan(_, .l3s): false
    case .veth, .bridge, .bond, .vlan, .vxlan, .macvlan, .ipvlan(_, .l2), .outside: true
    }
  }
}
