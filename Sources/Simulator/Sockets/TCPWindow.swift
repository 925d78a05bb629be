/// How much Linux lets a peer send that it has heard little of yet: with the buffer that a socket has at first
/// (net.ipv4.tcp_rmem, its half for data) in whole segments, and later in units of the scale that was agreed on.
struct TCPWindow: Sendable {
  /// The longest segment that is wanted (the MSS option): what the device takes less both headers.
  let maximumSegment: UInt16

  /// What a request for a connection says (tcp_select_initial_window, tcp_connect_init).
  var requesting: UInt16 { Self.whole(Int(maximumSegment)) }

  /// What the answer to it says: timestamps take twelve bytes of each segment (tcp_openreq_init_rwin).
  var accepting: UInt16 { Self.whole(Int(maximumSegment) - 12) }

  /// What is said later, after one of the two, in units of the scale (tcp_select_window).
  static func scaled(_ first: UInt16) -> UInt16 { UInt16((Int(first) + (1 << scale) - 1) >> scale) }

  /// The scale that lets the window grow to the greatest buffer, 32 MB since Linux 6.17 (net.ipv4.tcp_rmem).
  private static let scale = 10

  private static let space = 65536

  private static func whole(_ segment: Int) -> UInt16 {
    UInt16(clamping: segment > 0 && segment < space ? space / segment * segment : space)
  }
}
