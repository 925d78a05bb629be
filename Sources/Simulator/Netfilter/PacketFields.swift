package import NetworkTypes
import Packets
import Plan

extension IPPacket {
  /// What the packet carries, as far as this part of it has the header.
  ///
  /// - Returns: the payload; nil in fragments but the first.
  var visiblePayload: Payload? {
    guard case .fragment(let part) = payload else { return payload }
    return part.offset == 0 ? part.whole.payload : nil
  }

  /// The ports; nil where there are none, or not in this fragment.
  var ports: (source: UInt16, destination: UInt16)? {
    switch visiblePayload {
    case .tcp(let segment)?: (segment.sourcePort, segment.destinationPort)
    case .udp(let datagram)?: (datagram.sourcePort, datagram.destinationPort)
    case .icmp?, .neighborDiscovery?, .listenerReport?, .fragment?, nil: nil
    }
  }

  /// The type of a control message; nil where it is none, or not in this fragment.
  var controlType: UInt8? {
    switch visiblePayload {
    case .icmp(let message)?: message.typeAndCode(family).0
    case .neighborDiscovery(let message)?: message.type
    case .listenerReport?: family == .ipv6 ? 143 : nil
    case .tcp?, .udp?, .fragment?, nil: nil
    }
  }

  /// Gives the packet, and the fragment's whole that it is a part of, another end.
  mutating func translate(_ side: TranslatedSide, to address: IPAddress, port: UInt16) {
    switch side {
    case .source: source = address
    case .destination: destination = address
    }
    switch payload {
    case .tcp(var segment):
      if side == .source { segment.sourcePort = port } else { segment.destinationPort = port }
      payload = .tcp(segment)
    case .udp(var datagram):
      if side == .source { datagram.sourcePort = port } else { datagram.destinationPort = port }
      payload = .udp(datagram)
    case .icmp(.echoRequest(var echo)):
      echo.identifier = port
      payload = .icmp(.echoRequest(echo))
    case .icmp(.echoReply(var echo)):
      echo.identifier = port
      payload = .icmp(.echoReply(echo))
    case .fragment(var part):
      part.whole.translate(side, to: address, port: port)
      payload = .fragment(part)
    case .icmp, .neighborDiscovery, .listenerReport: break
    }
  }
}

/// Which end of a connection is translated (enum nf_nat_manip_type).
enum TranslatedSide: Hashable, Sendable {
  case source
  case destination

  /// What a hook translates (HOOK2MANIP).
  init(_ hook: NetfilterHook) {
    switch hook {
    case .postrouting, .input: self = .source
    case .prerouting, .forward, .output: self = .destination
    }
  }

  /// The other end.
  var other: Self { self == .source ? .destination : .source }
}

extension TransportProtocol {
  /// The number in the IP header (IANA, protocol numbers).
  package var number: UInt8 {
    switch self {
    case .tcp: 6
    case .udp: 17
    case .sctp: 132
    }
  }
}

extension ICMPMessage {
  /// The message with another packet quoted; itself where it quotes none.
  func quoting(_ packet: IPPacket) -> ICMPMessage {
    guard var quoted else { return self }
    quoted.packet = packet
    switch self {
    case .unreachable(let reason, _): return .unreachable(reason, quoted: quoted)
    case .tooBig(let mtu, _): return .tooBig(mtu: mtu, quoted: quoted)
    case .timeExceeded: return .timeExceeded(quoted: quoted)
    case .reassemblyTimeExceeded: return .reassemblyTimeExceeded(quoted: quoted)
    case .redirect(let gateway, let hardware, _):
      return .redirect(gateway: gateway, hardware: hardware, quoted: quoted)
    case .echoRequest, .echoReply: return self
    }
  }
}
