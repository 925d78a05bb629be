package import NetworkTypes
import Packets

extension Kernel {
  /// Puts a frame into a datagram for the other end of its tunnel (vxlan_xmit).
  mutating func encapsulate(_ frame: Frame, by index: Int, _ bridges: UInt8) {
    let (device, options) = (vxlans[index].device, vxlans[index].options)
    let learned = frame.destination.isMulticast ? nil : vxlans[index].table[frame.destination]
    // A device without a default destination drops what it doesn't know the way of (vxlan_xmit: vxlan_mdb, fdb).
    guard let remote = learned.flatMap({ now < $0.updated + .seconds(300) ? $0.remote : nil }) ?? options.remote else {
      return drop(frame, .noTunnel, at: device)
    }
    guard !remote.isMulticast else { return drop(frame, .notModelled("VXLAN over multicast"), at: device) }
    let namespace = self[device].namespace
    var flow = Flow(destination: remote)
    flow.source = options.local
    flow.outputDevice = options.device.flatMap { self[namespace].devices[$0] }
    flow.master = flow.outputDevice.flatMap { masterTable(of: $0) }
    guard case .route(let route, let table) = look(up: flow, in: namespace), let hop = hop(of: route, flow),
      hop.device != device
    else { return drop(frame, .noRoute(remote), at: device) }
    guard let source = options.local ?? chooseSource(for: remote, route, hop) else {
      return drop(frame, .noRoute(remote), at: device)
    }
    let mtu = pathMTU(to: remote, route, hop, in: namespace)
    if case .ip(let inner) = frame.payload, sendsBack(frame, inner, mtu - options.overhead, by: device) { return }
    let datagram = UDPDatagram(
      sourcePort: sourcePort(frame), destinationPort: options.port, data: .frame(frame, vni: options.id))
    let packet = IPPacket(
      source: source, destination: remote,
      hopLimit: hopLimit(route, hop, isIPv4: remote.family == .ipv4, in: namespace),
      identification: identification(in: namespace), payload: .udp(datagram))
    if recorder.isOn {
      recorder.add(.encapsulated(frame, device), at: now)
      recorder.add(.routed(packet, namespace, route, table: table, input: nil), at: now)
    }
    guard remote.family == .ipv4 || packet.length <= mtu else {
      // Over IPv6 it isn't cut, and the machine tells itself so (ip6_fragment: ignore_df).
      drop(packet, .mustNotFragment(mtu: mtu), at: hop.device)
      return sendError(.tooBig(mtu: mtu), about: packet, in: namespace, receivedBy: nil)
    }
    if bridges > 0 { tunnelled[TunnelledFrame(packet)] = bridges }
    // It counts, without the Ethernet header, what has found a way (iptunnel_xmit).
    guard self[namespace].netfilter.isActive else {
      countSent(frame, device, headers: false)
      return emit(packet, route, hop, origin: .local)
    }
    do throws(KernelError) {
      try sendFiltered(packet, route, hop, table: RouteTableNumber.main, SendOptions(), in: namespace)
      countSent(frame, device, headers: false)
    } catch {
      drop(frame, .rejected(error.errno), at: device)
    }
  }

  /// Has the sender of a packet know that it is longer than the tunnel takes (skb_tunnel_check_pmtu): the machine
  /// itself learns it, and who is beyond a bridge is told so by an error that seems to come from the packet's
  /// destination (iptunnel_pmtud_build_icmp, vxlan_encap_bypass).
  ///
  /// - Returns: whether an error goes back in the packet's place.
  private mutating func sendsBack(_ frame: Frame, _ packet: IPPacket, _ most: Int, by device: DeviceID) -> Bool {
    guard packet.length > most else { return false }
    guard let bridge = self[device].master, case .bridge = self[bridge].kind else {
      learnTunnelMTU(most, of: packet, by: device)
      return false
    }
    if frame.source == self[bridge].address { learnTunnelMTU(most, of: packet, by: bridge) }
    guard !packet.destination.isMulticast, !packet.source.isMulticast, !packet.source.isUnspecified,
      !packet.source.isLoopback
    else { return false }
    if case .icmp(let message) = packet.payload, message.quoted != nil { return false }
    let isIPv4 = packet.family == .ipv4
    let longest = QuotedPacket.longestError(packet.family)
    guard most >= longest else { return false }
    if isIPv4 {
      if case .fragment = packet.payload { return false }
      guard packet.dontFragment, packet.destination != .v4(IPv4Address(bits: .max)) else { return false }
    }
    let quoted = QuotedPacket(packet, inErrorOf: longest)
    var error = IPPacket(
      source: packet.destination, destination: packet.source, hopLimit: packet.hopLimit,
      payload: .icmp(.tooBig(mtu: most, quoted: quoted)))
    error.dontFragment = isIPv4
    let back = Frame(destination: frame.source, source: frame.destination, payload: .ip(error))
    countSent(back, device)
    // Both counts are with the Ethernet header.
    devices[device.index].ownCounters.receivedBytes += Frame.headerLength
    receiveStacked(back, on: device, 0)
    return true
  }

  /// A port by the flow, within the local port range (udp_flow_src_port).
  private func sourcePort(_ frame: Frame) -> UInt16 {
    let hash = (frame.source.bits &* 0x9E37_79B9) ^ (frame.destination.bits &* 0x85EB_CA6B)
    return UInt16(32768 + hash % (60999 - 32768))
  }

  /// Takes a frame out of a datagram, if a device waits for its network (vxlan_rcv).
  ///
  /// - Returns: whether one did.
  mutating func decapsulate(_ datagram: UDPDatagram, _ packet: IPPacket, on input: DeviceID) -> Bool {
    guard case .frame(let frame, let vni) = datagram.data,
      let index = vxlans.firstIndex(where: {
        $0.options.id == vni && hears($0, on: datagram.destinationPort, packet.family, from: input)
      })
    else { return false }
    let device = vxlans[index].device
    guard frame.source != self[device].address else { return true }
    if !frame.source.isMulticast {
      vxlans[index].table[frame.source] = VXLAN.Entry(remote: packet.source, updated: now)
    }
    if recorder.isOn { recorder.add(.decapsulated(frame, device), at: now) }
    receiveStacked(frame, on: device, tunnelled.removeValue(forKey: TunnelledFrame(packet)) ?? 0)
    return true
  }

  /// What a VXLAN device knows, the default destination at the address of zeros; nothing for other devices.
  ///
  /// Beside the other end stands the device by which it is reached, where that was given, or by which a link-local
  /// address was heard (vxlan_snoop).
  package func tunnelTable(
    of device: DeviceID
  ) -> [(address: MACAddress, remote: IPAddress, lower: InterfaceName?)] {
    guard case .vxlan(let index) = self[device].kind else { return [] }
    let lower = vxlans[index].options.device
    let learned = vxlans[index].table.filter { now < $0.value.updated + .seconds(300) }.sorted { $0.key < $1.key }
    return (vxlans[index].options.remote.map { [(.zero, $0, lower)] } ?? [])
      + learned.map { ($0.key, $0.value.remote, $0.value.remote.isIPv6LinkLocal ? lower : nil) }
  }

  /// Whether VXLAN devices listen on a port.
  func hasTunnel(on port: UInt16, _ family: AddressFamily, in namespace: NamespaceID) -> Bool {
    vxlans.contains { listens($0, on: port, family, in: namespace) }
  }

  /// Whether VXLAN devices hear what a device receives for a port.
  func hasTunnel(on port: UInt16, _ family: AddressFamily, hearing device: DeviceID) -> Bool {
    vxlans.contains { hears($0, on: port, family, from: device) }
  }

  private func listens(
    _ tunnel: VXLAN, on port: UInt16, _ family: AddressFamily, in namespace: NamespaceID
  ) -> Bool {
    tunnel.options.port == port && tunnel.options.family == family && self[tunnel.device].namespace == namespace
      && self[tunnel.device].isUp
      && !self[tunnel.device].isRemoved
  }

  /// Whether a VXLAN device hears what a device receives: what comes in by its lower device's VRF, or by none
  /// (__vxlan_sock_add: bind_ifindex; inet_bound_dev_eq).
  private func hears(_ tunnel: VXLAN, on port: UInt16, _ family: AddressFamily, from device: DeviceID) -> Bool {
    guard listens(tunnel, on: port, family, in: self[device].namespace) else { return false }
    guard let table = boundTable(of: tunnel) else { return unboundSocketsHear(.udp, on: device) }
    return masterTable(of: device) == table
  }

  /// Whether a VXLAN device can't hear its port: a socket that is bound to no VRF has it, or would have it, from all
  /// (__vxlan_sock_add; udp_lib_lport_inuse, net/ipv4/udp.c).
  func isPortTaken(for tunnel: VXLAN) -> Bool {
    vxlans.contains { other in
      listens(other, on: tunnel.options.port, tunnel.options.family, in: self[tunnel.device].namespace)
        && (boundTable(of: other) == nil) != (boundTable(of: tunnel) == nil)
    }
  }

  /// The table of the VRF that a VXLAN device's lower one, or what that is a member of, is in
  /// (l3mdev_master_upper_ifindex_by_index).
  private func boundTable(of tunnel: VXLAN) -> UInt32? {
    var device = tunnel.lower
    while let current = device {
      if let table = masterTable(of: current) { return table }
      device = self[current].master
    }
    return nil
  }
}
