import NetworkTypes
import Packets
import Plan

extension Kernel {
  /// Tells the sender of a packet that a rule rejects it (nf_send_unreach, nf_send_reset, and those of IPv6).
  mutating func reject(
    with kind: NetfilterRejection, _ subject: FilteredPacket, _ context: PacketContext, _ hook: NetfilterHook,
    in namespace: NamespaceID
  ) {
    guard let packet = subject.packet else { return }
    // The kernel makes up a frame that goes back by the bridge (nft_reject_bridge_eval).
    guard !subject.isFrame else {
      if let input = context.input { drop(packet, .notModelled("reject in the bridge family"), at: input) }
      return
    }
    let error: ErrorKind
    switch kind {
    case .tcpReset: return reset(packet, context, hook, in: namespace)
    case .portUnreachable: error = .port
    case .hostUnreachable: error = .host
    case .networkUnreachable: error = .network
    case .adminProhibited: error = .prohibited
    }
    sendError(error, about: packet, in: namespace, receivedBy: context.input, context)
  }

  /// Resets a connection (RFC 9293 §3.10.7.1); a reset isn't answered.
  private mutating func reset(
    _ packet: IPPacket, _ context: PacketContext, _ hook: NetfilterHook, in namespace: NamespaceID
  ) {
    guard case .tcp(let segment) = packet.payload, !segment.flags.contains(.rst) else { return }
    let answer = segment.reset
    var options = SendOptions()
    options.source = packet.destination
    // It is short enough for any way, and says that it may not be fragmented (nf_reject_iphdr_put).
    options.fragmentation = packet.family == .ipv4 ? .never : .always
    options.master = context.input.flatMap { masterTable(of: $0) }
    // The reset belongs to the connection, against the packet's direction (nf_conntrack_attach).
    options.tracking = context.tracking.answering
    if case .known(let id, _, _) = context.tracking {
      namespaces[namespace.index].netfilter.connections[id]?.tcpState = .closed
    }
    if let port = context.bridgeInput, let frame = context.frame {
      return sendBack(answer, about: packet, by: port, frame, options, in: namespace)
    }
    try? send(.tcp(answer), to: packet.source, options, in: namespace)
  }

  /// Sends a reset out by the bridge's port that its cause came in by, where a bridge had that filtered: in a frame
  /// that seems to come from whom the cause was sent to, past all rules (nf_send_reset, br_indev).
  private mutating func sendBack(
    _ answer: TCPSegment, about cause: IPPacket, by port: DeviceID, _ frame: Frame, _ options: SendOptions,
    in namespace: NamespaceID
  ) {
    // Without a route back there is no reset (ip_route_me_harder).
    guard (try? way(to: cause.source, options, in: namespace)) != nil else { return }
    var packet = IPPacket(
      source: cause.destination, destination: cause.source, hopLimit: UInt8(clamping: self[namespace].stack.defaultTTL),
      trafficClass: 0, identification: 0, payload: .tcp(answer))
    packet.dontFragment = cause.family == .ipv4
    transmit(Frame(destination: frame.source, source: frame.destination, payload: .ip(packet)), from: port)
  }
}
