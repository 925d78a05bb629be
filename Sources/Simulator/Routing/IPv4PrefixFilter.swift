/// Tells of most addresses at once that no prefix of a set holds them: a Bloom filter of 64 bits.
///
/// Prefixes are added and never taken out, so that it may err on one side only.
struct IPv4PrefixFilter: Sendable {
  /// The lengths that prefixes have, a bit each.
  private var lengths: UInt64 = 0
  /// The networks, a bit for each 64th of them.
  private var networks: UInt64 = 0

  /// Adds a prefix.
  mutating func add(_ network: UInt32, length: Int) {
    lengths |= 1 << UInt64(length)
    networks |= Self.bit(of: network)
  }

  /// Whether a prefix may hold an address: where it says no, none does.
  func mayHold(_ address: UInt32) -> Bool {
    var rest = lengths
    while rest != 0 {
      let length = rest.trailingZeroBitCount
      rest &= rest - 1
      // A shift by all 32 bits leaves none.
      if networks & Self.bit(of: address & (UInt32.max << UInt32(32 - length))) != 0 { return true }
    }
    return false
  }

  private static func bit(of network: UInt32) -> UInt64 { 1 << UInt64((network &* 0x9E37_79B1) >> 26) }
}
