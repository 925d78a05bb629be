/// A block of addresses: a network address, all host bits zero, and a prefix length (RFC 4632 §3.1).
package struct IPPrefix: Hashable, Comparable, Sendable {
  /// The first address of the block.
  package let network: IPAddress
  private let bitCount: UInt8

  /// How many leading bits all addresses of the block share: 0…32 or 0…128.
  package var length: Int { Int(bitCount) }

  /// Creates the block of a length that holds an address; nil if the length is beyond the family's width.
  package init?(containing address: IPAddress, length: Int) {
    guard (0...address.family.bitWidth).contains(length) else { return nil }
    let mask = Self.hostMask(address.family, length)
    network = IPAddress(family: address.family, bits: address.bits & ~mask)
    bitCount = UInt8(length)
  }

  /// The ones of the host part.
  static func hostMask(_ family: AddressFamily, _ length: Int) -> UInt128 {
    let hostBits = family.bitWidth - length
    return hostBits >= 128 ? .max : (UInt128(1) << UInt128(hostBits)) - 1
  }

  /// The family of its addresses.
  package var family: AddressFamily { network.family }
  /// The number of bits that tell its addresses apart.
  package var hostBits: Int { family.bitWidth - length }
  /// The block's last address.
  package var last: IPAddress { IPAddress(family: family, bits: network.bits | Self.hostMask(family, length)) }
  /// The directed broadcast address: the last of an IPv4 block of four addresses or more (RFC 919; RFC 3021 for /31).
  package var broadcast: IPAddress? { family == .ipv4 && hostBits >= 2 ? last : nil }

  /// Whether an address is in the block.
  package func contains(_ address: IPAddress) -> Bool {
    address.family == family && (address.bits ^ network.bits) & ~Self.hostMask(family, length) == 0
  }

  /// Whether a whole block is in this one.
  package func contains(_ other: IPPrefix) -> Bool { other.length >= length && contains(other.network) }

  /// Whether any address is in both blocks.
  package func overlaps(_ other: IPPrefix) -> Bool { contains(other.network) || other.contains(network) }

  /// The address at an offset from the first; nil beyond the last.
  package func address(at offset: UInt128) -> IPAddress? {
    offset <= Self.hostMask(family, length) ? IPAddress(family: family, bits: network.bits + offset) : nil
  }

  /// The first address that a host may have: the one after the first where the block has four addresses or more, whose
  /// first is the network's own (IPv4) or the subnet-router anycast address (RFC 4291 §2.6.1; RFC 6164 for /127).
  package var firstHost: IPAddress {
    hostBits >= 2 ? IPAddress(family: family, bits: network.bits + 1) : network
  }

  /// The last address that a host may have.
  package var lastHost: IPAddress { broadcast.map { IPAddress(family: family, bits: $0.bits - 1) } ?? last }

  /// Orders by first address, the wider block first.
  package static func < (left: Self, right: Self) -> Bool {
    left.network == right.network ? left.length < right.length : left.network < right.network
  }
}

extension IPPrefix: LosslessStringConvertible {
  /// Parses `address/length`; nil if malformed or if a host bit is set.
  package init?(_ text: String) {
    guard let parsed = InterfaceAddress(text), parsed.prefix.network == parsed.address else { return nil }
    self = parsed.prefix
  }

  /// `network/length`.
  package var description: String { written }
}
