/// An address as an interface has it: with the length of the prefix it shares with its link, `172.17.0.2/16`.
package struct InterfaceAddress: Hashable, Comparable, Sendable {
  /// The address.
  package let address: IPAddress
  private let length: UInt8

  /// The prefix length: 0…32 or 0…128.
  package var prefixLength: Int { Int(length) }

  /// Creates an interface address; nil if the length is beyond the family's width.
  package init?(_ address: IPAddress, prefixLength: Int) {
    guard (0...address.family.bitWidth).contains(prefixLength) else { return nil }
    self.address = address
    length = UInt8(prefixLength)
  }

  /// Creates the interface address that an address has in a prefix; nil if the prefix doesn't hold it.
  package init?(_ address: IPAddress, in prefix: IPPrefix) {
    guard prefix.contains(address) else { return nil }
    self.address = address
    length = UInt8(prefix.length)
  }

  /// The family of the address.
  package var family: AddressFamily { address.family }

  /// The on-link prefix: what the kernel adds a connected route for.
  package var prefix: IPPrefix {
    guard let prefix = IPPrefix(containing: address, length: prefixLength) else {
      preconditionFailure("the initialisers check the length")
    }
    return prefix
  }

  /// Orders by address, then by length.
  package static func < (left: Self, right: Self) -> Bool {
    left.address == right.address ? left.prefixLength < right.prefixLength : left.address < right.address
  }
}

extension InterfaceAddress: LosslessStringConvertible {
  /// Parses `address/length`.
  package init?(_ text: String) {
    guard let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")),
      let address = IPAddress(String(text[..<slash])),
      let length = decimalValue(text[text.index(after: slash)...])
    else { return nil }
    self.init(address, prefixLength: length)
  }

  /// `address/length`.
  package var description: String { written }
}

/// The value of a plain decimal number without sign or leading zeros, at most nine digits.
func decimalValue(_ text: some StringProtocol) -> Int? {
  let utf8 = text.utf8
  guard (1...9).contains(utf8.count), utf8.count == 1 || utf8.first != UInt8(ascii: "0") else { return nil }
  var value = 0
  for byte in utf8 {
    guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
    value = value * 10 + Int(byte - UInt8(ascii: "0"))
  }
  return value
}
