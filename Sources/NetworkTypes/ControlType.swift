/// A type of control message (RFC 792, RFC 4443, RFC 4861), by its name in either family, or by number.
package struct ControlType: Hashable, Sendable {
  /// The name, or the number in decimal.
  package let text: String

  private static let names: [(name: String, ipv4: UInt8?, ipv6: UInt8?)] = [
    ("echo-request", 8, 128), ("echo-reply", 0, 129), ("destination-unreachable", 3, 1), ("packet-too-big", nil, 2),
    ("time-exceeded", 11, 3), ("parameter-problem", 12, 4), ("redirect", 5, 137), ("router-solicitation", 10, 133),
    ("router-advertisement", 9, 134), ("neighbor-solicitation", nil, 135), ("neighbor-advertisement", nil, 136),
    ("timestamp-request", 13, nil), ("timestamp-reply", 14, nil),
  ]

  /// The names.
  package static var allNames: [String] { names.map(\.name) }

  /// Checks and takes a name or a number.
  package init?(_ text: String) {
    guard Self.names.contains(where: { $0.name == text }) || UInt8(text).map({ String($0) == text }) ?? false else {
      return nil
    }
    self.text = text
  }

  /// The number in a family; nil where it has no such type.
  package func number(in family: AddressFamily) -> UInt8? {
    guard let named = Self.names.first(where: { $0.name == text }) else { return UInt8(text) }
    switch family {
    case .ipv4: return named.ipv4
    case .ipv6: return named.ipv6
    }
  }
}
