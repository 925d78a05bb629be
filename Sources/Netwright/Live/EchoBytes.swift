import NetworkTypes
import Packets
import Simulator

/// Echo requests and what is said about them, as bytes (RFC 792, RFC 4443).
enum EchoBytes {
  /// A request with 56 bytes of data; the kernel puts IPv6's check sum in itself.
  static func request(identifier: UInt16, isIPv4: Bool) -> [UInt8] {
    var bytes: [UInt8] = [isIPv4 ? 8 : 128, 0, 0, 0, UInt8(identifier >> 8), UInt8(identifier & 0xff), 0, 1]
    bytes += (0..<56).map { UInt8($0) }
    guard isIPv4 else { return bytes }
    var sum = stride(from: 0, to: bytes.count, by: 2).reduce(UInt32(0)) { sum, index in
      sum + UInt32(bytes[index]) << 8 + UInt32(bytes[index + 1])
    }
    while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
    (bytes[2], bytes[3]) = (UInt8(~sum >> 8 & 0xff), UInt8(~sum & 0xff))
    return bytes
  }

  /// Whether a message is an echo request; of IPv4 it has its header before it.
  static func isRequest(_ bytes: ArraySlice<UInt8>, isIPv4: Bool) -> Bool {
    guard isIPv4 else { return bytes.first == 128 }
    return bytes.dropFirst(Int((bytes.first ?? 0) & 15) * 4).first == 8
  }

  /// What a message says about the request with an identifier; nil if it is about something else.
  ///
  /// - Parameters:
  ///   - bytes: the message, of IPv4 with its header before it.
  ///   - sender: who sent it.
  ///   - identifier: the request's.
  ///   - isIPv4: whether it is IPv4's.
  /// - Returns: the outcome.
  static func answer(
    _ bytes: ArraySlice<UInt8>, from sender: IPAddress, identifier: UInt16, isIPv4: Bool
  ) -> PingOutcome? {
    var message = Array(bytes)
    var hopLimit: UInt8 = 64
    if isIPv4 {
      guard let first = message.first, message.count >= Int(first & 15) * 4 + 8 else { return nil }
      hopLimit = message[8]
      message.removeFirst(Int(first & 15) * 4)
    }
    guard message.count >= 8 else { return nil }
    let (type, code) = (message[0], message[1])
    if type == (isIPv4 ? 0 : 129) {
      guard UInt16(message[4]) << 8 | UInt16(message[5]) == identifier else { return nil }
      return .reply(from: sender, hopLimit: hopLimit, length: message.count, time: .milliseconds(0))
    }
    // An error quotes the request: its IP header, then its first bytes.
    let quoted = Array(message.dropFirst(8))
    let header = isIPv4 ? Int((quoted.first ?? 0) & 15) * 4 : 40
    guard quoted.count >= header + 8, quoted[header] == (isIPv4 ? 8 : 128),
      UInt16(quoted[header + 4]) << 8 | UInt16(quoted[header + 5]) == identifier
    else { return nil }
    // What is quoted isn't looked at again.
    let packet = IPPacket(source: sender, destination: sender, payload: .listenerReport(groups: []))
    let quote = QuotedPacket(packet, limit: 0)
    switch (type, isIPv4) {
    case (3, true): return .error(.unreachable(ipv4Reason(code), quoted: quote), from: sender)
    case (1, false): return .error(.unreachable(ipv6Reason(code), quoted: quote), from: sender)
    case (11, true), (3, false): return .error(.timeExceeded(quoted: quote), from: sender)
    case (_, _): return nil
    }
  }

  private static func ipv4Reason(_ code: UInt8) -> ICMPMessage.Unreachable {
    switch code {
    case 0: .network
    case 2: .protocol
    case 3: .port
    case 9: .networkProhibited
    case 10: .hostProhibited
    case 13: .prohibited
    case _: .host
    }
  }

  private static func ipv6Reason(_ code: UInt8) -> ICMPMessage.Unreachable {
    switch code {
    case 0: .network
    case 1: .prohibited
    case 2: .beyondScope
    case 4: .port
    case 6: .rejectRoute
    case _: .host
    }
  }
}
