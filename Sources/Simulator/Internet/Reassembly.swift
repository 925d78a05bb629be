import NetworkTypes
import Packets

/// What the parts of one packet have in common (ip(7), RFC 8200 §4.5).
struct ReassemblyKey: Hashable, Sendable {
  let source: IPAddress
  let destination: IPAddress
  let identification: UInt32
}

/// The parts of a packet that have come so far.
struct Reassembly: Sendable {
  /// The ranges of the payload, in the order in which they came.
  var parts: [Range<Int>] = []
  /// The first part, which errors are about.
  var first: IPPacket?
  /// The end of the payload, once the last part is there.
  var end: Int?
  /// The length of the longest part, its header included.
  var longest = 0
  /// The device that the last part came in by.
  var device: DeviceID

  /// Whether all is there.
  var isComplete: Bool {
    guard let end else { return false }
    var reached = 0
    for part in parts.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      guard part.lowerBound <= reached else { return false }
      reached = max(reached, part.upperBound)
    }
    return reached >= end
  }
}

extension Kernel {
  /// Cuts a packet into parts that fit (ip_do_fragment, ip6_fragment).
  ///
  /// - Parameters:
  ///   - packet: the packet.
  ///   - mtu: the longest part in bytes, its header included.
  ///   - parts: the parts that it came in, which it is cut into again where they fit.
  /// - Returns: the parts in order.
  func fragments(of packet: IPPacket, mtu: Int, as parts: GatheredParts? = nil) -> [IPPacket] {
    let header = packet.family == .ipv4 ? packet.headerLength : 48
    let step = (mtu - header) & ~7
    guard step > 0 else { return [] }
    // A part may be cut again on the way.
    let (start, total, whole, mayFollow): (Int, Int, IPPacket, Bool)
    if case .fragment(let part) = packet.payload {
      (start, total, whole, mayFollow) = (part.offset, part.length, part.whole, part.moreFollow)
    } else {
      (start, total, whole, mayFollow) = (0, packet.payload.length, packet, false)
    }
    let even = stride(from: 0, to: total, by: step).map { $0..<min($0 + step, total) }
    let ranges = parts.flatMap { $0.fit(mtu - header) ? $0.ranges : nil } ?? even
    return ranges.map { range in
      var part = packet
      part.payload = .fragment(
        Fragment(
          offset: start + range.lowerBound, length: range.count, moreFollow: mayFollow || range.upperBound < total,
          whole: whole))
      return part
    }
  }

  /// Adds a part to those of its packet (ip_defrag).
  ///
  /// - Returns: the packet and its parts, once all are there.
  mutating func reassemble(_ packet: IPPacket, _ part: Fragment, on device: DeviceID, in namespace: NamespaceID)
    -> (packet: IPPacket, parts: GatheredParts)?
  {
    let key = ReassemblyKey(
      source: packet.source, destination: packet.destination, identification: packet.identification)
    var waiting: Reassembly
    if let known = self[namespace].reassembly[key] {
      waiting = known
      waiting.device = device
    } else {
      waiting = Reassembly(device: device)
      schedule(.reassemblyTimeout(namespace, key), after: .seconds(packet.family == .ipv4 ? 30 : 60))
    }
    waiting.parts.append(part.offset..<part.offset + part.length)
    waiting.longest = max(waiting.longest, packet.length)
    if part.offset == 0 { waiting.first = packet }
    if !part.moreFollow { waiting.end = part.offset + part.length }
    guard waiting.isComplete else {
      namespaces[namespace.index].reassembly[key] = waiting
      return nil
    }
    namespaces[namespace.index].reassembly[key] = nil
    var whole = part.whole
    whole.hopLimit = waiting.first?.hopLimit ?? packet.hopLimit
    let ranges = waiting.parts.sorted { $0.lowerBound < $1.lowerBound }
    return (whole, GatheredParts(ranges: ranges, longest: waiting.longest))
  }

  /// Gives up waiting for parts; whoever sent them hears of it if the first is there (ip_expire).
  mutating func reassemblyTimedOut(_ namespace: NamespaceID, _ key: ReassemblyKey) {
    guard let waiting = namespaces[namespace.index].reassembly.removeValue(forKey: key) else { return }
    guard let first = waiting.first else { return }
    drop(first, .partsMissing, at: waiting.device)
    sendError(.reassemblyTimeExceeded, about: first, in: namespace, receivedBy: waiting.device)
  }
}
