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
  /// The ranges of the payload, in order; none meets another.
  private(set) var parts: [Range<Int>] = []
  /// The first part, which errors are about.
  private(set) var first: IPPacket?
  /// The end of the payload, once the last part is there.
  private var end: Int?
  /// The length of the longest part, its header included.
  private(set) var longest = 0
  /// The device that the last part came in by.
  private(set) var device: DeviceID

  init(device: DeviceID) { self.device = device }

  /// What comes of a part.
  enum Outcome {
    /// It is kept.
    case kept
    /// It was there already, and is let go.
    case known
    /// It has something else than was there: nothing of the packet can be believed (RFC 5722).
    case overlapping
  }

  /// Adds a part, unless all of it has come before (inet_frag_queue_insert).
  mutating func add(_ part: Fragment, of packet: IPPacket, on device: DeviceID) -> Outcome {
    let range = part.offset..<part.offset + part.length
    let met = runs.filter { $0.overlaps(range) }
    guard met.isEmpty else { return met.contains { $0.contains(range) } ? .known : .overlapping }
    parts.insert(range, at: parts.firstIndex { $0.lowerBound > range.lowerBound } ?? parts.endIndex)
    self.device = device
    longest = max(longest, packet.length)
    if part.offset == 0 { first = packet }
    if !part.moreFollow { end = range.upperBound }
    return .kept
  }

  /// The parts, those that follow on each other as one.
  private var runs: [Range<Int>] {
    parts.reduce(into: []) { runs, part in
      if let last = runs.last, last.upperBound == part.lowerBound {
        runs[runs.count - 1] = last.lowerBound..<part.upperBound
      } else {
        runs.append(part)
      }
    }
  }

  /// Whether all is there.
  var isComplete: Bool { end.map { runs == [0..<$0] } ?? false }
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
    } else {
      waiting = Reassembly(device: device)
      schedule(.reassemblyTimeout(namespace, key), after: .seconds(packet.family == .ipv4 ? 30 : 60))
    }
    switch waiting.add(part, of: packet, on: device) {
    case .kept: break
    case .known: return nil
    case .overlapping:
      namespaces[namespace.index].reassembly[key] = nil
      return nil
    }
    guard waiting.isComplete else {
      namespaces[namespace.index].reassembly[key] = waiting
      return nil
    }
    namespaces[namespace.index].reassembly[key] = nil
    var whole = part.whole
    whole.hopLimit = waiting.first?.hopLimit ?? packet.hopLimit
    return (whole, GatheredParts(ranges: waiting.parts, longest: waiting.longest))
  }

  /// Gives up waiting for parts; whoever sent them hears of it if the first is there (ip_expire).
  mutating func reassemblyTimedOut(_ namespace: NamespaceID, _ key: ReassemblyKey) {
    guard let waiting = namespaces[namespace.index].reassembly.removeValue(forKey: key) else { return }
    guard let first = waiting.first else { return }
    drop(first, .partsMissing, at: waiting.device)
    sendError(.reassemblyTimeExceeded, about: first, in: namespace, receivedBy: waiting.device)
  }
}
