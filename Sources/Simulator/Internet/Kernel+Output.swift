import DequeModule
package import NetworkTypes
import Packets

extension Kernel {
  /// What a machine's own packet is sent with beside its payload.
  struct SendOptions: Sendable {
    /// The source; chosen by the route without it.
    var source: IPAddress?
    /// The source that was chosen by the way, which was found without it (IPv6's sockets keep their way).
    var chosenSource: IPAddress?
    /// The device that it has to leave by.
    var device: DeviceID?
    /// The table of the VRF that it is sent in.
    var master: UInt32?
    var hopLimit: UInt8?
    var trafficClass: UInt8 = 0
    /// Whether it may be fragmented, by the machine itself or on the way.
    var fragmentation = Fragmentation.unlessKnown
    var mark: UInt32 = 0
    /// The connection that it belongs to, where that is known without looking.
    var tracking = Tracking.none
  }

  /// What a connected socket sends with (sk_dst_check, inet6_csk_route_socket): from the source that it found, by the
  /// way there, which IPv6 found before and keeps.
  func connectedOptions(from source: IPAddress?) -> SendOptions {
    var options = SendOptions()
    if source?.family == .ipv6 { options.chosenSource = source } else { options.source = source }
    return options
  }

  /// What IP_MTU_DISCOVER says (ip(7)).
  enum Fragmentation: Hashable, Sendable {
    /// Routers must not fragment; the machine itself does by the path's MTU (IP_PMTUDISC_WANT, the default).
    case unlessKnown
    /// Nobody must, the machine's sending fails instead (IP_PMTUDISC_DO).
    case never
    /// Everybody may (IP_PMTUDISC_DONT), as for the kernel's own messages.
    case always
  }

  /// The identification of a namespace's next packet (RFC 791 §3.1).
  mutating func identification(in namespace: NamespaceID) -> UInt32 {
    namespaces[namespace.index].nextIdentification &+= 1
    return self[namespace].nextIdentification & 0xffff
  }

  /// Finds the way of a packet that the machine is about to send.
  ///
  /// - Parameters:
  ///   - destination: where it goes.
  ///   - options: what else is said.
  ///   - namespace: the machine.
  /// - Returns: the route, the way, and the source.
  /// - Throws: the error number that the sender gets.
  func way(
    to destination: IPAddress, _ options: SendOptions, in namespace: NamespaceID
  ) throws(KernelError) -> (route: TableRoute, hop: TableRoute.Hop, source: IPAddress, table: UInt32) {
    var flow = Flow(destination: destination)
    flow.source = options.source
    flow.outputDevice = options.device
    flow.master = options.master ?? options.device.flatMap { masterTable(of: $0) }
    flow.mark = options.mark
    flow.hash = flow.ownHash
    let (route, table): (TableRoute, UInt32)
    switch look(up: flow, in: namespace) {
    case .route(let found, table: let number): (route, table) = (found, number)
    case .failure(let errno):
      guard destination.family == .ipv6, options.source == nil, let loopback = self[namespace].devices[.loopback]
      else { throw KernelError(errno) }
      // IPv6 looks for a source whatever the route says, and once more with it (ip6_dst_lookup_tail).
      guard let source = options.chosenSource ?? chooseIPv6Source(on: loopback, towards: destination) else {
        throw KernelError(.addressNotAvailable)
      }
      var bound = options
      bound.source = source
      return try way(to: destination, bound, in: namespace)
    }
    guard let hop = hop(of: route, flow) else { throw KernelError(.networkUnreachable) }
    guard
      let source = options.source ?? options.chosenSource
        ?? chooseSource(for: destination, route, hop, master: flow.master)
    else {
      throw KernelError(destination.family == .ipv4 ? .networkUnreachable : .addressNotAvailable)
    }
    return (route, hop, source, table)
  }

  /// Finds the way that a socket is connected over: IPv4 looks for a source first, and then for the way from there,
  /// which rules may refuse or lead elsewhere (ip_route_connect).
  ///
  /// - Throws: the error number that connect(2) gives: none connects to a broadcast address, unless it is told to
  ///   (SO_BROADCAST), and TCP never does.
  func connectedWay(
    to destination: IPAddress, _ options: SendOptions, for transport: TransportProtocol = .udp,
    in namespace: NamespaceID
  ) throws(KernelError) -> (route: TableRoute, hop: TableRoute.Hop, source: IPAddress, table: UInt32) {
    var found = try way(to: destination, options, in: namespace)
    guard case .v4(let address) = destination else { return found }
    if options.source == nil {
      var bound = options
      bound.source = found.source
      found = try way(to: destination, bound, in: namespace)
    }
    guard found.route.type != .broadcast, address.bits != .max else {
      // __ip4_datagram_connect, tcp_v4_connect.
      throw KernelError(transport == .tcp ? .networkUnreachable : .accessDenied)
    }
    return found
  }

  /// The source that a machine would send from to a destination; nil where it has no way there.
  package func source(towards destination: IPAddress, in namespace: NamespaceID) -> IPAddress? {
    try? way(to: destination, SendOptions(), in: namespace).source
  }

  /// Sends a packet of the machine's own.
  ///
  /// - Parameters:
  ///   - payload: what it carries.
  ///   - destination: where it goes.
  ///   - options: what else is said.
  ///   - namespace: the machine.
  /// - Throws: the error number that the sender gets.
  mutating func send(
    _ payload: IPPacket.Payload, to destination: IPAddress, _ options: SendOptions, in namespace: NamespaceID
  ) throws(KernelError) {
    let (route, hop, source, table) = try way(to: destination, options, in: namespace)
    let isIPv4 = destination.family == .ipv4
    let hopLimit = options.hopLimit ?? hopLimit(route, hop, isIPv4: isIPv4, in: namespace)
    var packet = IPPacket(
      source: source, destination: destination, hopLimit: hopLimit, trafficClass: options.trafficClass,
      identification: identification(in: namespace), payload: payload)
    let mtu = pathMTU(to: destination, route, hop, in: namespace)
    switch options.fragmentation {
    case .never:
      guard packet.length <= mtu else { throw KernelError(.messageTooLong) }
      packet.dontFragment = true
    case .unlessKnown where isIPv4 && self[namespace].stack.forgoesDiscovery != 0: break
    case .unlessKnown:
      if isIPv4 { packet.dontFragment = packet.length <= mtu && !isLocked(destination, hop, in: namespace) }
    case .always: break
    }
    guard self[namespace].netfilter.isActive else {
      if recorder.isOn { recorder.add(.routed(packet, namespace, route, table: table, input: nil), at: now) }
      return try emitOwn(packet, route, hop)
    }
    try sendFiltered(packet, route, hop, table: table, options, in: namespace)
  }

  /// Sends a packet of the machine's own over a route.
  ///
  /// - Throws: the error number that the sender gets where the way is by a VRF's device, which doesn't send it.
  mutating func emitOwn(
    _ packet: IPPacket, _ route: TableRoute, _ hop: TableRoute.Hop, _ context: PacketContext? = nil
  ) throws(KernelError) {
    guard !discards(route, over: hop) else {
      drop(packet, .noRoute(packet.destination), at: hop.device)
      return sendError(.network, about: packet, in: self[hop.device].namespace, receivedBy: hop.device, context)
    }
    vrfRefusal = nil
    emit(packet, route, hop, origin: .local, context)
    guard let errno = vrfRefusal else { return }
    vrfRefusal = nil
    throw KernelError(errno)
  }

  /// Whether what was learned of a path's MTU is more than its links take (ip_mtu_locked).
  private func isLocked(_ destination: IPAddress, _ hop: TableRoute.Hop, in namespace: NamespaceID) -> Bool {
    exception(to: destination, over: hop, in: namespace)?.isLocked ?? false
  }

  /// What is known of the way to a destination beside what its route says (find_exception, rt6_find_cached_rt).
  func exception(
    to destination: IPAddress, over hop: TableRoute.Hop, in namespace: NamespaceID
  ) -> RouteException? {
    guard !self[namespace].exceptions.isEmpty,
      let known = self[namespace].exceptions[RouteExceptionKey(destination, over: hop)], now < known.expires
    else { return nil }
    return known
  }

  /// The router that packets to a destination are handed to: a better one, if that is known; nil where it is the
  /// destination itself (rt_nexthop).
  func router(to destination: IPAddress, over hop: TableRoute.Hop, in namespace: NamespaceID) -> IPAddress? {
    exception(to: destination, over: hop, in: namespace)?.gateway ?? hop.router
  }

  /// The time to live of a packet that says nothing of it; in IPv6 the device's, that which leads back for the
  /// machine's own addresses (ip6_dst_hoplimit).
  func hopLimit(
    _ route: TableRoute, _ hop: TableRoute.Hop, isIPv4: Bool, in namespace: NamespaceID
  ) -> UInt8 {
    if isIPv4 { return UInt8(clamping: self[namespace].stack.defaultTTL) }
    let isOwn = route.type == .local || route.type == .anycast
    let device = isOwn ? returnDevice(hop, namespace) ?? hop.device : hop.device
    return UInt8(clamping: self[device].ipv6.hopLimit)
  }

  /// The longest packet to a destination: what was learned of its path, else the device's MTU; that of the device that
  /// leads back for the machine's own addresses.
  func pathMTU(
    to destination: IPAddress, _ route: TableRoute, _ hop: TableRoute.Hop, in namespace: NamespaceID
  ) -> Int {
    if route.type == .local, let device = returnDevice(hop, namespace) { return self[device].mtu }
    let mtu = self[hop.device].mtu
    return exception(to: destination, over: hop, in: namespace)?.mtu.map { min(mtu, $0) } ?? mtu
  }

  /// Sends a packet over a route: in parts where it is too long, back to the machine where it is its own.
  ///
  /// - Parameters:
  ///   - packet: the packet.
  ///   - route: the route.
  ///   - hop: the way.
  ///   - origin: where the packet comes from.
  ///   - context: what is kept beside it, where rules have seen it.
  mutating func emit(
    _ packet: IPPacket, _ route: TableRoute, _ hop: TableRoute.Hop, origin: PacketOrigin,
    _ context: PacketContext? = nil
  ) {
    let device = hop.device
    let namespace = self[device].namespace
    switch route.type {
    case .local, .anycast: return loopBack(packet, hop, namespace, context)
    case .unicast, .broadcast, .multicast, .blackhole, .unreachable, .prohibit: break
    }
    var mtu =
      origin == .local
      ? pathMTU(to: packet.destination, route, hop, in: namespace)
      : forwardingMTU(of: packet, route, hop, in: namespace)
    // What was made of fragments leaves in fragments no longer than those (IPCB(skb)->frag_max_size).
    if let longest = context?.parts?.longest, packet.length > longest {
      mtu = min(mtu, packet.family == .ipv4 ? longest : max(longest, AddressFamily.ipv6MinimumMTU))
    }
    guard packet.length <= mtu else { return fragment(packet, mtu, hop, origin, context) }
    output(packet, over: hop, origin, context)
  }

  private mutating func loopBack(
    _ packet: IPPacket, _ hop: TableRoute.Hop, _ namespace: NamespaceID, _ context: PacketContext?
  ) {
    guard let device = returnDevice(hop, namespace) else { return }
    let frame = Frame(destination: self[device].address, source: self[device].address, payload: .ip(packet))
    guard let context, self[device].qdisc == nil, self[device].isUp else { return transmit(frame, from: device) }
    transmitNow(frame, from: device, bridges: 0)
    // It keeps its connection on its way round.
    if arrivals.last?.device == device { arrivals[arrivals.count - 1].tracking = context.tracking }
  }

  /// The device by which a machine's packets to itself come back: a VRF's, or the loopback device.
  func returnDevice(_ hop: TableRoute.Hop, _ namespace: NamespaceID) -> DeviceID? {
    if case .vrf = self[hop.device].kind { return hop.device }
    return vrf(of: hop.device) ?? self[namespace].devices[.loopback]
  }

  private mutating func fragment(
    _ packet: IPPacket, _ mtu: Int, _ hop: TableRoute.Hop, _ origin: PacketOrigin, _ context: PacketContext?
  ) {
    if packet.family == .ipv4, packet.dontFragment { return drop(packet, .mustNotFragment(mtu: mtu), at: hop.device) }
    let parts = fragments(of: packet, mtu: mtu, as: context?.parts)
    if recorder.isOn { recorder.add(.fragmented(packet, parts: parts.count, mtu: mtu, hop.device), at: now) }
    for part in parts {
      output(part, over: hop, origin, context)
      finishSending()
    }
  }

  private mutating func output(
    _ packet: IPPacket, over hop: TableRoute.Hop, _ origin: PacketOrigin, _ context: PacketContext?
  ) {
    let device = hop.device
    if packet.destination.isMulticast || isBroadcast(packet.destination, on: device) {
      let hardware = packet.destination.isMulticast ? MACAddress(multicast: packet.destination) : .broadcast
      return transmit(
        Frame(destination: hardware, source: self[device].address, payload: .ip(packet)), from: device)
    }
    guard hasAddressResolution(device) else {
      if case .vrf = self[device].kind { vrfPassage = [VRFPassage(origin: origin, context: context)] }
      defer { if !vrfPassage.isEmpty { vrfPassage = [] } }
      return transmit(
        Frame(destination: self[device].address, source: self[device].address, payload: .ip(packet)), from: device)
    }
    let router = router(to: packet.destination, over: hop, in: self[device].namespace)
    output(packet, to: router ?? packet.destination, by: device, origin: origin)
  }

  /// Whether an address is one of a device's IPv4 broadcast addresses: its packets are everybody's on the link.
  func isBroadcast(_ address: IPAddress, on device: DeviceID) -> Bool {
    guard case .v4(let v4) = address else { return false }
    return v4.bits == .max || self[device].addresses.contains { $0.broadcast == v4 }
  }

  /// Whether what a device receives for an address is taken in as a broadcast: the type of the route tells, whatever
  /// device of the machine the address is a broadcast address of (RTCF_BROADCAST).
  func isTakenInAsBroadcast(_ address: IPAddress, on device: DeviceID) -> Bool {
    guard case .v4(let v4) = address else { return false }
    guard v4.bits != .max else { return true }
    let tables = self[self[device].namespace].ipv4Tables
    let table = masterTable(of: device) ?? RouteTableNumber.local
    return tables[table]?.first(address.bits, where: { _ in true })?.type == .broadcast
  }
}
