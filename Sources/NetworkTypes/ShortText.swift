/// A text of at most 16 bytes in the making: it is put together in registers and then appended at once.
struct ShortText {
  /// The first eight bytes, the first in the highest place.
  private(set) var high: UInt64 = 0
  /// The others likewise.
  private(set) var low: UInt64 = 0
  /// How many bytes it has.
  private(set) var count = 0

  /// Appends a byte, for which there must be room.
  @inline(__always)
  mutating func append(_ byte: UInt8) {
    let place = UInt64(56 - 8 * (count & 7))
    if count < 8 { high |= UInt64(byte) << place } else { low |= UInt64(byte) << place }
    count += 1
  }

  /// Appends the decimal digits of a number.
  @inline(__always)
  mutating func append(decimal number: UInt8) {
    if number >= 100 { append(UInt8(ascii: "0") + number / 100) }
    if number >= 10 { append(UInt8(ascii: "0") + number / 10 % 10) }
    append(UInt8(ascii: "0") + number % 10)
  }
}
