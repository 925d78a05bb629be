import NetworkTypes

/// The blocks that networks without a subnet get theirs from, and those already given or kept away from.
struct DefaultPools {
  /// A block and the length of the subnets cut from it.
  private struct Source {
    let block: IPPrefix
    let length: Int
  }

  private var occupied: [AddressFamily: BlockSet] = [:]
  private let sources: [Source]
  private let unique: IPPrefix?

  /// Creates the pools.
  ///
  /// - Parameters:
  ///   - occupied: blocks that no automatic subnet may overlap.
  ///   - seed: what the IPv6 block's global identifier is made of.
  init(occupied: [IPPrefix], seed: String) {
    sources = Self.ipv4
    // A unique local /48 (RFC 4193 §3.2.2 lets a hash stand for the random identifier), as Docker makes one of its
    // host's.
    let bits = UInt128(0xfd) << 120 | UInt128(stableHash(seed) & 0xff_ffff_ffff) << 80
    unique = IPPrefix(containing: .v6(IPv6Address(bits: bits)), length: 48)
    for block in occupied { occupy(block) }
  }

  /// Docker's local address pools, sorted (ipamutils/utils.go in moby): 15 of /16, then 16 of /20.
  private static let ipv4: [Source] = [
    ("172.17.0.0/16", 16), ("172.18.0.0/16", 16), ("172.19.0.0/16", 16), ("172.20.0.0/14", 16), ("172.24.0.0/14", 16),
    ("172.28.0.0/14", 16), ("192.168.0.0/16", 20),
  ].compactMap { text, length in IPPrefix(text).map { Source(block: $0, length: length) } }

  /// Docker's default network's block, which it takes before any other network asks.
  static let dockerBridge = IPPrefix(containing: .v4(IPv4Address(172, 17, 0, 0)), length: 16)

  /// Takes a block, whether or not it is free.
  mutating func occupy(_ block: IPPrefix) { occupied[block.family, default: BlockSet()].insert(block) }

  /// Takes the lowest free block of a family.
  ///
  /// - Parameters:
  ///   - family: the family.
  ///   - length: the prefix length wanted; nil for the pools' own. Pools that are smaller are passed over (moby,
  ///     ipams/defaultipam/address_space.go: allocatePredefinedPool).
  /// - Returns: the block; nil when none is left.
  mutating func take(_ family: AddressFamily, length: Int? = nil) -> IPPrefix? {
    switch family {
    case .ipv4:
      for source in sources where source.block.length <= length ?? source.length {
        if let block = take(from: source.block, length: length ?? source.length) { return block }
      }
      return nil
    case .ipv6:
      guard let unique, unique.length <= length ?? 64 else { return nil }
      return take(from: unique, length: length ?? 64)
    }
  }

  private mutating func take(from block: IPPrefix, length: Int) -> IPPrefix? {
    guard length <= block.family.bitWidth else { return nil }
    let step = UInt128(1) << UInt128(block.family.bitWidth - length)
    var start = block.network.bits
    while start <= block.last.bits {
      guard let candidate = IPPrefix(containing: IPAddress(family: block.family, bits: start), length: length) else {
        return nil
      }
      guard let obstacle = occupied[block.family]?.lastTaken(in: candidate) else {
        occupy(candidate)
        return candidate
      }
      // Go on behind what is in the way: at the next multiple of the step.
      guard obstacle < block.last.bits else { return nil }
      start = (obstacle / step + 1) * step
    }
    return nil
  }
}
