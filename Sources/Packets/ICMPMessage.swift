package import NetworkTypes

/// A control message of ICMP (RFC 792) or ICMPv6 (RFC 4443), by what it means; the packet's family says how it is
/// coded.
package enum ICMPMessage: Hashable, Sendable {
  /// Asks for an answer.
  case echoRequest(Echo)
  /// Answers.
  case echoReply(Echo)
  /// A packet could not be delivered.
  indirect case unreachable(Unreachable, quoted: QuotedPacket)
  /// A packet was too long for the next link, whose MTU in bytes follows (RFC 1191, RFC 8201).
  indirect case tooBig(mtu: Int, quoted: QuotedPacket)
  /// A packet's time to live ran out on the way.
  indirect case timeExceeded(quoted: QuotedPacket)
  /// Not all parts of a packet came in time.
  indirect case reassemblyTimeExceeded(quoted: QuotedPacket)
  /// There is a better way by another router on the same link, whose hardware address ICMPv6 tells where it is known.
  indirect case redirect(gateway: IPAddress, hardware: MACAddress? = nil, quoted: QuotedPacket)

  /// What is asked and answered.
  package struct Echo: Hashable, Sendable {
    /// Tells one prober from another.
    package var identifier: UInt16
    /// Counts a prober's requests.
    package var sequence: UInt16
    /// What is echoed.
    package var data: ApplicationData

    /// Creates an echo.
    package init(identifier: UInt16, sequence: UInt16, data: ApplicationData) {
      self.identifier = identifier
      self.sequence = sequence
      self.data = data
    }
  }

  /// Why a packet could not be delivered.
  package enum Unreachable: Hashable, Sendable, CaseIterable {
    /// No route: code 0 of both.
    case network
    /// No such host, or no answer to address resolution: code 1 of ICMP, 3 of ICMPv6.
    case host
    /// Beyond the scope of the source address: code 2 of ICMPv6; ICMP has none.
    case beyondScope
    /// The host doesn't speak the protocol: code 2 of ICMP; in ICMPv6 a parameter problem.
    case `protocol`
    /// Nothing listens on the port: code 3 of ICMP, 4 of ICMPv6.
    case port
    /// Refused by a policy: code 13 of ICMP (RFC 1812 §5.2.7.1), 1 of ICMPv6.
    case prohibited
    /// Refused for the network as a whole: code 9 of ICMP.
    case networkProhibited
    /// Refused for the host: code 10 of ICMP.
    case hostProhibited
    /// Refused by a rejecting route: code 6 of ICMPv6; ICMP has none.
    case rejectRoute
  }

  /// The packet that an error is about, if it is an error.
  package var quoted: QuotedPacket? {
    switch self {
    case .echoRequest, .echoReply: nil
    case .unreachable(_, let quoted), .tooBig(_, let quoted), .timeExceeded(let quoted),
      .reassemblyTimeExceeded(let quoted), .redirect(_, _, let quoted):
      quoted
    }
  }

  /// The length in bytes.
  package var length: Int {
    switch self {
    case .echoRequest(let echo), .echoReply(let echo): 8 + echo.data.length
    case .unreachable(_, let quoted), .tooBig(_, let quoted), .timeExceeded(let quoted),
      .reassemblyTimeExceeded(let quoted):
      8 + quoted.length
    case .redirect(let gateway, let hardware, let quoted):
      switch gateway.family {
      case .ipv4: 8 + quoted.length
      // Type, target and destination, then the hardware address and the redirected header as options.
      case .ipv6: 40 + (hardware == nil ? 0 : 8) + 8 + quoted.length
      }
    }
  }
}

/// The beginning of a packet as an error message quotes it.
package struct QuotedPacket: Hashable, Sendable {
  /// The packet, whole.
  package var packet: IPPacket
  /// How many of its bytes are quoted, from its header on.
  package var length: Int

  /// Quotes as many bytes of a packet as there are up to a limit.
  package init(_ packet: IPPacket, limit: Int) {
    self.packet = packet
    length = min(packet.length, limit)
  }

  /// Quotes as much of a packet as an error holds that is to be at most so many bytes long, its IP header and the eight
  /// bytes of its own (RFC 792, RFC 4443 §3) included.
  package init(_ packet: IPPacket, inErrorOf length: Int) {
    self.init(packet, limit: length - (packet.family == .ipv4 ? 20 : 40) - 8)
  }

  /// The most bytes that an error of a family has: 576 (RFC 1812 §4.3.2.3), or the least MTU (RFC 4443 §2.4 (c)).
  package static func longestError(_ family: AddressFamily) -> Int {
    switch family {
    case .ipv4: 576
    case .ipv6: AddressFamily.ipv6MinimumMTU
    }
  }
}

/// What applications send: as much as is needed to know its length and, for captures, its bytes.
package enum ApplicationData: Hashable, Sendable {
  /// As many bytes, each being its position's low byte, as ping(8) fills its packets.
  case pattern(Int)
  /// A frame in a tunnel.
  indirect case frame(Frame, vni: UInt32)

  /// The length in bytes.
  package var length: Int {
    switch self {
    case .pattern(let length): length
    case .frame(let frame, vni: _): 8 + frame.length
    }
  }
}
