/// The transport protocols that have ports and that compose can publish.
package enum TransportProtocol: String, Hashable, Comparable, CaseIterable, Codable, Sendable {
  /// Transmission Control Protocol (RFC 9293).
  case tcp
  /// User Datagram Protocol (RFC 768).
  case udp
  /// Stream Control Transmission Protocol (RFC 9260).
  case sctp

  /// Orders by name.
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// One or several consecutive ports.
package struct PortRange: Hashable, Comparable, Sendable {
  /// The first port.
  package let first: UInt16
  /// The last port, not below the first.
  package let last: UInt16

  /// Creates a range; nil if the last port is below the first.
  package init?(_ first: UInt16, _ last: UInt16) {
    guard first <= last else { return nil }
    self.first = first
    self.last = last
  }

  /// A range of one port.
  package init(_ port: UInt16) { (first, last) = (port, port) }

  /// How many ports there are.
  package var count: Int { Int(last) - Int(first) + 1 }

  /// Whether any port is in both.
  package func overlaps(_ other: PortRange) -> Bool { first <= other.last && other.first <= last }

  /// Orders by first port, then by last.
  package static func < (left: Self, right: Self) -> Bool {
    left.first == right.first ? left.last < right.last : left.first < right.first
  }
}

extension PortRange: LosslessStringConvertible {
  /// Parses `80` or `8000-8080`.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first.flatMap({ decimalValue($0) }).flatMap(UInt16.init(exactly:)),
      let last = parts.last.flatMap({ decimalValue($0) }).flatMap(UInt16.init(exactly:))
    else { return nil }
    self.init(first, last)
  }

  /// `80` or `8000-8080`.
  package var description: String { first == last ? "\(first)" : "\(first)-\(last)" }
}
