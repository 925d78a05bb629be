/// Writes numbers in network byte order, and fills in checksums.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ value: UInt8) { bytes.append(value) }

  mutating func write(_ value: UInt16) {
    bytes.append(UInt8(truncatingIfNeeded: value >> 8))
    bytes.append(UInt8(truncatingIfNeeded: value))
  }

  mutating func write(_ value: UInt32) {
    write(UInt16(truncatingIfNeeded: value >> 16))
    write(UInt16(truncatingIfNeeded: value))
  }

  mutating func write(contentsOf other: some Sequence<UInt8>) { bytes.append(contentsOf: other) }

  mutating func writeZeros(_ count: Int) { bytes.append(contentsOf: repeatElement(0, count: count)) }

  /// Writes a checksum over what stands between two places, and a sum that counts too.
  ///
  /// - Parameters:
  ///   - place: where the checksum stands; its two bytes are zero until then.
  ///   - range: what it covers.
  ///   - sum: the sum of a pseudo-header.
  ///   - avoidsZero: whether a checksum of zero is written as all ones, as UDP does (RFC 768).
  mutating func setChecksum(at place: Int, over range: Range<Int>, adding sum: UInt32 = 0, avoidsZero: Bool = false) {
    let checksum = ~folded(sum + Self.sum(bytes[range]))
    let written = checksum == 0 && avoidsZero ? 0xffff : checksum
    bytes[place] = UInt8(truncatingIfNeeded: written >> 8)
    bytes[place + 1] = UInt8(truncatingIfNeeded: written)
  }

  /// The sum of 16-bit words, an odd last byte being a high one (RFC 1071).
  static func sum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var total: UInt32 = 0
    var isHigh = true
    for byte in bytes {
      total += isHigh ? UInt32(byte) << 8 : UInt32(byte)
      if total > 0xffff { total = (total & 0xffff) + 1 }
      isHigh.toggle()
    }
    return total
  }

  private func folded(_ sum: UInt32) -> UInt16 {
    var sum = sum
    while sum > 0xffff { sum = (sum & 0xffff) + (sum >> 16) }
    return UInt16(sum)
  }
}
