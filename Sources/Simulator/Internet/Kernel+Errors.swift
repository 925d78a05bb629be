import NetworkTypes
import Packets

/// What a machine tells the sender of a packet that didn't get through.
enum ErrorKind: Hashable, Sendable {
  case network
  case host
  case port
  case prohibited
  case beyondScope
  case tooBig(mtu: Int)
  case timeExceeded
  case reassemblyTimeExceeded
  case redirect(gateway: IPAddress, target: IPAddress)
}

extension Kernel {
  /// Sends an error about a packet to its sender (__icmp_send, icmp6_send), unless the rules forbid it.
  ///
  /// - Parameters:
  ///   - kind: what went wrong.
  ///   - packet: the packet.
  ///   - namespace: the machine that says so.
  ///   - device: the device that the packet came in by; nil for the machine's own.
  ///   - output: the device that it was about to leave by, if it got so far: the way back is looked for from there
  ///     (icmp_get_route_lookup_dev, icmp6_iif).
  ///   - context: what is kept beside the packet: the error is of its connection (nf_conntrack_attach).
  mutating func sendError(
    _ kind: ErrorKind, about packet: IPPacket, in namespace: NamespaceID, receivedBy device: DeviceID?,
    leavingBy output: DeviceID? = nil, _ context: PacketContext? = nil
  ) {
    guard !isSendingControl, isWorthAnError(packet, kind, device), allowsError(kind, to: packet.source, in: namespace)
    else { return }
    if case .redirect = kind, packet.family == .ipv6, let device {
      if case .redirect(let gateway, _) = kind { sendIPv6Redirect(gateway, packet, device) }
      return
    }
    let isIPv4 = packet.family == .ipv4
    var options = SendOptions()
    options.fragmentation = .always
    options.trafficClass = isIPv4 ? packet.trafficClass | 0xc0 : 0
    options.master = (output ?? device).flatMap { masterTable(of: $0) }
    if let context { options.tracking = context.tracking.answering }
    if isIPv4, let device, self[namespace].stack.usesInboundAddress != 0 {
      options.source = chooseIPv4Source(on: device, towards: packet.source, leastScope: .link)
    }
    let isForMachine =
      device.map { isOwn(packet.destination, toErrorsBy: $0) } ?? isLocal(packet.destination, in: namespace)
    if output == nil, isForMachine { options.source = packet.destination }
    if !isIPv4, options.source == nil {
      options.source = sourceOfError(to: packet.source, receivedBy: device, in: namespace)
    }
    if packet.source.isIPv6LinkLocal { options.device = device }
    guard let way = try? way(to: packet.source, options, in: namespace) else { return }
    guard isIPv4 || !isForAllRouters(packet.source, way.route, way.hop) else { return }
    var most = QuotedPacket.longestError(packet.family)
    if isIPv4 { most = min(most, pathMTU(to: packet.source, way.route, way.hop, in: namespace)) }
    sendControl(
      message(kind, QuotedPacket(packet, inErrorOf: most)), to: packet.source, options, in: namespace)
  }

  /// The address that IPv6 sends an error from, where its cause wasn't for the machine: one that suits the device that
  /// the cause came in by, whichever the error leaves by, unless the route there names a source.
  ///
  /// See icmp6_send and icmpv6_rt_has_prefsrc.
  private func sourceOfError(
    to sender: IPAddress, receivedBy device: DeviceID?, in namespace: NamespaceID
  ) -> IPAddress? {
    guard let device, (try? way(to: sender, SendOptions(), in: namespace))?.route.source == nil else { return nil }
    return chooseIPv6Source(on: device, towards: sender)
  }

  /// Whether an address is one that errors are sent from about what a device received for it: in IPv6 none of another
  /// VRF, or of none (icmp6_send: ipv6_chk_addr).
  private func isOwn(_ address: IPAddress, toErrorsBy device: DeviceID) -> Bool {
    guard address.family == .ipv6, let master = masterTable(of: device) else { return isLocal(address, by: device) }
    let route = table(master, .ipv6, in: self[device].namespace)?.first(address.bits) {
      $0.type == .local || $0.type == .anycast
    }
    return route != nil
  }

  /// Whether an IPv6 address is that of all routers of a subnet: nobody tells them of errors (icmpv6_route_lookup,
  /// ipv6_anycast_destination).
  private func isForAllRouters(_ address: IPAddress, _ route: TableRoute, _ hop: TableRoute.Hop) -> Bool {
    let prefix = route.destination
    return route.type == .anycast || prefix.length < 127 && hop.gateway == nil && prefix.network == address
  }

  /// Sends a control message of the kernel's own: if its own rules reject it, nobody hears of that.
  mutating func sendControl(
    _ message: ICMPMessage, to receiver: IPAddress, _ options: SendOptions, in namespace: NamespaceID
  ) {
    isSendingControl = true
    defer { isSendingControl = false }
    try? send(.icmp(message), to: receiver, options, in: namespace)
  }

  private func message(_ kind: ErrorKind, _ quoted: QuotedPacket) -> ICMPMessage {
    switch kind {
    case .network: .unreachable(.network, quoted: quoted)
    case .host: .unreachable(.host, quoted: quoted)
    case .port: .unreachable(.port, quoted: quoted)
    case .prohibited: .unreachable(.prohibited, quoted: quoted)
    case .beyondScope: .unreachable(.beyondScope, quoted: quoted)
    case .tooBig(let mtu): .tooBig(mtu: mtu, quoted: quoted)
    case .timeExceeded: .timeExceeded(quoted: quoted)
    case .reassemblyTimeExceeded: .reassemblyTimeExceeded(quoted: quoted)
    case .redirect(let gateway, _): .redirect(gateway: gateway, quoted: quoted)
    }
  }

  /// Tells of a better way with the hardware address there, if it is known, and as much of the packet as fits in blocks
  /// of eight bytes (ndisc_send_redirect).
  private mutating func sendIPv6Redirect(_ gateway: IPAddress, _ packet: IPPacket, _ device: DeviceID) {
    guard let own = linkLocalAddress(of: device), takeRedirect(about: packet.source, in: self[device].namespace) else {
      return
    }
    var options = SendOptions()
    options.source = own
    options.device = device
    options.hopLimit = 255
    let neighbor = self[self[device].namespace].neighbors[NeighborKey(device: device, address: gateway)]
    let hardware = neighbor?.isValid == true ? neighbor?.hardware : nil
    // Beside what every error has there are two addresses, the option's own header, and another option.
    let room = QuotedPacket.longestError(.ipv6) - 32 - 8 - (hardware == nil ? 0 : 8)
    var quoted = QuotedPacket(packet, inErrorOf: room)
    quoted.length &= ~7
    let message = ICMPMessage.redirect(gateway: gateway, hardware: hardware, quoted: quoted)
    try? send(.icmp(message), to: packet.source, options, in: self[device].namespace)
  }

  /// No errors about errors, about what was for many, nor in IPv4 about parts but the first (RFC 1122 §3.2.2,
  /// RFC 4443 §2.4 (e)).
  private func isWorthAnError(_ packet: IPPacket, _ kind: ErrorKind, _ device: DeviceID?) -> Bool {
    guard !packet.source.isUnspecified, !packet.source.isMulticast else { return false }
    let isTooBig = if case .tooBig = kind { packet.family == .ipv6 } else { false }
    guard !packet.destination.isMulticast || isTooBig else { return false }
    if let device, isTakenInAsBroadcast(packet.destination, on: device) { return false }
    var content = packet
    if case .fragment(let part) = packet.payload {
      // ICMPv6 takes no notice of what part it is: only what the first carries tells whether it is an error
      // (is_ineligible).
      guard part.offset == 0 else { return packet.family == .ipv6 }
      content = part.whole
    }
    switch content.payload {
    case .icmp(let message): return message.quoted == nil
    case .neighborDiscovery, .listenerReport: return packet.family == .ipv4
    case .udp, .tcp, .fragment: return true
    }
  }

  /// Whether an error may still be sent to a host (icmpv4_xrlim_allow, icmpv6_xrlim_allow); what the path's MTU hangs
  /// on always may.
  private mutating func allowsError(
    _ kind: ErrorKind, to host: IPAddress, in namespace: NamespaceID
  ) -> Bool {
    switch kind {
    case .tooBig, .redirect: return true
    case .network, .host, .port, .prohibited, .beyondScope, .timeExceeded, .reassemblyTimeExceeded: break
    }
    guard !isLocal(host, in: namespace) else { return true }
    let interval: TimeSpan
    switch host.family {
    case .ipv4:
      guard self[namespace].stack.limitedTypes & 1 << Int(kind.ipv4Type) != 0 else { return true }
      interval = .milliseconds(UInt64(max(0, self[namespace].stack.errorInterval)))
    case .ipv6:
      let whole = UInt64(max(0, self[namespace].stack.errorIntervalIPv6))
      interval = .milliseconds(whole >> UInt64((128 - prefixLength(towards: host, in: namespace)) >> 5))
    }
    // At no interval every error may be sent, and yet is counted: what was saved up for redirects is lost.
    return takeAllowance(for: host, burst: ErrorAllowance.icmpBurst, interval: interval, in: namespace)
  }

  /// How long the prefix is of the route to a host: wider networks get more errors.
  private func prefixLength(towards host: IPAddress, in namespace: NamespaceID) -> Int {
    guard case .route(let route, _) = look(up: Flow(destination: host), in: namespace) else { return 128 }
    return route.destination.length
  }

  /// Whether errors have been sent that count: fewer may be sent in the next seconds.
  package var hasLimitedErrors: Bool { namespaces.contains { !$0.errorAllowances.isEmpty } }

  /// Takes a redirect's worth of IPv6 off what may be sent about a host, whatever errors are allowed.
  mutating func takeRedirect(about host: IPAddress, in namespace: NamespaceID) -> Bool {
    takeAllowance(for: host, burst: ErrorAllowance.icmpBurst, interval: .seconds(1), in: namespace)
  }

  /// Takes an error's worth off what may be sent to a host.
  mutating func takeAllowance(
    for host: IPAddress, burst: UInt64, interval: TimeSpan, in namespace: NamespaceID
  ) -> Bool {
    var allowance = self[namespace].errorAllowances[host] ?? ErrorAllowance(at: now)
    defer { namespaces[namespace.index].errorAllowances[host] = allowance }
    return allowance.take(at: now, burst: burst, interval: interval)
  }
}

extension ErrorKind {
  /// The type of ICMP message that says so (RFC 792).
  fileprivate var ipv4Type: UInt8 {
    switch self {
    case .network, .host, .port, .prohibited, .beyondScope, .tooBig: 3
    case .timeExceeded, .reassemblyTimeExceeded: 11
    case .redirect: 5
    }
  }
}
