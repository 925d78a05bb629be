import NetworkTypes
import Packets
import Plan

extension Kernel {
  /// Hands a packet to whoever on the machine it is for (ip_local_deliver, ip6_input).
  mutating func deliver(_ packet: IPPacket, on device: DeviceID, _ context: PacketContext?) {
    let namespace = self[device].namespace
    if case .fragment(let part) = packet.payload {
      guard let (whole, _) = reassemble(packet, part, on: device, in: namespace) else { return }
      return deliver(whole, on: device, context)
    }
    var packet = packet
    if var context {
      context.output = nil
      guard passes(.input, &packet, &context, in: namespace, at: device) else { return }
    }
    if recorder.isOn { recorder.add(.delivered(packet, namespace), at: now) }
    switch packet.payload {
    case .icmp(let message): receive(message, packet, on: device)
    case .neighborDiscovery(let message): receive(message, packet, on: device)
    case .listenerReport, .fragment: break
    case .udp(let datagram): receive(datagram, packet, on: device)
    case .tcp(let segment): receive(segment, packet, on: device)
    }
  }

  /// Handles a control message (icmp_rcv, icmpv6_rcv).
  private mutating func receive(_ message: ICMPMessage, _ packet: IPPacket, on device: DeviceID) {
    let namespace = self[device].namespace
    switch message {
    case .echoRequest(let echo): answer(echo, packet, on: device)
    case .echoReply(let echo):
      guard let socket = self[namespace].sockets[echo: echo.identifier] else {
        return drop(packet, .nobodyListens, at: device)
      }
      notify(
        socket, .echoReply(echo, from: packet.source, hopLimit: packet.hopLimit, length: packet.payload.length),
        in: namespace)
    case .tooBig(let mtu, let quoted):
      guard let mtu = believed(mtu, of: quoted.packet, in: namespace) else { return }
      learnMTU(mtu, of: quoted.packet, in: namespace)
      tell(message, quoted.packet, from: packet, in: namespace)
    case .redirect(let gateway, _, let quoted): learnGateway(gateway, of: quoted.packet, from: packet, on: device)
    case .unreachable(_, let quoted), .timeExceeded(let quoted), .reassemblyTimeExceeded(let quoted):
      tell(message, quoted.packet, from: packet, in: namespace)
    }
  }

  private mutating func answer(_ echo: ICMPMessage.Echo, _ packet: IPPacket, on device: DeviceID) {
    let namespace = self[device].namespace
    let stack = self[namespace].stack
    let isForAll = packet.destination.isMulticast || isTakenInAsBroadcast(packet.destination, on: device)
    let isAnycast = isAnycast(packet.destination, on: device)
    let isIgnored =
      switch packet.family {
      case .ipv4: stack.ignoresEcho != 0 || isForAll && stack.ignoresBroadcastEcho != 0
      case .ipv6:
        stack.ignoresEchoIPv6 != 0 || isForAll && stack.ignoresMulticastEcho != 0
          || isAnycast && stack.ignoresAnycastEcho != 0
      }
    guard !isIgnored else { return drop(packet, .nobodyListens, at: device) }
    namespaces[namespace.index].sockets.visits[nil] = Visit(source: packet.source, port: nil)
    var options = SendOptions()
    options.fragmentation = .always
    options.trafficClass = packet.trafficClass
    options.master = masterTable(of: answering(packet, device))
    if !isForAll, !isAnycast || stack.answersFromAnycast != 0 { options.source = packet.destination }
    if packet.source.isIPv6LinkLocal { options.device = device }
    sendControl(.echoReply(echo), to: packet.source, options, in: namespace)
  }

  /// The device that an echo is answered as if received by: in IPv6 that of the address, though it be outside of the
  /// VRF that the request came in by (icmp6_iif).
  private func answering(_ request: IPPacket, _ device: DeviceID) -> DeviceID {
    guard request.family == .ipv6, vrf(of: device) != nil else { return device }
    var flow = Flow(destination: request.destination)
    flow.master = masterTable(of: device)
    guard case .route(let route, _) = look(up: flow, in: self[device].namespace), route.type == .local else {
      return device
    }
    return route.hops.first?.device ?? device
  }

  private func isAnycast(_ address: IPAddress, on device: DeviceID) -> Bool {
    guard address.family == .ipv6 else { return false }
    let table = masterTable(of: device) ?? RouteTableNumber.local
    return self[self[device].namespace].ipv6Tables[table]?.first(address.bits, where: { _ in true })?.type == .anycast
  }

  /// What is believed of the longest packet to a destination where somebody says it (icmp_unreach): nothing but what
  /// TCP can verify, nothing at all, or only that it is less than before.
  private func believed(_ mtu: Int, of packet: IPPacket, in namespace: NamespaceID) -> Int? {
    guard packet.family == .ipv4 else { return mtu }
    switch self[namespace].stack.forgoesDiscovery {
    case 0: return mtu
    case 2: return nil
    case 3:
      guard case .tcp = packet.payload else { return nil }
      return mtu
    default: return 0
    }
  }

  /// Keeps what an error says of the longest packet to a destination (ip_rt_update_pmtu, rt6_update_exception).
  private mutating func learnMTU(_ mtu: Int, of packet: IPPacket, in namespace: NamespaceID) {
    guard isLocal(packet.source, in: namespace), isListenedTo(packet, in: namespace) else { return }
    var options = SendOptions()
    options.source = packet.source
    guard let way = try? way(to: packet.destination, options, in: namespace) else { return }
    let old = pathMTU(to: packet.destination, way.route, way.hop, in: namespace)
    // IPv4 believes it of each way of a route.
    for hop in packet.family == .ipv4 ? way.route.hops : [way.hop] {
      learnMTU(mtu, insteadOf: old, of: packet, over: hop, in: namespace)
    }
  }

  /// Keeps what a tunnel takes at most without a cut, for the destination of a packet that is longer
  /// (skb_tunnel_check_pmtu): the packet goes on, and the next one is shorter.
  mutating func learnTunnelMTU(_ mtu: Int, of packet: IPPacket, by device: DeviceID) {
    guard packet.length > mtu, !packet.destination.isMulticast else { return }
    let namespace = self[device].namespace
    var options = SendOptions()
    options.source = packet.source
    guard let hop = try? way(to: packet.destination, options, in: namespace).hop, hop.device == device else { return }
    let known = exception(to: packet.destination, over: hop, in: namespace)?.mtu
    learnMTU(mtu, insteadOf: known ?? .max, of: packet, over: hop, in: namespace)
  }

  /// Keeps a path's MTU, if it is less than the old one.
  ///
  /// IPv6 doesn't believe less than every link takes; IPv4 doesn't go below ip_rt_min_pmtu, and then lets routers
  /// fragment (__ip_rt_update_pmtu).
  private mutating func learnMTU(
    _ mtu: Int, insteadOf old: Int, of packet: IPPacket, over hop: TableRoute.Hop, in namespace: NamespaceID
  ) {
    let least = packet.family == .ipv4 ? self[namespace].stack.leastPathMTU : AddressFamily.ipv6MinimumMTU
    guard packet.family == .ipv4 ? mtu <= old : mtu < old && mtu >= least else { return }
    var exception =
      exception(to: packet.destination, over: hop, in: namespace) ?? RouteException(expires: now)
    exception.isLocked = mtu < least
    exception.mtu = min(old, max(mtu, least))
    exception.expires = now + RouteException.lifetime
    namespaces[namespace.index].exceptions[RouteExceptionKey(packet.destination, over: hop)] = exception
  }

  /// Takes a better router for a destination, if the present one says so (__ip_do_redirect, rt6_do_redirect).
  private mutating func learnGateway(
    _ gateway: IPAddress, of packet: IPPacket, from error: IPPacket, on device: DeviceID
  ) {
    let namespace = self[device].namespace
    guard acceptsRedirects(error.family, device), isLocal(packet.source, in: namespace),
      isListenedTo(packet, in: namespace)
    else { return }
    var flow = Flow(destination: packet.destination)
    flow.outputDevice = device
    guard case .route(let route, _) = look(up: flow, in: namespace), route.type == .unicast,
      let hop = route.hops.first(where: { $0.device == device }), let present = hop.router,
      present == error.source, gateway != present
    else { return }
    if gateway.family == .ipv4 {
      guard sharesMedia(device) || isOnLink(gateway, present, of: device) else { return }
      // Whatever rules say of the way to it (inet_addr_type).
      guard !isLocal(gateway, in: namespace), !isBroadcast(gateway, on: device), !gateway.isMulticast else { return }
      // Believed only once the better router's hardware address is known.
      let key = NeighborKey(device: device, address: gateway)
      guard self[namespace].neighbors[key]?.isValid == true else { return lookFor(gateway, on: device) }
    }
    var exception = exception(to: packet.destination, over: hop, in: namespace) ?? RouteException(expires: now)
    exception.gateway = gateway
    exception.expires = now + .seconds(300)
    namespaces[namespace.index].exceptions[RouteExceptionKey(packet.destination, over: hop)] = exception
  }

  /// Whether what is said of the way of a packet is heard: nobody does who has no socket for it any more, or none yet,
  /// as for an answer to a connection that isn't open (tcp_v4_err, __udp4_lib_err; of a tunnel __udp6_lib_err_encap).
  private func isListenedTo(_ packet: IPPacket, in namespace: NamespaceID) -> Bool {
    switch packet.payload {
    case .tcp: openSocket(thatSent: packet, in: namespace) != nil
    case .udp(let datagram):
      openSocket(thatSent: packet, in: namespace) != nil
        || self[namespace].sockets.listening.contains(.init(transport: .udp, port: datagram.sourcePort))
        || hasTunnel(on: datagram.destinationPort, packet.family, in: namespace)
    case .icmp, .neighborDiscovery, .listenerReport, .fragment: true
    }
  }

  /// The socket that a packet was sent by, if it hears of the packet's destination.
  private func openSocket(thatSent packet: IPPacket, in namespace: NamespaceID) -> SocketID? {
    guard let socket = self[namespace].sockets.socket(thatSent: packet),
      self[namespace].sockets[socket]?.isOpen(to: packet.destination, port: packet.ports?.destination ?? 0) == true
    else { return nil }
    return socket
  }

  private func acceptsRedirects(_ family: AddressFamily, _ device: DeviceID) -> Bool {
    switch family {
    case .ipv4:
      let (all, own) = (
        self[self[device].namespace].ipv4All.acceptRedirects != 0, self[device].ipv4.acceptRedirects != 0
      )
      return self[device].ipv4.forwarding != 0 ? all && own : all || own
    case .ipv6: return self[device].ipv6.forwarding == 0 && self[device].ipv6.acceptRedirects != 0
    }
  }

  /// Tells the socket that a packet came from what went wrong with it.
  private mutating func tell(
    _ message: ICMPMessage, _ packet: IPPacket, from error: IPPacket, in namespace: NamespaceID
  ) {
    var original = packet
    if case .fragment(let part) = packet.payload { original = part.whole }
    guard let socket = openSocket(thatSent: original, in: namespace) else { return }
    notify(socket, .error(message, from: error.source, about: original), in: namespace)
  }
}
