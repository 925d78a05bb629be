/// An IPv6 address (RFC 4291), held as its 128 bits with the first group most significant.
///
/// Zones (`%eth0`) are no part of an address here: where an interface matters, it is named beside the address.
package struct IPv6Address: Hashable, Comparable, Sendable {
  // Two words rather than one of 128 bits, which would have everything around it start at a multiple of 16 bytes.
  private let high: UInt64
  private let low: UInt64

  /// The address's bits; `::1` is 1.
  package var bits: UInt128 { UInt128(high) << 64 | UInt128(low) }

  /// Creates an address from its bits.
  package init(bits: UInt128) {
    high = UInt64(truncatingIfNeeded: bits >> 64)
    low = UInt64(truncatingIfNeeded: bits)
  }

  /// Orders addresses by number.
  package static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }

  /// The eight groups of 16 bits, first to last.
  package var groups: [UInt16] { (0..<8).map { UInt16(truncatingIfNeeded: bits >> (112 - 16 * UInt128($0))) } }

  /// Whether it is in ff00::/8 (RFC 4291 §2.7).
  package var isMulticast: Bool { bits >> 120 == 0xff }
  /// Whether it is ::1 (RFC 4291 §2.5.3).
  package var isLoopback: Bool { bits == 1 }
  /// Whether it is in fe80::/10 (RFC 4291 §2.5.6).
  package var isLinkLocal: Bool { bits >> 118 == 0x3FA }
  /// Whether it is `::` (RFC 4291 §2.5.2).
  package var isUnspecified: Bool { bits == 0 }
}

extension IPv6Address: LosslessStringConvertible {
  /// Parses the forms of RFC 4291 §2.2: eight groups, `::` once, and an IPv4 tail.
  package init?(_ text: String) {
    let utf8 = Array(text.utf8)
    guard utf8.count >= 2, utf8.count <= 45 else { return nil }
    var groups: [UInt16] = []
    var gap: Int?
    var index = 0
    if utf8[0] == UInt8(ascii: ":") {
      guard utf8[1] == UInt8(ascii: ":") else { return nil }
      gap = 0
      index = 2
    }
    while index < utf8.count {
      let start = index
      var value: UInt32 = 0
      while index < utf8.count, let digit = hexadecimalValue(utf8[index]) {
        value = value << 4 | UInt32(digit)
        index += 1
        if index - start > 4 { return nil }
      }
      if index < utf8.count, utf8[index] == UInt8(ascii: ".") {
        guard let tail = IPv4Address(String(decoding: utf8[start...], as: UTF8.self)) else { return nil }
        groups.append(UInt16(tail.bits >> 16))
        groups.append(UInt16(tail.bits & 0xffff))
        index = utf8.count
        break
      }
      guard index > start else { return nil }
      groups.append(UInt16(value))
      if index == utf8.count { break }
      guard utf8[index] == UInt8(ascii: ":"), index + 1 < utf8.count else { return nil }
      index += 1
      if utf8[index] == UInt8(ascii: ":") {
        guard gap == nil else { return nil }
        gap = groups.count
        index += 1
      }
    }
    if let gap {
      guard groups.count < 8 else { return nil }
      groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
    }
    guard groups.count == 8 else { return nil }
    self.init(bits: groups.reduce(0) { $0 << 16 | UInt128($1) })
  }

  /// The canonical text form (RFC 5952): lower case, no leading zeros, the first longest run of zeros as `::`.
  package var description: String {
    let groups = self.groups
    var (runStart, runLength) = (0, 0)
    var index = 0
    while index < 8 {
      var end = index
      while end < 8, groups[end] == 0 { end += 1 }
      if end - index > runLength { (runStart, runLength) = (index, end - index) }
      index = max(end, index + 1)
    }
    func text(_ slice: ArraySlice<UInt16>) -> String {
      slice.map { String($0, radix: 16) }.joined(separator: ":")
    }
    guard runLength > 1 else { return text(groups[...]) }
    if runStart == 0, runLength == 5, groups[5] == 0xffff {  // IPv4-mapped (RFC 5952 §5)
      return "::ffff:\(IPv4Address(bits: UInt32(truncatingIfNeeded: bits)))"
    }
    return text(groups[..<runStart]) + "::" + text(groups[(runStart + runLength)...])
  }
}

/// The value of one hexadecimal digit.
func hexadecimalValue(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}
