import NetworkTypes
import Packets

extension Kernel {
  /// Whether sockets that are bound to no device hear what comes in by one: not by a member of a VRF, unless they are
  /// told to (inet_bound_dev_eq, net.ipv4.tcp_l3mdev_accept, udp_l3mdev_accept).
  func unboundSocketsHear(_ transport: TransportProtocol, on device: DeviceID) -> Bool {
    guard masterTable(of: device) != nil,
      let key = SysctlKey("net.ipv4.\(transport == .tcp ? "tcp" : "udp")_l3mdev_accept")
    else { return true }
    return self[self[device].namespace].otherParameters[key].map { $0 != "0" } ?? false
  }

  /// Handles a segment as far as opening connections goes (tcp_v4_rcv, tcp_rcv_state_process).
  mutating func receive(_ segment: TCPSegment, _ packet: IPPacket, on device: DeviceID) {
    let namespace = self[device].namespace
    if let id = self[namespace].sockets[.tcp(port: segment.destinationPort)], let socket = self[namespace].sockets[id],
      socket.peer == packet.source, socket.peerPort == segment.sourcePort, unboundSocketsHear(.tcp, on: device)
    {
      return receive(segment, packet, for: id, socket, namespace)
    }
    guard !segment.flags.contains(.rst) else { return }
    // What is for many is neither taken nor reset (tcp_conn_request, tcp_v4_send_reset).
    guard !isTakenInAsBroadcast(packet.destination, on: device) else {
      return drop(packet, .nobodyListens, at: device)
    }
    let isOpen =
      self[namespace].sockets.listening.contains(.init(transport: .tcp, port: segment.destinationPort))
      && unboundSocketsHear(.tcp, on: device)
    if isOpen {
      if segment.flags == .syn {
        answer(
          segment, packet, flags: [.syn, .ack], sequence: 1, acknowledgment: segment.sequence &+ 1, on: device)
      } else if segment.flags.contains(.fin) {
        answer(
          segment, packet, flags: [.fin, .ack], sequence: segment.acknowledgment,
          acknowledgment: segment.sequence &+ 1, on: device)
      } else if segment.flags == .ack {
        noteVisit(.tcp, port: segment.destinationPort, from: packet.source, segment.sourcePort, in: namespace)
      }
      return
    }
    drop(packet, .nobodyListens, at: device)
    let reset = segment.reset
    answer(
      segment, packet, flags: reset.flags, sequence: reset.sequence, acknowledgment: reset.acknowledgment, on: device)
  }

  private mutating func receive(
    _ segment: TCPSegment, _ packet: IPPacket, for id: SocketID, _ socket: Socket, _ namespace: NamespaceID
  ) {
    switch socket.connection {
    case .synSent where segment.flags.contains(.rst):
      fail(id, .connectionRefused, in: namespace)
    case .synSent where segment.flags.isSuperset(of: [.syn, .ack]):
      namespaces[namespace.index].sockets[id]?.connection = .established
      namespaces[namespace.index].sockets[id]?.sequence = segment.acknowledgment
      send(
        from: id, flags: .ack, sequence: segment.acknowledgment, acknowledgment: segment.sequence &+ 1, in: namespace)
      notify(id, .connected, in: namespace)
    case .established where segment.flags.contains(.fin):
      send(
        from: id, flags: .ack, sequence: segment.acknowledgment, acknowledgment: segment.sequence &+ 1, in: namespace)
    case .synSent, .established, .closed: break
    }
  }

  private mutating func answer(
    _ segment: TCPSegment, _ packet: IPPacket, flags: TCPSegment.Flags, sequence: UInt32, acknowledgment: UInt32,
    on device: DeviceID
  ) {
    var options = SendOptions()
    options.source = packet.destination
    options.master = masterTable(of: device)
    // Whatever was learned of the path (tcp_sk_init, ip_build_and_send_pkt).
    if packet.family == .ipv4 {
      let forgoesDiscovery = self[self[device].namespace].stack.forgoesDiscovery != 0
      options.fragmentation = forgoesDiscovery && !flags.contains(.rst) ? .always : .never
    }
    if packet.source.isIPv6LinkLocal { options.device = device }
    var reply = TCPSegment(
      sourcePort: segment.destinationPort, destinationPort: segment.sourcePort, sequence: sequence,
      acknowledgment: acknowledgment, flags: flags)
    if !flags.contains(.rst) {
      let window = window(towards: packet.source, options, in: self[device].namespace)
      reply.maximumSegment = window.maximumSegment
      reply.window = flags.contains(.syn) ? window.accepting : TCPWindow.scaled(window.accepting)
    }
    try? send(.tcp(reply), to: packet.source, options, in: self[device].namespace)
  }

  /// How long packets that wait nowhere may take until connect(2) has returned to its program.
  private static let longestCall = TimeSpan.microseconds(200)

  /// By how much a connection's timer is behind that of a neighbor which was asked for by the same packet: what comes
  /// of the neighbor is known before the next attempt.
  private static let lag = TimeSpan.microseconds(10)

  /// Opens a connection (tcp_v4_connect).
  ///
  /// - Throws: the error number that connect(2) gives at once.
  mutating func connect(
    _ id: SocketID, to address: IPAddress, port: UInt16, _ options: SendOptions, in namespace: NamespaceID
  ) throws(KernelError) {
    let source = try connectedWay(to: address, options, for: .tcp, in: namespace).source
    namespaces[namespace.index].sockets[id]?.peer = address
    namespaces[namespace.index].sockets[id]?.peerPort = port
    namespaces[namespace.index].sockets[id]?.source = source
    let window = window(towards: address, options, in: namespace)
    namespaces[namespace.index].sockets[id]?.window = window
    namespaces[namespace.index].sockets[id]?.connection = .synSent
    namespaces[namespace.index].sockets[id]?.attempted = now
    namespaces[namespace.index].sockets[id]?.repeated = now
    send(from: id, flags: .syn, sequence: 1, acknowledgment: 0, in: namespace)
    schedule(.retransmit(namespace, id), after: attempts(in: namespace).wait(after: 0) + Self.lag)
  }

  /// Repeats a connection attempt (tcp_retransmit_timer).
  mutating func retransmit(_ namespace: NamespaceID, _ id: SocketID) {
    guard let socket = self[namespace].sockets[id], socket.connection == .synSent else { return }
    let attempts = attempts(in: namespace)
    guard socket.repetitions < attempts.most else { return fail(id, .timedOut, in: namespace) }
    namespaces[namespace.index].sockets[id]?.repetitions += 1
    namespaces[namespace.index].sockets[id]?.repeated = now
    send(from: id, flags: .syn, sequence: 1, acknowledgment: 0, in: namespace)
    schedule(.retransmit(namespace, id), after: attempts.wait(after: socket.repetitions + 1) + Self.lag)
  }

  /// How connections are asked for in a namespace.
  private func attempts(in namespace: NamespaceID) -> ConnectionAttempts {
    let stack = self[namespace].stack
    return ConnectionAttempts(linear: stack.linearAttempts, rarer: stack.attempts)
  }

  private mutating func send(
    from id: SocketID, flags: TCPSegment.Flags, sequence: UInt32, acknowledgment: UInt32, in namespace: NamespaceID
  ) {
    guard let socket = self[namespace].sockets[id], let peer = socket.peer, case .tcp(let port) = socket.kind else {
      return
    }
    let options = connectedOptions(from: socket.source)
    let (first, isFirst) = (socket.window.requesting, flags.contains(.syn))
    let segment = TCPSegment(
      sourcePort: port, destinationPort: socket.peerPort, sequence: sequence, acknowledgment: acknowledgment,
      flags: flags, window: isFirst ? first : TCPWindow.scaled(first), maximumSegment: socket.window.maximumSegment)
    try? send(.tcp(segment), to: peer, options, in: namespace)
  }

  /// What a machine lets a peer send: by the MTU of the way there (ipv4_default_advmss, ip6_default_advmss).
  private func window(towards peer: IPAddress, _ options: SendOptions, in namespace: NamespaceID) -> TCPWindow {
    guard let way = try? way(to: peer, options, in: namespace) else { return TCPWindow(maximumSegment: 1460) }
    let mtu = pathMTU(to: peer, way.route, way.hop, in: namespace)
    let segment = peer.family == .ipv4 ? max(mtu - 40, 256) : max(mtu - 60, 1220)
    return TCPWindow(maximumSegment: UInt16(clamping: segment))
  }

  private mutating func fail(_ id: SocketID, _ errno: Errno, in namespace: NamespaceID) {
    namespaces[namespace.index].sockets[id]?.connection = .closed
    notify(id, .failed(errno), in: namespace)
  }

  /// An attempt fails with the first error that it hears of (tcp_v4_err in SYN-SENT).
  ///
  /// So it does for a program that doesn't block in connect(2). One that does holds the socket, and where the error is
  /// back while the first SYN is still being sent, as over veth, it hears of it at the second.
  mutating func connectionFailed(_ id: SocketID, _ message: ICMPMessage, in namespace: NamespaceID) {
    guard let socket = self[namespace].sockets[id], socket.connection == .synSent else { return }
    // IPv6 puts off what is back while connect(2) is still sending (tcp_v6_err: sock_owned_by_user); the next SYN
    // tells.
    guard socket.peer?.family == .ipv4 || now.since(socket.attempted) >= Self.longestCall else { return }
    let isIPv4 = socket.peer?.family == .ipv4
    // One that waits longer than at first asks once more, if it would have by the wait before (tcp_ld_RTO_revert, RFC
    // 6069).
    let attempts = attempts(in: namespace)
    if isIPv4, socket.repetitions > attempts.linear, message.isOfHostOrNetwork,
      now.since(socket.repeated) >= attempts.wait(after: socket.repetitions - 1)
    {
      send(from: id, flags: .syn, sequence: 1, acknowledgment: 0, in: namespace)
    }
    switch message {
    case .unreachable(let reason, _): fail(id, errno(reason, isIPv4: isIPv4), in: namespace)
    case .timeExceeded, .reassemblyTimeExceeded: fail(id, .hostUnreachable, in: namespace)
    case .tooBig, .redirect, .echoRequest, .echoReply: break
    }
  }

  /// The error number for what a machine on the way says (icmp_err_convert, icmpv6_err_convert).
  func errno(_ reason: ICMPMessage.Unreachable, isIPv4: Bool) -> Errno {
    switch reason {
    case .network, .networkProhibited: .networkUnreachable
    case .host, .hostProhibited, .beyondScope: .hostUnreachable
    case .protocol: .notSupported
    case .port: .connectionRefused
    case .prohibited: isIPv4 ? .hostUnreachable : .accessDenied
    case .rejectRoute: .accessDenied
    }
  }
}

extension ICMPMessage {
  /// Whether it says that there is no way to the network or the host (ICMP_NET_UNREACH, ICMP_HOST_UNREACH).
  fileprivate var isOfHostOrNetwork: Bool {
    switch self {
    case .unreachable(.network, _), .unreachable(.host, _): true
    case .unreachable, .timeExceeded, .reassemblyTimeExceeded, .tooBig, .redirect, .echoRequest, .echoReply: false
    }
  }
}
