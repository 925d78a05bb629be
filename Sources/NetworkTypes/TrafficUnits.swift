/// A span of time in nanoseconds, as tc(8) takes it.
package struct TimeSpan: Hashable, Comparable, Sendable {
  /// The span in nanoseconds.
  package let nanoseconds: UInt64

  /// Creates a span.
  package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  /// Orders by length.
  package static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }
}

extension TimeSpan: LosslessStringConvertible {
  /// Parses a decimal number and a unit, `10ms`, `1.5s`, `200us`; nil above one hour.
  package init?(_ text: String) {
    let units: [(String, UInt64)] = [("ns", 1), ("us", 1000), ("ms", 1_000_000), ("s", 1_000_000_000)]
    for (unit, scale) in units where text.hasSuffix(unit) {
      guard let value = scaledDecimal(text.dropLast(unit.count), scale: scale), value <= 3_600_000_000_000 else {
        return nil
      }
      nanoseconds = value
      return
    }
    return nil
  }

  /// The shortest exact form in ns, us, ms or s.
  package var description: String {
    for (unit, scale) in [("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1000)] as [(String, UInt64)]
    where nanoseconds % scale == 0 {
      return "\(nanoseconds / scale)\(unit)"
    }
    return "\(nanoseconds)ns"
  }
}

/// A rate in bits per second, as tc(8) takes it.
package struct BitRate: Hashable, Comparable, Sendable {
  /// The rate in bits per second, at least 8: the kernel counts bytes (struct tc_ratespec,
  /// include/uapi/linux/pkt_sched.h).
  package let bitsPerSecond: UInt64

  /// Creates a rate; nil below a byte per second.
  package init?(bitsPerSecond: UInt64) {
    guard bitsPerSecond >= 8 else { return nil }
    self.bitsPerSecond = bitsPerSecond
  }

  /// Orders by rate.
  package static func < (left: Self, right: Self) -> Bool { left.bitsPerSecond < right.bitsPerSecond }
}

extension BitRate: LosslessStringConvertible {
  /// Parses a decimal number and one of bit, kbit, mbit, gbit, tbit (powers of 1000), in any case.
  package init?(_ text: String) {
    let text = text.lowercased()
    let units: [(String, UInt64)] = [
      ("tbit", 1_000_000_000_000), ("gbit", 1_000_000_000), ("mbit", 1_000_000), ("kbit", 1000), ("bit", 1),
    ]
    for (unit, scale) in units where text.hasSuffix(unit) {
      guard let value = scaledDecimal(text.dropLast(unit.count), scale: scale) else { return nil }
      self.init(bitsPerSecond: value)
      return
    }
    return nil
  }

  /// The shortest exact form.
  package var description: String {
    let units: [(String, UInt64)] = [
      ("tbit", 1_000_000_000_000), ("gbit", 1_000_000_000), ("mbit", 1_000_000), ("kbit", 1000),
    ]
    for (unit, scale) in units where bitsPerSecond % scale == 0 { return "\(bitsPerSecond / scale)\(unit)" }
    return "\(bitsPerSecond)bit"
  }
}

/// A share between 0 % and 100 %, in steps of a ten-thousandth of a percent.
package struct Percentage: Hashable, Comparable, Sendable {
  /// The share in millionths: 1 % is 10 000.
  package let millionths: UInt32

  /// Orders by size.
  package static func < (left: Self, right: Self) -> Bool { left.millionths < right.millionths }
}

extension Percentage: LosslessStringConvertible {
  /// Parses a decimal number followed by `%`.
  package init?(_ text: String) {
    guard text.hasSuffix("%"), let value = scaledDecimal(text.dropLast(), scale: 10_000), value <= 1_000_000 else {
      return nil
    }
    millionths = UInt32(value)
  }

  /// The share with `%`, without trailing zeros.
  package var description: String {
    let fraction = millionths % 10_000
    guard fraction != 0 else { return "\(millionths / 10_000)%" }
    var digits = String(fraction)
    digits = String(repeating: "0", count: 4 - digits.count) + digits
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(millionths / 10_000).\(digits)%"
  }
}

/// A decimal number times a scale, exactly; nil if malformed, if digits would be lost or if it doesn't fit.
func scaledDecimal(_ text: some StringProtocol, scale: UInt64) -> UInt64? {
  var value: UInt64 = 0
  var remaining = scale
  var (seenDigit, seenPoint) = (false, false)
  var digits = Array(text.utf8)
  if digits.contains(UInt8(ascii: ".")) {
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }  // says nothing
  }
  for byte in digits {
    if byte == UInt8(ascii: "."), !seenPoint, seenDigit {
      seenPoint = true
      continue
    }
    guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
    seenDigit = true
    if seenPoint {
      guard remaining % 10 == 0 else { return nil }
      remaining /= 10
    }
    let (product, overflow) = value.multipliedReportingOverflow(by: 10)
    let (sum, carry) = product.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
    guard !overflow, !carry else { return nil }
    value = sum
  }
  guard seenDigit, !text.hasSuffix(".") else { return nil }
  let (result, overflow) = value.multipliedReportingOverflow(by: remaining)
  return overflow ? nil : result
}
