/// The name of a network device: 1 to 15 bytes.
///
/// The kernel (`dev_valid_name`, net/core/dev.c) takes any bytes but `/`, `:` and white space, and not `.` or `..`.
/// Netwright takes the letters, digits and `. _ -` that every tool on the way agrees on, not starting with `-`; and not
/// `all`, `default`, which name something else under /proc/sys/net/*/conf.
package struct InterfaceName: Hashable, Sendable {
  // Two numbers rather than a string: a plan of thousands of devices has tens of thousands of names, and these are
  // compared, hashed and passed on without counting references.

  /// The first eight bytes, the first in the highest place, zeros after the last.
  @usableFromInline
  var high: UInt64 = 0
  /// The others likewise; the lowest place is always zero.
  @usableFromInline
  var low: UInt64 = 0

  // Written out to be inlined into other modules: names are what devices are looked for by.
  @inlinable
  package static func == (one: Self, other: Self) -> Bool { one.high == other.high && one.low == other.low }

  /// The longest name in bytes: IFNAMSIZ less its terminating zero (include/uapi/linux/if.h).
  package static let maximumLength = 15

  /// What keeps a text from being a name.
  package enum Defect: Hashable, Sendable {
    /// There is nothing in it.
    case empty
    /// It has more than 15 bytes.
    case tooLong
    /// It holds a character that isn't taken.
    case badCharacter(Character)
    /// It means something else to the kernel or to the tools.
    case reserved
  }

  /// The first defect of a text as a name, if any.
  package static func defect(of text: String) -> Defect? {
    if text.isEmpty { return .empty }
    guard hasNameBytesAlone(text) else {
      return text.first { !$0.utf8.allSatisfy(\.isNameByte) }.map(Defect.badCharacter)
    }
    if text.utf8.first == UInt8(ascii: "-") { return .badCharacter("-") }
    if text.utf8.count > maximumLength { return .tooLong }
    return InterfaceName(text) == nil ? .reserved : nil
  }

  /// The loopback device that every namespace has.
  package static let loopback = InterfaceName(packing: "lo".utf8Span.span)

  /// What Ethernet devices are called before their number.
  package static let ethernet = InterfaceName(packing: "eth".utf8Span.span)

  /// The names of other things; none has more than eight bytes.
  private static let reserved = [".", "..", "all", "default"].map { InterfaceName(packing: $0.utf8Span.span) }

  /// Takes up to 15 bytes as they are.
  private init(packing bytes: Span<UInt8>) {
    for index in bytes.indices { put(bytes[index], at: index) }
  }

  /// Puts a byte where there is none.
  @inline(__always)
  private mutating func put(_ byte: UInt8, at index: Int) {
    let place = UInt64(56 - 8 * (index & 7))
    if index < 8 { high |= UInt64(byte) << place } else { low |= UInt64(byte) << place }
  }

  /// Whether a name can start with some bytes.
  private static func canStart(with bytes: Span<UInt8>) -> Bool {
    for index in bytes.indices where !bytes[index].isNameByte { return false }
    return bytes.isEmpty || bytes[0] != UInt8(ascii: "-")
  }

  /// Checks and takes bytes.
  private init?(checking bytes: Span<UInt8>) {
    guard (1...Self.maximumLength).contains(bytes.count), Self.canStart(with: bytes) else { return nil }
    self.init(packing: bytes)
    if low == 0, Self.reserved.contains(self) { return nil }
  }

  /// Checks and takes a name that ends in a number, given by its start.
  package init?(_ start: String, number: UInt) {
    var end = start.utf8.count
    guard end < Self.maximumLength, Self.canStart(with: start.utf8Span.span) else { return nil }
    self.init(packing: start.utf8Span.span)
    var divisor: UInt = 1
    while number / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      guard end < Self.maximumLength else { return nil }
      put(UInt8(ascii: "0") + UInt8(number / divisor % 10), at: end)
      end += 1
      divisor /= 10
    }
  }

  /// Checks and takes a name, given by its bytes.
  package init?(_ bytes: ArraySlice<UInt8>) { self.init(checking: bytes.span) }

  /// The number of its bytes.
  package var count: Int {
    low == 0 ? 8 - high.trailingZeroBitCount / 8 : 16 - low.trailingZeroBitCount / 8
  }

  /// The name.
  package var text: String { written }
}

extension InterfaceName: LosslessStringConvertible {
  /// Checks and takes a name.
  package init?(_ text: String) { self.init(checking: text.utf8Span.span) }

  /// The name.
  package var description: String { text }
}

extension InterfaceName: Comparable {
  /// Orders names by their bytes.
  package static func < (left: Self, right: Self) -> Bool { (left.high, left.low) < (right.high, right.low) }
}

extension InterfaceName {
  /// Appends what follows a start of at most seven bytes.
  ///
  /// - Returns: whether the name starts like that and goes on.
  package func writeRest(after start: InterfaceName, to text: inout TextBuffer) -> Bool {
    let bits = UInt64(8 * start.count)
    guard bits < 64, count > start.count, (high ^ start.high) >> (64 - bits) == 0 else { return false }
    text.append(high << bits | low >> (64 - bits), low << bits, count: count - start.count)
    return true
  }
}

extension InterfaceName: TextWritable {
  /// Appends the name.
  package func write(to text: inout TextBuffer) { text.append(high, low, count: count) }
}
