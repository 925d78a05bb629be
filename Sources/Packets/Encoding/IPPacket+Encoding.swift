package import NetworkTypes

extension IPPacket {
  /// The packet as it stands in a frame, checksums filled in (RFC 791, RFC 8200).
  ///
  /// - Returns: the bytes.
  package func encoded() -> [UInt8] {
    var writer = ByteWriter()
    switch (source, destination) {
    case (.v4(let source), .v4(let destination)): encodeIPv4(source, destination, into: &writer)
    case (.v6(let source), .v6(let destination)): encodeIPv6(source, destination, into: &writer)
    case (.v4, .v6), (.v6, .v4): break
    }
    writer.write(contentsOf: encodedPayload())
    return writer.bytes
  }

  private func encodeIPv4(_ source: IPv4Address, _ destination: IPv4Address, into writer: inout ByteWriter) {
    writer.write(UInt8(0x40 | headerLength / 4))
    writer.write(trafficClass)
    writer.write(UInt16(truncatingIfNeeded: length))
    writer.write(UInt16(truncatingIfNeeded: identification))
    var flags: UInt16 = dontFragment ? 0x4000 : 0
    if case .fragment(let part) = payload { flags = UInt16(part.offset / 8) | (part.moreFollow ? 0x2000 : 0) }
    writer.write(flags)
    writer.write(hopLimit)
    writer.write(protocolNumber)
    writer.write(UInt16(0))
    writer.write(contentsOf: source.octets)
    writer.write(contentsOf: destination.octets)
    // Router alert (RFC 2113).
    if hasRouterAlert { writer.write(UInt32(0x9404_0000)) }
    writer.setChecksum(at: 10, over: 0..<headerLength)
  }

  private func encodeIPv6(_ source: IPv6Address, _ destination: IPv6Address, into writer: inout ByteWriter) {
    writer.write(UInt32(6) << 28 | UInt32(trafficClass) << 20)
    writer.write(UInt16(truncatingIfNeeded: length - 40))
    let part = fragment
    writer.write(part != nil ? UInt8(44) : hasRouterAlert ? UInt8(0) : protocolNumber)
    writer.write(hopLimit)
    for group in source.groups + destination.groups { writer.write(group) }
    if let part {
      writer.write(protocolNumber)
      writer.write(UInt8(0))
      writer.write(UInt16(part.offset) | (part.moreFollow ? 1 : 0))
      writer.write(identification)
    } else if hasRouterAlert {
      // Hop-by-hop options: router alert for multicast listeners, and padding (RFC 2711).
      writer.write(protocolNumber)
      writer.write(contentsOf: [0, 5, 2, 0, 0, 1, 0])
    }
  }

  private var fragment: Fragment? { if case .fragment(let part) = payload { part } else { nil } }

  /// The number of what the packet carries (IANA, protocol numbers).
  package var protocolNumber: UInt8 {
    switch payload {
    case .icmp, .neighborDiscovery: family == .ipv4 ? 1 : 58
    case .listenerReport: family == .ipv4 ? 2 : 58
    case .udp: 17
    case .tcp: 6
    case .fragment(let part): part.whole.protocolNumber
    }
  }

  private func encodedPayload() -> [UInt8] {
    var writer = ByteWriter()
    switch payload {
    case .icmp(let message): encode(message, into: &writer)
    case .neighborDiscovery(let message):
      message.encode(into: &writer)
      writer.setChecksum(at: 2, over: writer.bytes.indices, adding: pseudoHeaderSum(writer.bytes.count))
    case .listenerReport(let groups):
      writer.write(contentsOf: [family == .ipv4 ? 0x22 : 143, 0, 0, 0, 0, 0])
      writer.write(UInt16(groups.count))
      for group in groups {
        // A change to "all sources" (RFC 3376 §4.2.12, RFC 3810 §5.2.12).
        writer.write(contentsOf: [4, 0, 0, 0])
        switch group {
        case .v4(let address): writer.write(contentsOf: address.octets)
        case .v6(let address): for part in address.groups { writer.write(part) }
        }
      }
      let others = family == .ipv4 ? 0 : pseudoHeaderSum(writer.bytes.count)
      writer.setChecksum(at: 2, over: writer.bytes.indices, adding: others)
    case .udp(let datagram):
      writer.write(datagram.sourcePort)
      writer.write(datagram.destinationPort)
      writer.write(UInt16(truncatingIfNeeded: 8 + datagram.data.length))
      writer.write(UInt16(0))
      writer.write(contentsOf: datagram.data.encoded())
      writer.setChecksum(
        at: 6, over: writer.bytes.indices, adding: pseudoHeaderSum(writer.bytes.count), avoidsZero: true)
    case .tcp(let segment):
      segment.encode(into: &writer)
      writer.setChecksum(at: 16, over: writer.bytes.indices, adding: pseudoHeaderSum(writer.bytes.count))
    case .fragment(let part):
      let whole = part.whole.encodedPayload()
      writer.write(contentsOf: whole[part.offset..<min(whole.count, part.offset + part.length)])
    }
    return writer.bytes
  }

  /// The sum of the addresses, the length and the protocol, which checksums cover too (RFC 9293 §3.1, RFC 8200 §8.1).
  private func pseudoHeaderSum(_ length: Int) -> UInt32 {
    var writer = ByteWriter()
    for address in [source, destination] {
      switch address {
      case .v4(let v4): writer.write(contentsOf: v4.octets)
      case .v6(let v6): for group in v6.groups { writer.write(group) }
      }
    }
    writer.write(UInt32(length))
    writer.write(UInt32(protocolNumber))
    return ByteWriter.sum(writer.bytes)
  }

  private func encode(_ message: ICMPMessage, into writer: inout ByteWriter) {
    let (type, code) = message.typeAndCode(family)
    writer.write(type)
    writer.write(code)
    writer.write(UInt16(0))
    switch message {
    case .echoRequest(let echo), .echoReply(let echo):
      writer.write(echo.identifier)
      writer.write(echo.sequence)
      writer.write(contentsOf: echo.data.encoded())
    case .tooBig(let mtu, let quoted):
      writer.write(UInt32(truncatingIfNeeded: mtu))
      writer.write(contentsOf: quoted.encoded())
    case .unreachable(_, let quoted), .timeExceeded(let quoted), .reassemblyTimeExceeded(let quoted):
      writer.write(UInt32(0))
      writer.write(contentsOf: quoted.encoded())
    case .redirect(.v4(let gateway), _, let quoted):
      writer.write(contentsOf: gateway.octets)
      writer.write(contentsOf: quoted.encoded())
    case .redirect(.v6(let gateway), let hardware, let quoted):
      writer.write(UInt32(0))
      for group in gateway.groups { writer.write(group) }
      if case .v6(let destination) = quoted.packet.destination {
        for group in destination.groups { writer.write(group) }
      }
      // The target's hardware address (RFC 4861 §4.6.1) and the redirected header (§4.6.3).
      if let hardware { writer.write(contentsOf: [2, 1] + hardware.octets) }
      writer.write(contentsOf: [4, UInt8(truncatingIfNeeded: (quoted.length + 8) / 8), 0, 0, 0, 0, 0, 0])
      writer.write(contentsOf: quoted.encoded())
    }
    let sum = family == .ipv6 ? pseudoHeaderSum(writer.bytes.count) : 0
    writer.setChecksum(at: 2, over: writer.bytes.indices, adding: sum)
  }
}

extension QuotedPacket {
  fileprivate func encoded() -> ArraySlice<UInt8> { packet.encoded().prefix(length) }
}

extension ICMPMessage {
  /// The numbers of RFC 792 and RFC 4443.
  package func typeAndCode(_ family: AddressFamily) -> (UInt8, UInt8) {
    let isIPv4 = family == .ipv4
    switch self {
    case .echoRequest: return (isIPv4 ? 8 : 128, 0)
    case .echoReply: return (isIPv4 ? 0 : 129, 0)
    case .tooBig: return isIPv4 ? (3, 4) : (2, 0)
    case .timeExceeded: return (isIPv4 ? 11 : 3, 0)
    case .reassemblyTimeExceeded: return (isIPv4 ? 11 : 3, 1)
    case .redirect: return isIPv4 ? (5, 1) : (137, 0)
    case .unreachable(let reason, _):
      switch reason {
      case .network: return isIPv4 ? (3, 0) : (1, 0)
      case .host: return isIPv4 ? (3, 1) : (1, 3)
      case .beyondScope: return isIPv4 ? (3, 1) : (1, 2)
      case .protocol: return isIPv4 ? (3, 2) : (4, 1)
      case .port: return isIPv4 ? (3, 3) : (1, 4)
      case .prohibited: return isIPv4 ? (3, 13) : (1, 1)
      case .networkProhibited: return isIPv4 ? (3, 9) : (1, 1)
      case .hostProhibited: return isIPv4 ? (3, 10) : (1, 1)
      case .rejectRoute: return isIPv4 ? (3, 1) : (1, 6)
      }
    }
  }
}

extension NeighborDiscoveryMessage {
  /// The message's type (RFC 4861 §4).
  package var type: UInt8 {
    switch self {
    case .routerSolicitation: 133
    case .solicitation, .duplicateProbe: 135
    case .advertisement: 136
    }
  }

  /// RFC 4861 §4, the checksum zero.
  fileprivate func encode(into writer: inout ByteWriter) {
    func option(_ type: UInt8, _ octets: some Sequence<UInt8>, _ writer: inout ByteWriter) {
      writer.write(contentsOf: [type, 1])
      writer.write(contentsOf: octets)
    }
    func solicitation(of target: IPv6Address, _ writer: inout ByteWriter) {
      writer.write(contentsOf: [135, 0, 0, 0, 0, 0, 0, 0])
      for group in target.groups { writer.write(group) }
    }
    switch self {
    case .solicitation(let target, let hardware):
      solicitation(of: target, &writer)
      option(1, hardware.octets, &writer)
    case .duplicateProbe(let target, let nonce):
      solicitation(of: target, &writer)
      // RFC 3971 §5.3.2.
      option(14, MACAddress(bits: nonce).octets, &writer)
    case .advertisement(let advertisement):
      writer.write(contentsOf: [136, 0, 0, 0])
      var flags: UInt32 = 0
      if advertisement.isRouter { flags |= 0x8000_0000 }
      if advertisement.isSolicited { flags |= 0x4000_0000 }
      if advertisement.overrides { flags |= 0x2000_0000 }
      writer.write(flags)
      for group in advertisement.target.groups { writer.write(group) }
      if let hardware = advertisement.targetHardware { option(2, hardware.octets, &writer) }
    case .routerSolicitation(let hardware):
      writer.write(contentsOf: [133, 0, 0, 0, 0, 0, 0, 0])
      if let hardware { option(1, hardware.octets, &writer) }
    }
  }
}

extension TCPSegment {
  /// The options as Linux 6.18 has them: MSS, SACK, timestamps and scale in a SYN, timestamps later, none in a reset.
  package var options: [UInt8] {
    let time: [UInt8] = Array(repeating: 0, count: 8)
    return switch headerLength {
    case 40:
      [2, 4, UInt8(maximumSegment >> 8), UInt8(truncatingIfNeeded: maximumSegment), 4, 2, 8, 10] + time + [1, 3, 3, 10]
    case 32: [1, 1, 8, 10] + time
    default: []
    }
  }

  /// RFC 9293 §3.1, the checksum zero.
  fileprivate func encode(into writer: inout ByteWriter) {
    writer.write(sourcePort)
    writer.write(destinationPort)
    writer.write(sequence)
    writer.write(acknowledgment)
    writer.write(UInt8(headerLength / 4) << 4)
    writer.write(flags.rawValue)
    writer.write(window)
    writer.write(UInt32(0))
    writer.write(contentsOf: options)
    writer.write(contentsOf: data.encoded())
  }
}

extension ApplicationData {
  /// The bytes; a frame in a tunnel behind its VXLAN header (RFC 7348 §5).
  fileprivate func encoded() -> [UInt8] {
    switch self {
    case .pattern(let length): return (0..<length).map { UInt8(truncatingIfNeeded: $0) }
    case .frame(let frame, let vni):
      var writer = ByteWriter()
      writer.write(UInt32(0x0800_0000))
      writer.write(vni << 8)
      writer.write(contentsOf: frame.encoded())
      return writer.bytes
    }
  }
}
