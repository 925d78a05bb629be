package import NetworkTypes
import Packets

/// What a neighbor is looked up by.
package struct NeighborKey: Hashable, Sendable {
  /// The device whose link it is on.
  package let device: DeviceID
  /// Its address.
  package let address: IPAddress

  /// Compares as numbers.
  package static func == (left: Self, right: Self) -> Bool {
    left.address.bits == right.address.bits && left.device.index == right.device.index
      && left.address.family == right.address.family
  }

  /// Hashes as one number: addresses on a link differ in their last bits.
  package func hash(into hasher: inout Hasher) {
    let bits = address.bits
    hasher.combine(UInt64(truncatingIfNeeded: bits ^ bits >> 64) ^ UInt64(device.index) << 40)
  }
}

/// What is known of a machine on a link (struct neighbour): its hardware address, and how sure that is.
package struct Neighbor: Sendable {
  /// How sure the hardware address is (NUD_*, RFC 4861 §7.3.2).
  package enum State: String, Hashable, Sendable {
    /// It is being asked for.
    case incomplete = "INCOMPLETE"
    /// It was confirmed a short time ago.
    case reachable = "REACHABLE"
    /// It was confirmed longer ago.
    case stale = "STALE"
    /// It was used though stale, and will be asked for soon.
    case delay = "DELAY"
    /// It is being asked for again.
    case probe = "PROBE"
    /// Nobody answered.
    case failed = "FAILED"
  }

  /// How sure the hardware address is.
  package internal(set) var state: State
  /// The hardware address, where it is known.
  package internal(set) var hardware: MACAddress?
  /// Whether it forwards packets (IPv6).
  package internal(set) var isRouter = false
  /// Packets that wait for the hardware address.
  var queue: [QueuedPacket] = []
  /// How often it has been asked for.
  var probes = 0
  /// When it was confirmed, last used, and changed.
  var confirmed = Instant.start
  var used = Instant.start
  var updated = Instant.start
  /// The timer that counts; 0 for none.
  var timer: UInt64 = 0

  /// Whether packets can be sent to it.
  package var isValid: Bool {
    switch state {
    case .reachable, .stale, .delay, .probe: true
    case .incomplete, .failed: false
    }
  }

  /// Has it confirmed before it is taken for reachable again.
  mutating func becomeStale(at now: Instant) {
    state = .stale
    updated = now
    timer = 0
  }
}

/// A packet that waits for a hardware address.
struct QueuedPacket: Sendable {
  let packet: IPPacket
  /// Whether the machine itself sent it; otherwise the device that it came in by counts for the error.
  let origin: PacketOrigin
  /// The frame that it stays in, where a bridge passes it on.
  var turned: TurnedFrame?
}

/// A frame whose packet's destination rules have translated to another neighbor on the same bridge (bridged_dnat).
struct TurnedFrame: Sendable {
  let frame: Frame
  let context: PacketContext
  /// The port that it came in by.
  let port: DeviceID
  /// The bridge, and how many the frame has passed.
  let bridge: Int
  let passed: UInt8
}

/// Where a packet comes from that is being sent.
enum PacketOrigin: Hashable, Sendable {
  /// The machine itself.
  case local
  /// Another machine, by that device.
  case forwarded(DeviceID)
}

/// The timing of neighbors: net.ipv4.neigh.default.* and net.ipv6.neigh.default.* (arp(7)).
enum NeighborTiming {
  /// How long a confirmation holds: the mean of what the kernel draws by chance, 15 s to 45 s (base_reachable_time_ms).
  static let reachable = TimeSpan.seconds(30)
  /// From the use of a stale neighbor to the request (delay_first_probe_time).
  static let delay = TimeSpan.seconds(5)
  /// How long an answer for somebody else waits: the mean of what the kernel draws by chance, up to 0.8 s
  /// (proxy_delay).
  static let proxyDelay = TimeSpan.milliseconds(400)
  /// How many requests go unanswered before it is given up (mcast_solicit, ucast_solicit).
  static let probes = 3
  /// How many packets wait; more push the oldest out.
  ///
  /// The kernel counts bytes (unres_qlen_bytes, 212 992).
  static let queueLength = 101
}
