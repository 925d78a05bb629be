/// A frame's fields as text, but for those that chance decides: identifiers, sequence numbers, checksums of segments
/// that the sending machine leaves to its hardware, the bytes of data.
///
/// It reads what stands on the wire, the same for both sides, so that a field that the simulator forgets to write
/// shows.
struct FrameText {
  private let bytes: [UInt8]
  private let given: Set<String>
  private let showsWindows: Bool
  private(set) var text = ""

  /// Reads a frame.
  ///
  /// - Parameters:
  ///   - bytes: the frame from its destination address on.
  ///   - given: the hardware addresses that aren't drawn by chance.
  ///   - showsWindows: whether TCP's window is told, whose scale hangs on the kernel's version and memory.
  init(_ bytes: [UInt8], given: Set<String>, showsWindows: Bool) {
    self.bytes = bytes
    self.given = given
    self.showsWindows = showsWindows
    guard bytes.count >= 14 else {
      text = "a frame of \(bytes.count) bytes"
      return
    }
    text = "\(hardware(0)) < \(hardware(6))"
    var kind = number(12)
    var start = 14
    if kind == 0x8100 {
      text += " vlan \(number(14))"
      (kind, start) = (number(16), 18)
    }
    switch kind {
    case 0x0806: addARP(start)
    case 0x0800: addIPv4(start, bytes.count)
    case 0x86dd: addIPv6(start, bytes.count)
    default: text += " type \(kind)"
    }
  }

  private func number(_ place: Int) -> Int {
    place + 1 < bytes.count ? Int(bytes[place]) << 8 | Int(bytes[place + 1]) : 0
  }

  private func hex(_ range: Range<Int>) -> String {
    bytes[range.clamped(to: bytes.indices)].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private func hardware(_ place: Int) -> String {
    guard place + 6 <= bytes.count else { return "-" }
    let address = bytes[place..<place + 6].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    // What stands for a group is made of the group's address, which may be made of a random one.
    return given.contains(address) || bytes[place] & 1 == 1 || address == "00:00:00:00:00:00" ? address : "MAC"
  }

  private func address4(_ place: Int) -> String {
    guard place + 4 <= bytes.count else { return "-" }
    return bytes[place..<place + 4].map(String.init).joined(separator: ".")
  }

  private mutating func addARP(_ start: Int) {
    text += " arp \(hex(start..<start + 6)) op \(number(start + 6)) \(hardware(start + 8)) \(address4(start + 14))"
    text += " \(hardware(start + 18)) \(address4(start + 24))"
    // Nothing is padded between two programs.
    text += " length \(bytes.count - start)"
  }

  private mutating func addIPv4(_ start: Int, _ end: Int) {
    let header = Int(bytes[start] & 15) * 4
    guard start + header <= end else { return text += " cut" }
    let (flags, offset) = (number(start + 6) >> 13, (number(start + 6) & 0x1fff) * 8)
    text += " ip \(address4(start + 12)) > \(address4(start + 16)) header \(header) tos \(bytes[start + 1])"
    text += " length \(number(start + 2)) flags \(flags) offset \(offset) ttl \(bytes[start + 8])"
    text += " protocol \(bytes[start + 9])"
    if sum(start..<start + header) != 0xffff { text += " checksum wrong" }
    guard offset == 0 else { return }
    addPayload(bytes[start + 9], start + header, end, isPart: flags & 1 != 0, isIPv6: false)
  }

  private mutating func addIPv6(_ start: Int, _ end: Int) {
    guard start + 40 <= end else { return text += " cut" }
    text += " ip6 \(address6(start + 8)) > \(address6(start + 24)) class \(number(start) >> 4 & 0xff)"
    text += " length \(number(start + 4)) limit \(bytes[start + 7])"
    var (kind, place, isPart) = (bytes[start + 6], start + 40, false)
    if kind == 44, place + 8 <= end {
      let offset = number(place + 2) & 0xfff8
      text += " offset \(offset) more \(number(place + 2) & 1)"
      (kind, place, isPart) = (bytes[place], place + 8, true)
      guard offset == 0 else { return }
    }
    text += " protocol \(kind)"
    addPayload(kind, place, end, isPart: isPart, isIPv6: true)
  }

  private func address6(_ place: Int) -> String {
    let text = hex(place..<place + 16)
    // Made of a hardware address that chance has drawn, perhaps.
    guard text.hasPrefix("fe80"), text.dropFirst(22).hasPrefix("fffe"), place + 16 <= bytes.count else {
      return text.hasPrefix("ff02") && text.dropFirst(24).hasPrefix("01ff") ? "solicited-node" : text
    }
    var octets = Array(bytes[place + 8..<place + 11]) + Array(bytes[place + 13..<place + 16])
    octets[0] ^= 2
    let hardware = octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    return given.contains(hardware) ? text : "fe80 of MAC"
  }

  private mutating func addPayload(_ kind: UInt8, _ start: Int, _ end: Int, isPart: Bool, isIPv6: Bool) {
    guard start + 8 <= end else { return text += " cut" }
    switch kind {
    case 1, 58: addICMP(start, end, isIPv6: isIPv6)
    case 17:
      let (source, destination) = (number(start), number(start + 2))
      text += " udp \(port(source)) > \(port(destination)) length \(number(start + 4))"
      if destination == 4789 || destination == 8472, start + 30 < end {
        text += " vxlan \(hex(start + 8..<start + 16)) ["
        text += FrameText(Array(bytes[start + 16..<end]), given: given, showsWindows: showsWindows).text + "]"
      }
    case 6:
      guard start + 20 <= end else { return text += " cut" }
      text += " tcp \(port(number(start))) > \(port(number(start + 2))) header \(bytes[start + 12] >> 4)"
      text += " flags \(bytes[start + 13])"
      if showsWindows { text += " window \(number(start + 14))" }
      if bytes[start + 13] & 2 != 0 { text += " MSS \(number(start + 22))" }
    default: break
    }
  }

  /// A port that programs are given by number; those that the machine chooses are by chance.
  private func port(_ number: Int) -> String { number < 32768 ? "\(number)" : "any" }

  private mutating func addICMP(_ start: Int, _ end: Int, isIPv6: Bool) {
    let (type, code) = (bytes[start], bytes[start + 1])
    text += " icmp \(type)/\(code) of \(end - start) bytes"
    let isError = isIPv6 ? type < 128 : [3, 5, 11, 12].contains(type)
    if isError {
      // The unused half must be zero; the next hop's MTU or gateway stands there in some.
      text += " \(hex(start + 4..<start + 8))"
      quote(start + 8, end, isIPv6: isIPv6)
    } else if isIPv6, [135, 136].contains(type), start + 24 <= end {
      text += " \(hex(start + 4..<start + 8)) target \(address6(start + 8))"
      if start + 32 <= end { text += " option \(hex(start + 24..<start + 26)) \(hardware(start + 26))" }
    } else if isIPv6, type == 137, start + 40 <= end {
      text += " to \(address6(start + 8)) for \(address6(start + 24))"
    }
  }

  private mutating func quote(_ start: Int, _ end: Int, isIPv6: Bool) {
    guard start + 28 <= end else { return }
    text += " about"
    if isIPv6 { addIPv6(start, end) } else { addIPv4(start, end) }
  }

  /// The ones' complement sum (RFC 1071); all ones where the checksum in it is right.
  private func sum(_ range: Range<Int>) -> Int {
    var total = 0
    for place in stride(from: range.lowerBound, to: range.upperBound, by: 2) { total += number(place) }
    while total > 0xffff { total = total & 0xffff + total >> 16 }
    return total
  }
}
