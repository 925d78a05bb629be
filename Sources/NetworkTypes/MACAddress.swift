/// An EUI-48 address (IEEE 802), held as its 48 bits with the first octet most significant.
package struct MACAddress: Hashable, Comparable, Sendable {
  /// The address's bits in the lowest 48.
  package let bits: UInt64

  /// Creates an address from its bits; those above the lowest 48 are dropped.
  package init(bits: UInt64) { self.bits = bits & 0xffff_ffff_ffff }

  /// Orders addresses by number.
  package static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }

  /// The six octets, first to last.
  package var octets: [UInt8] { (0..<6).map { UInt8(truncatingIfNeeded: bits >> (40 - 8 * UInt64($0))) } }

  /// Whether the group bit is set: such an address can't be an interface's own (IEEE 802 §8.4).
  package var isMulticast: Bool { bits >> 40 & 1 == 1 }
  /// Whether the locally-administered bit is set.
  package var isLocallyAdministered: Bool { bits >> 41 & 1 == 1 }
}

extension MACAddress: LosslessStringConvertible {
  /// Parses six groups of two hexadecimal digits between colons, or between hyphens.
  package init?(_ text: String) {
    let utf8 = Array(text.utf8)
    guard utf8.count == 17, utf8[2] == UInt8(ascii: ":") || utf8[2] == UInt8(ascii: "-") else { return nil }
    var bits: UInt64 = 0
    for (index, byte) in utf8.enumerated() {
      if index % 3 == 2 {
        guard byte == utf8[2] else { return nil }
      } else {
        guard let digit = hexadecimalValue(byte) else { return nil }
        bits = bits << 4 | UInt64(digit)
      }
    }
    self.bits = bits
  }

  /// Six groups of two lower-case hexadecimal digits between colons, as `ip link` prints them.
  package var description: String { written }
}
