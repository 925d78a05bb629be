/// A capture in the format that tcpdump and Wireshark read: pcap with nanoseconds (draft-ietf-opsawg-pcap).
package struct CaptureFile: Sendable {
  /// The bytes so far.
  package private(set) var bytes: [UInt8]

  /// Begins a capture of Ethernet frames.
  package init() {
    var writer = ByteWriter()
    writer.write(UInt32(0xa1b2_3c4d))
    writer.write(UInt16(2))
    writer.write(UInt16(4))
    writer.write(UInt32(0))
    writer.write(UInt32(0))
    writer.write(UInt32(262_144))
    // LINKTYPE_ETHERNET
    writer.write(UInt32(1))
    bytes = writer.bytes
  }

  /// Adds a frame.
  ///
  /// - Parameters:
  ///   - frame: the frame.
  ///   - nanoseconds: when it was seen, in nanoseconds since the epoch.
  package mutating func add(_ frame: Frame, at nanoseconds: UInt64) {
    var writer = ByteWriter()
    let content = frame.encoded()
    writer.write(UInt32(truncatingIfNeeded: nanoseconds / 1_000_000_000))
    writer.write(UInt32(truncatingIfNeeded: nanoseconds % 1_000_000_000))
    writer.write(UInt32(content.count))
    writer.write(UInt32(content.count))
    writer.write(contentsOf: content)
    bytes += writer.bytes
  }
}
