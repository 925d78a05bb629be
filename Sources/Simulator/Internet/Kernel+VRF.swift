import NetworkTypes
import Packets
import Plan

/// What is kept beside a packet on its way through a VRF's device.
struct VRFPassage: Sendable {
  let origin: PacketOrigin
  let context: PacketContext?
}

/// What a VRF does with packets (drivers/net/vrf.c).
extension Kernel {
  /// The VRF that a device belongs to.
  func vrf(of device: DeviceID) -> DeviceID? {
    guard let master = self[device].master, case .vrf = self[master].kind else { return nil }
    return master
  }

  /// Sends a frame by a VRF: its packet goes on as the VRF's table says, and comes back only where that leads to the
  /// machine itself (vrf_process_v4_outbound, vrf_process_v6_outbound).
  mutating func transmit(_ frame: Frame, byVRF device: DeviceID, _ bridges: UInt8) {
    let passage = vrfPassage.popLast() ?? VRFPassage(origin: .local, context: nil)
    guard case .ip(let packet) = frame.payload else { return drop(frame, .nobodyListens, at: device) }
    let namespace = self[device].namespace
    var flow = Flow(destination: packet.destination)
    flow.source = packet.source
    flow.master = masterTable(of: device)
    flow.hash = flow.ownHash
    guard case .route(let route, let table) = look(up: flow, in: namespace), let hop = hop(of: route, flow) else {
      devices[device.index].ownCounters.sentDropped += 1
      return drop(packet, .noRoute(packet.destination), at: device)
    }
    if leavingDevice(route, hop, namespace) == device { return turnBack(frame, packet, route, by: device, bridges) }
    if recorder.isOn { recorder.add(.routed(packet, namespace, route, table: table, input: nil), at: now) }
    vrfRefusal = routeOn(packet, route, hop, passage, in: namespace)
    guard vrfRefusal == nil else { return devices[device.index].ownCounters.sentDropped += 1 }
    countSent(frame, device)
  }

  /// The device that a packet of a route leaves by, which for one of the machine's own addresses is that by which it
  /// comes back.
  func leavingDevice(_ route: TableRoute, _ hop: TableRoute.Hop, _ namespace: NamespaceID) -> DeviceID? {
    switch route.type {
    case .local, .anycast: returnDevice(hop, namespace)
    case .unicast, .broadcast, .multicast, .blackhole, .unreachable, .prohibit: hop.device
    }
  }

  /// Has what a VRF's table sends by the VRF itself come in by it, with the Ethernet header, as it was sent, and the
  /// way out as its route (vrf_local_xmit): by that IPv4 takes what is for the machine, and nothing else (dst_discard),
  /// while IPv6 sends it round until its hop limit is used up (ip6_forward).
  private mutating func turnBack(
    _ frame: Frame, _ packet: IPPacket, _ route: TableRoute, by device: DeviceID, _ bridges: UInt8
  ) {
    countSent(frame, device)
    devices[device.index].ownCounters.receivedPackets += 1
    devices[device.index].ownCounters.receivedBytes += frame.countedLength
    if packet.family == .ipv4, route.type == .unicast { return drop(packet, .nobodyListens, at: device) }
    hand(frame, to: device, bridges: bridges)
  }

  /// Sends what came through a VRF's device by the way that its table says, past the rules of output, though it may be
  /// others' (vrf_ip_local_out, vrf_ip6_local_out).
  ///
  /// - Returns: the error number that the sender gets, if it is the machine itself; nil where it goes on.
  private mutating func routeOn(
    _ packet: IPPacket, _ route: TableRoute, _ hop: TableRoute.Hop, _ passage: VRFPassage, in namespace: NamespaceID
  ) -> Errno? {
    var packet = packet
    var context = passage.context
    if self[namespace].netfilter.isActive {
      var own = context ?? PacketContext()
      own.input = nil
      own.output = hop.device
      own.gateway = hop.router
      guard passes(.output, &packet, &own, in: namespace, at: hop.device),
        passes(.postrouting, &packet, &own, in: namespace, at: hop.device)
      else { return .notPermitted }
      context = own
    }
    let mtu = pathMTU(to: packet.destination, route, hop, in: namespace)
    let isCut = packet.family == .ipv4 ? !packet.dontFragment : passage.origin == .local
    guard packet.length <= mtu || isCut else {
      // The VRF's own MTU was no limit (ip_fragment, ip6_fragment).
      drop(packet, .mustNotFragment(mtu: mtu), at: hop.device)
      sendError(.tooBig(mtu: mtu), about: packet, in: namespace, receivedBy: nil, leavingBy: hop.device, context)
      return .messageTooLong
    }
    emit(packet, route, hop, origin: passage.origin, context)
    return nil
  }

  /// Has what a member of a VRF received come in by the VRF, which counts it, and shows it to the rules once more;
  /// but for what concerns the link alone (vrf_ip_rcv, vrf_ip6_rcv).
  ///
  /// - Returns: whether it goes on.
  mutating func entersVRF(_ packet: inout IPPacket, _ context: inout PacketContext?, on device: DeviceID) -> Bool {
    guard let master = vrf(of: device) else { return true }
    let isDiscovery = if case .neighborDiscovery = packet.payload { true } else { false }
    let isOfLink = packet.destination.isMulticast || packet.destination.isIPv6LinkLocal
    if !isOfLink, !isDiscovery {
      devices[master.index].ownCounters.receivedPackets += 1
      devices[master.index].ownCounters.receivedBytes += packet.length
    }
    guard var own = context else { return true }
    own.input = master
    if !isOfLink || isDiscovery {
      guard passes(.prerouting, &packet, &own, in: self[device].namespace, at: master) else { return false }
    }
    // Neighbor discovery stays with its device.
    if isDiscovery { own.input = device }
    context = own
    return true
  }

  /// Shows the rules a packet of the machine's own as leaving by the VRF that its device belongs to, of no connection;
  /// they see it once more as it leaves by the device itself (vrf_ip_out_direct, vrf_ip6_out_direct).
  ///
  /// - Returns: whether it goes on.
  mutating func passesVRF(
    _ packet: inout IPPacket, _ route: TableRoute, _ hop: TableRoute.Hop, _ context: PacketContext,
    in namespace: NamespaceID
  ) -> Bool {
    guard let master = vrf(of: hop.device), !packet.destination.isMulticast, !packet.destination.isIPv6LinkLocal,
      packet.destination != .v4(IPv4Address(bits: .max))
    else { return true }
    switch route.type {
    // These leave by the VRF itself.
    case .local, .anycast: return true
    case .unicast, .broadcast, .multicast, .blackhole, .unreachable, .prohibit: break
    }
    var own = context
    if own.tracking.isNone { own.tracking = .untracked }
    own.output = master
    return passes(.output, &packet, &own, in: namespace, at: master)
      && passes(.postrouting, &packet, &own, in: namespace, at: master)
  }
}

extension Flow {
  /// What chooses among several ways of the machine's own packets.
  var ownHash: UInt32 {
    UInt32(truncatingIfNeeded: destination.bits ^ (destination.bits >> 32)) &* 0x9E37_79B9 >> 8
  }
}
