import NetworkTypes
import Packets
import Plan

/// What an end of a connection may become (struct nf_nat_range2).
struct TranslationRange {
  let address: IPAddress
  let ports: PortRange?

  /// Whether a tuple's source is in it already (nf_in_range).
  fileprivate func has(_ tuple: ConnectionTuple) -> Bool {
    tuple.source == address && hasPort(tuple[portOf: .source])
  }

  fileprivate func hasPort(_ port: UInt16) -> Bool { ports.map { $0.first <= port && port <= $0.last } ?? true }

  /// The ports that may be taken where the present one can't be kept; nil for none.
  fileprivate func choice(for tuple: ConnectionTuple, _ side: TranslatedSide) -> PortRange? {
    if let ports { return ports }
    if case .icmp = tuple.transport { return PortRange(0, .max) }
    guard side == .source else { return nil }
    // Privileged ports stay privileged.
    let port = tuple[portOf: side]
    return port < 512 ? PortRange(1, 511) : port < 1024 ? PortRange(600, 1023) : PortRange(1024, .max)
  }
}

extension Kernel {
  /// Translates a packet, after asking the chains if it is the first of its connection (nf_nat_inet_fn).
  mutating func translate(
    _ packet: inout IPPacket, _ context: inout PacketContext, _ hook: NetfilterHook, _ chains: [Int],
    in namespace: NamespaceID
  ) -> HookVerdict {
    let side = TranslatedSide(hook)
    guard let connection = connection(of: context.tracking, in: namespace) else { return .accepted }
    switch context.tracking.state {
    case .related:
      if case .icmp(let message) = packet.payload, message.quoted != nil {
        return translateError(&packet, connection, isReply: context.tracking.isReply, side)
      }
      fallthrough
    case .new:
      guard !connection.isDecided(side) else { break }
      for chain in chains {
        let verdict = ask(chain, hook, packet, &context, in: namespace)
        guard case .accepted = verdict else { return verdict }
        if self.connection(of: context.tracking, in: namespace)?.isDecided(side) == true { break }
      }
      if let undecided = self.connection(of: context.tracking, in: namespace), !undecided.isDecided(side) {
        // Nobody wants another address; the port may still have to be (nf_nat_alloc_null_binding).
        let answer = undecided.reply
        let address = side == .source ? answer.destination : answer.source
        decide(.init(address: address, ports: nil), side, &context, in: namespace)
      }
    case .established, .invalid, .untracked: break
    }
    guard let decided = self.connection(of: context.tracking, in: namespace) else { return .accepted }
    let isReply = context.tracking.isReply
    guard decided.translates(side, isReply: isReply) else { return .accepted }
    let target = decided.tuple(isReply: !isReply).inverted
    packet.translate(side, to: target[side], port: target[portOf: side])
    return .accepted
  }

  /// Translates an error and the packet that it quotes, so that its receiver knows it (nf_nat_icmp_reply_translation).
  private func translateError(
    _ packet: inout IPPacket, _ connection: Connection, isReply: Bool, _ side: TranslatedSide
  ) -> HookVerdict {
    guard case .icmp(let message) = packet.payload, var quoted = message.quoted?.packet else { return .accepted }
    if case .redirect = message {
      guard connection.isSourceDecided, connection.isDestinationDecided,
        !connection.isSourceTranslated, !connection.isDestinationTranslated
      else { return .dropped(.notPermitted) }
    }
    guard connection.translates(side, isReply: isReply) else { return .accepted }
    let tuple = connection.tuple(isReply: !isReply)
    quoted.translate(side.other, to: tuple[side.other], port: tuple[portOf: side.other])
    packet.payload = .icmp(message.quoting(quoted))
    let target = tuple.inverted
    packet.translate(side, to: target[side], port: target[portOf: side])
    return .accepted
  }

  /// Decides what an end of a connection becomes (nf_nat_setup_info).
  mutating func decide(
    _ range: TranslationRange, _ side: TranslatedSide, _ context: inout PacketContext, in namespace: NamespaceID
  ) {
    guard var connection = connection(of: context.tracking, in: namespace), !connection.isDecided(side) else { return }
    let present = connection.reply.inverted
    let chosen = uniqueTuple(present, range, side, connection, in: namespace)
    if chosen != present {
      connection.reply = chosen.inverted
      switch side {
      case .source: connection.isSourceTranslated = true
      case .destination: connection.isDestinationTranslated = true
      }
    }
    switch side {
    case .source: connection.isSourceDecided = true
    case .destination: connection.isDestinationDecided = true
    }
    switch context.tracking {
    case .none, .untracked: break
    case .fresh(_, let isReply, let state): context.tracking = .fresh(connection, isReply: isReply, state)
    case .known(let id, _, _): namespaces[namespace.index].netfilter.connections[id] = connection
    }
  }

  /// A tuple within the range that no other connection has (get_unique_tuple).
  private mutating func uniqueTuple(
    _ present: ConnectionTuple, _ range: TranslationRange, _ side: TranslatedSide, _ connection: Connection,
    in namespace: NamespaceID
  ) -> ConnectionTuple {
    let connections = self[namespace].netfilter.connections
    func isTaken(_ tuple: ConnectionTuple) -> Bool {
      connections.isTaken(tuple.inverted, at: now, butBy: connection.original)
    }
    if side == .source {
      if range.has(present) {
        if !isTaken(present) { return present }
      } else if let same = connections.translation(ofSourceIn: present, at: now), range.has(same), !isTaken(same) {
        return same
      }
    }
    var result = present
    result[side] = range.address
    if let ports = range.ports {
      if range.hasPort(result[portOf: side]), ports.count == 1 || !isTaken(result) { return result }
    } else if !isTaken(result) {
      return result
    }
    guard let choice = range.choice(for: result, side) else { return result }
    // The first that is free for a destination, any for a source (nf_nat_l4proto_unique_tuple).
    let start = side == .destination ? 0 : Int.random(in: 0...0xffff, using: &random)
    for offset in 0..<min(choice.count, 128) {
      result[portOf: side] = choice.first + UInt16((start + offset) % choice.count)
      if !connections.isTaken(result.inverted, at: now, butBy: connection.original) { break }
    }
    return result
  }

  /// Gives a connection the address that the leaving device sends from (nf_nat_masquerade_ipv4, …_ipv6).
  ///
  /// - Returns: false where it has none: the packet is dropped.
  mutating func masquerade(
    _ ports: PortRange?, _ subject: FilteredPacket, _ context: inout PacketContext, in namespace: NamespaceID
  ) -> Bool {
    guard let packet = subject.packet, let device = context.output else { return true }
    guard !packet.source.isUnspecified else { return true }
    let address: IPAddress?
    switch packet.family {
    case .ipv4:
      address = chooseIPv4Source(on: device, towards: context.gateway ?? packet.destination, leastScope: .global)
    case .ipv6: address = chooseIPv6Source(on: device, towards: packet.destination)
    }
    guard let address else { return false }
    decide(.init(address: address, ports: ports), .source, &context, in: namespace)
    return true
  }

  /// Gives a connection to the machine itself (nf_nat_redirect_ipv4, …_ipv6).
  ///
  /// - Returns: false where the receiving device has no address: the packet is dropped.
  mutating func redirect(
    _ ports: PortRange?, _ subject: FilteredPacket, _ context: inout PacketContext, _ hook: NetfilterHook,
    in namespace: NamespaceID
  ) -> Bool {
    guard let packet = subject.packet else { return true }
    let address: IPAddress?
    if hook == .output {
      address = packet.family == .ipv4 ? .v4(IPv4Address(127, 0, 0, 1)) : .v6(IPv6Address(bits: 1))
    } else {
      address = context.input.flatMap { device in
        self[device].addresses.first {
          $0.interface.family == packet.family && !$0.isTentative
            && (packet.family == .ipv4 || ($0.scope == .link) == packet.destination.isIPv6LinkLocal)
        }?.address
      }
    }
    guard let address else { return false }
    decide(.init(address: address, ports: ports), .destination, &context, in: namespace)
    return true
  }
}
