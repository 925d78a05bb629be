import NetworkTypes

extension Frame {
  /// The frame as it stands on a wire, without the preamble and the check sequence (IEEE 802.3 §3, 802.1Q §9.6).
  ///
  /// - Returns: the bytes; shorter than 60 where the content is: what software sends isn't padded.
  package func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.write(contentsOf: destination.octets)
    writer.write(contentsOf: source.octets)
    if let tag {
      writer.write(UInt16(0x8100))
      writer.write(UInt16(tag.priority) << 13 | tag.id)
    }
    switch payload {
    case .arp(let packet):
      writer.write(UInt16(0x0806))
      packet.encode(into: &writer)
    case .ip(let packet):
      writer.write(UInt16(packet.family == .ipv4 ? 0x0800 : 0x86dd))
      writer.write(contentsOf: packet.encoded())
    case .spanningTree(let unit):
      writer.write(UInt16(unit.kind == .topologyChange ? 7 : 38))
      unit.encode(into: &writer)
    }
    return writer.bytes
  }
}

extension ARPPacket {
  /// RFC 826.
  fileprivate func encode(into writer: inout ByteWriter) {
    writer.write(UInt16(1))
    writer.write(UInt16(0x0800))
    writer.write(UInt8(6))
    writer.write(UInt8(4))
    writer.write(operation.rawValue)
    writer.write(contentsOf: senderHardware.octets)
    writer.write(contentsOf: sender.octets)
    writer.write(contentsOf: targetHardware.octets)
    writer.write(contentsOf: target.octets)
  }
}

extension BridgeProtocolDataUnit {
  /// A message (IEEE 802.1D-1998 §9.3) behind the LLC header.
  fileprivate func encode(into writer: inout ByteWriter) {
    writer.write(contentsOf: [0x42, 0x42, 0x03])
    guard case .configuration(let hasChanged, let acknowledges) = kind else {
      return writer.write(contentsOf: [0, 0, 0, 0x80])
    }
    writer.writeZeros(4)
    writer.write(UInt8((hasChanged ? 0x01 : 0) | (acknowledges ? 0x80 : 0)))
    root.encode(into: &writer)
    writer.write(rootPathCost)
    bridge.encode(into: &writer)
    writer.write(port)
    // The age, then how long it may be, the hello time and the forward delay, in 1/256 s.
    for seconds in [0, 20, 2, 2] as [UInt16] { writer.write(seconds << 8) }
  }
}

extension BridgeProtocolDataUnit.BridgeID {
  fileprivate func encode(into writer: inout ByteWriter) {
    writer.write(priority)
    writer.write(contentsOf: address.octets)
  }
}
