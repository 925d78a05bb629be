/// A datagram of UDP (RFC 768).
package struct UDPDatagram: Hashable, Sendable {
  /// The sender's port.
  package var sourcePort: UInt16
  /// The receiver's port.
  package var destinationPort: UInt16
  /// What it carries.
  package var data: ApplicationData

  /// Creates a datagram.
  package init(sourcePort: UInt16, destinationPort: UInt16, data: ApplicationData) {
    self.sourcePort = sourcePort
    self.destinationPort = destinationPort
    self.data = data
  }
}

/// A segment of TCP (RFC 9293).
package struct TCPSegment: Hashable, Sendable {
  /// The control bits.
  package struct Flags: OptionSet, Hashable, Sendable {
    /// The bits as in the header.
    package let rawValue: UInt8
    /// Creates flags from the header's bits.
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// No more data comes.
    package static let fin = Flags(rawValue: 0x01)
    /// Opens a connection.
    package static let syn = Flags(rawValue: 0x02)
    /// Ends a connection at once.
    package static let rst = Flags(rawValue: 0x04)
    /// Data is to be handed on.
    package static let psh = Flags(rawValue: 0x08)
    /// The acknowledgment number counts.
    package static let ack = Flags(rawValue: 0x10)
  }

  /// The sender's port.
  package var sourcePort: UInt16
  /// The receiver's port.
  package var destinationPort: UInt16
  /// The first byte's number.
  package var sequence: UInt32
  /// The number of the byte that is awaited.
  package var acknowledgment: UInt32
  /// The control bits.
  package var flags: Flags
  /// How much the sender takes, as it stands in the header.
  package var window: UInt16
  /// The longest segment that the sender wants; told where a connection is opened.
  package var maximumSegment: UInt16
  /// What it carries.
  package var data: ApplicationData

  /// Creates a segment.
  package init(
    sourcePort: UInt16, destinationPort: UInt16, sequence: UInt32 = 0, acknowledgment: UInt32 = 0, flags: Flags,
    window: UInt16 = 0, maximumSegment: UInt16 = 1460, data: ApplicationData = .pattern(0)
  ) {
    self.sourcePort = sourcePort
    self.destinationPort = destinationPort
    self.sequence = sequence
    self.acknowledgment = acknowledgment
    self.flags = flags
    self.window = window
    self.maximumSegment = maximumSegment
    self.data = data
  }

  /// The reset that answers it: it takes what the segment acknowledges for its own number, or else acknowledges all
  /// that the segment takes (RFC 9293 §3.10.7.1).
  package var reset: TCPSegment {
    guard !flags.contains(.ack) else {
      return TCPSegment(
        sourcePort: destinationPort, destinationPort: sourcePort, sequence: acknowledgment, flags: .rst)
    }
    let length = UInt32(data.length) + (flags.contains(.syn) || flags.contains(.fin) ? 1 : 0)
    return TCPSegment(
      sourcePort: destinationPort, destinationPort: sourcePort, acknowledgment: sequence &+ length,
      flags: [.rst, .ack])
  }

  /// The header's length in bytes with Linux's usual options: maximum segment size, selective acknowledgment,
  /// timestamps and window scale where a connection is opened, timestamps later, none in a reset.
  package var headerLength: Int {
    if flags.contains(.rst) { return 20 }
    return flags.contains(.syn) ? 40 : 32
  }
}
