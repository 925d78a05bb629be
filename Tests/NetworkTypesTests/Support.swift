import NetworkTypes

/// SplitMix64: the same numbers for the same seed on every machine.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A random address with runs of zeros and ones in it, which is where text forms differ.
func randomIPv6(_ random: inout SeededGenerator) -> IPv6Address {
  let groups = (0..<8).map { _ in
    switch Int.random(in: 0..<4, using: &random) {
    case 0, 1: UInt16(0)
    case 2: UInt16.random(in: 0...0xF, using: &random)
    default: UInt16.random(in: 0...(.max), using: &random)
    }
  }
  return IPv6Address(bits: groups.reduce(0) { $0 << 16 | UInt128($1) })
}
