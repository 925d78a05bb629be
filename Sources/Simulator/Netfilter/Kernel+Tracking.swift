import NetworkTypes
import Packets
import Plan

extension Kernel {
  /// Finds a packet's connection, or begins one (nf_conntrack_in).
  mutating func track(_ packet: IPPacket, _ context: inout PacketContext, in namespace: NamespaceID) {
    // What came round by the loopback device, or was looked at by a bridge, keeps its connection.
    guard case .none = context.tracking else { return }
    switch packet.payload {
    // Neighbor discovery and listener reports aren't looked at (nf_conntrack_icmpv6_error, noct_valid_new).
    case .neighborDiscovery, .listenerReport: return context.tracking = .untracked
    case .icmp(let message):
      if let quoted = message.quoted {
        context.tracking = relation(of: quoted.packet, to: packet.destination, in: namespace)
        return
      }
    case .udp, .tcp, .fragment: break
    }
    guard let tuple = ConnectionTuple(packet) else { return }
    guard let (id, isReply) = namespaces[namespace.index].netfilter.connections.find(tuple, at: now) else {
      guard let connection = begin(tuple, packet) else { return }
      context.tracking = .fresh(connection, isReply: false, .new)
      return
    }
    guard let known = self[namespace].netfilter.connections[id] else { return }
    guard let connection = known.after(packet, isReply: isReply, at: now) else {
      if reopens(packet, known, isReply: isReply) {
        namespaces[namespace.index].netfilter.connections.remove(id)
        track(packet, &context, in: namespace)
      }
      return
    }
    let state: ConnectionState = isReply || known.isAnswered ? .established : .new
    if isReset(packet), !known.isAnswered {
      // Only a reset came: there is no connection (nf_conntrack_tcp_packet).
      context.tracking = .fresh(connection, isReply: isReply, state)
      namespaces[namespace.index].netfilter.connections.remove(id)
      return
    }
    namespaces[namespace.index].netfilter.connections[id] = connection
    if isReply { namespaces[namespace.index].netfilter.connections[id]?.isAnswered = true }
    context.tracking = .known(id, isReply: isReply, state)
  }

  private func isReset(_ packet: IPPacket) -> Bool {
    guard case .tcp(let segment) = packet.payload else { return false }
    return segment.flags.contains(.rst)
  }

  /// Whether a packet opens a connection anew that is closed (-NF_REPEAT).
  private func reopens(_ packet: IPPacket, _ connection: Connection, isReply: Bool) -> Bool {
    guard case .tcp(let segment) = packet.payload, segment.flags.contains(.syn), !segment.flags.contains(.ack) else {
      return false
    }
    switch connection.tcpState {
    case .timeWait, .closed: return true
    case .none, .synSent, .synSentTwice, .synReceived, .established, .finWait, .closeWait, .lastAcknowledgment:
      return false
    }
  }

  /// A connection that begins with a packet; nil where none can (nf_conntrack_tcp_packet: tcp_new,
  /// nf_conntrack_icmp_packet).
  private func begin(_ tuple: ConnectionTuple, _ packet: IPPacket) -> Connection? {
    switch packet.payload {
    case .icmp(.echoRequest), .udp, .tcp: break
    case .icmp, .neighborDiscovery, .listenerReport, .fragment: return nil
    }
    return Connection(tuple, at: now).after(packet, isReply: false, at: now)
  }

  /// The connection that an error is about (nf_conntrack_inet_error); it goes against the quoted packet's direction.
  private mutating func relation(of quoted: IPPacket, to receiver: IPAddress, in namespace: NamespaceID) -> Tracking {
    guard let tuple = ConnectionTuple(quoted)?.inverted,
      let (id, isReply) = namespaces[namespace.index].netfilter.connections.find(tuple, at: now),
      let connection = self[namespace].netfilter.connections[id],
      connection.tuple(isReply: isReply).destination == receiver
    else { return .none }
    return .known(id, isReply: isReply, .related)
  }

  /// Makes a new connection known, once its first packet gets through (nf_conntrack_confirm).
  ///
  /// - Returns: false where another has taken its place.
  mutating func confirm(_ context: inout PacketContext, in namespace: NamespaceID) -> Bool {
    guard case .fresh(var connection, isReply: false, let state) = context.tracking else { return true }
    connection.expires = now + connection.timeout
    guard let id = namespaces[namespace.index].netfilter.connections.add(connection, at: now) else { return false }
    context.tracking = .known(id, isReply: false, state)
    return true
  }

  /// The connection of a packet.
  func connection(of tracking: Tracking, in namespace: NamespaceID) -> Connection? {
    switch tracking {
    case .none, .untracked: nil
    case .fresh(let connection, _, _): connection
    case .known(let id, _, _): self[namespace].netfilter.connections[id]
    }
  }
}

extension Connection {
  /// The connection after a packet; nil where the packet can't be of it.
  fileprivate func after(_ packet: IPPacket, isReply: Bool, at now: Instant) -> Connection? {
    var result = self
    switch packet.payload {
    case .tcp(let segment):
      switch tcpState.after(segment.flags, isReply: isReply) {
      case .invalid: return nil
      case .ignored: return self
      case .to(let state):
        if tcpState == .timeWait || tcpState == .closed, state == .synSent { return nil }
        if state == .established, tcpState == .synReceived || tcpState == .established { result.isAssured = true }
        result.tcpState = state
        result.timeout = state.timeout
      }
    case .udp:
      // net.netfilter.nf_conntrack_udp_timeout, …_stream (nf_conntrack_udp_packet).
      let isStream = isAnswered && now > streamSince
      result.timeout = .seconds(isStream ? 120 : 30)
      if isStream { result.isAssured = true }
    case .icmp, .neighborDiscovery, .listenerReport, .fragment:
      // net.netfilter.nf_conntrack_icmp_timeout, …_icmpv6_timeout.
      result.timeout = .seconds(30)
    }
    result.expires = now + result.timeout
    return result
  }
}
