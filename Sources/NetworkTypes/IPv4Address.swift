/// An IPv4 address (RFC 791), held as its 32 bits with the first octet most significant.
///
/// The text form is strict dotted decimal: four parts, no leading zeros (`010` means eight to some resolvers and ten to
/// others), nothing around it.
package struct IPv4Address: Hashable, Comparable, Sendable {
  /// The address's bits; `192.0.2.1` is `0xC0000201`.
  package var bits: UInt32

  /// Creates an address from its bits.
  package init(bits: UInt32) { self.bits = bits }

  /// Creates an address from its four octets.
  package init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) {
    bits = UInt32(a) << 24 | UInt32(b) << 16 | UInt32(c) << 8 | UInt32(d)
  }

  /// Orders addresses by number.
  package static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }

  /// The four octets, first to last.
  package var octets: [UInt8] {
    [UInt8(bits >> 24), UInt8(bits >> 16 & 0xff), UInt8(bits >> 8 & 0xff), UInt8(bits & 0xff)]
  }

  /// Whether it is in 224.0.0.0/4 (RFC 5771).
  package var isMulticast: Bool { bits >> 28 == 0xE }
  /// Whether it is in 127.0.0.0/8 (RFC 1122 §3.2.1.3).
  package var isLoopback: Bool { bits >> 24 == 127 }
  /// Whether it is in 169.254.0.0/16 (RFC 3927).
  package var isLinkLocal: Bool { bits >> 16 == 0xA9FE }
  /// Whether it is in 0.0.0.0/8, "this network" (RFC 1122 §3.2.1.3).
  package var isThisNetwork: Bool { bits >> 24 == 0 }
}

extension IPv4Address: LosslessStringConvertible {
  /// Parses strict dotted decimal.
  package init?(_ text: String) {
    var bits: UInt32 = 0
    var part: UInt32 = 0
    var digits = 0
    var dots = 0
    let bytes = text.utf8Span.span
    for index in bytes.indices {
      switch bytes[index] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        if digits > 0 && part == 0 { return nil }
        part = part * 10 + UInt32(bytes[index] - UInt8(ascii: "0"))
        digits += 1
        if part > 255 { return nil }
      case UInt8(ascii: "."):
        if digits == 0 || dots == 3 { return nil }
        bits = bits << 8 | part
        (part, digits, dots) = (0, 0, dots + 1)
      default:
        return nil
      }
    }
    guard dots == 3, digits > 0 else { return nil }
    self.bits = bits << 8 | part
  }

  /// The dotted decimal form.
  package var description: String { written }
}
