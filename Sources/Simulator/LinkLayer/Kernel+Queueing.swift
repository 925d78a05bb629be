import NetworkTypes
import Packets
import Plan

extension Kernel {
  /// Hands a frame to a device's queueing discipline.
  mutating func enqueue(_ frame: Frame, on device: DeviceID, _ bridges: UInt8) {
    guard var qdisc = self[device].qdisc else { return }
    switch qdisc.kind {
    case .netem(let options): impair(frame, by: options, &qdisc, device, bridges)
    case .tbf(let options): shape(frame, by: options, &qdisc, device, bridges)
    }
    devices[device.index].qdisc = qdisc
  }

  /// Doubles, loses, damages and delays (netem_enqueue, net/sched/sch_netem.c).
  ///
  /// Of two a loss takes one. The copy goes first, and through the rest by itself; none is made of it.
  private mutating func impair(
    _ frame: Frame, by options: NetemOptions, _ qdisc: inout Qdisc, _ device: DeviceID, _ bridges: UInt8,
    isCopy: Bool = false
  ) {
    var count = !isCopy && happens(options.duplicate) ? 2 : 1
    if happens(options.loss) { count -= 1 }
    guard count > 0 else { return drop(frame, .lost, at: device) }
    if count > 1 { impair(frame, by: options, &qdisc, device, bridges, isCopy: true) }
    guard !happens(options.corrupt) else { return drop(frame, .corrupted, at: device) }
    // What overtakes the others waits for nothing, not even for the rate.
    let overtakes = options.delay != nil && happens(options.reorder)
    var wait = overtakes ? .milliseconds(0) : delay(options)
    if !overtakes, let rate = options.rate {
      let start = max(now + wait, qdisc.busyUntil)
      qdisc.busyUntil = start + time(for: frame.countedLength, at: rate)
      wait = qdisc.busyUntil.since(now)
    }
    schedule(.send(frame, device, bridges: bridges), after: wait)
  }

  /// The delay of one frame, spread evenly around the mean.
  private mutating func delay(_ options: NetemOptions) -> TimeSpan {
    guard let delay = options.delay else { return .milliseconds(0) }
    guard let jitter = options.jitter, jitter.nanoseconds > 0 else { return delay }
    let shift = UInt64.random(in: 0...(2 * jitter.nanoseconds), using: &random)
    let sum = delay.nanoseconds + shift
    return TimeSpan(nanoseconds: sum > jitter.nanoseconds ? sum - jitter.nanoseconds : 0)
  }

  /// Lets through what the bucket has tokens for, and lets the rest wait, as many bytes as the queue in it takes
  /// (tbf_enqueue, tbf_dequeue, bfifo_enqueue).
  private mutating func shape(
    _ frame: Frame, by options: TBFOptions, _ qdisc: inout Qdisc, _ device: DeviceID, _ bridges: UInt8
  ) {
    guard frame.countedLength <= options.burst else { return drop(frame, .queueFull, at: device) }
    let perSecond = Double(options.rate.bitsPerSecond) / 8
    // At the fastest rates more than an integer holds; the bucket takes no more than it has room for.
    let gained = min(Double(now.since(qdisc.busyUntil).nanoseconds) * perSecond / 1e9, Double(options.burst))
    let tokens = min(options.burst, qdisc.tokens + Int(gained))
    let start = max(now, qdisc.busyUntil)
    let missing = max(0, frame.countedLength - tokens)
    let wait = start.since(now) + TimeSpan(nanoseconds: UInt64(Double(missing) / perSecond * 1e9))
    guard qdisc.backlog + frame.countedLength <= options.limit else { return drop(frame, .queueFull, at: device) }
    qdisc.tokens = tokens + missing - frame.countedLength
    qdisc.busyUntil = now + wait
    if wait.nanoseconds == 0 {
      transmitNow(frame, from: device, bridges: bridges)
    } else {
      qdisc.backlog += frame.countedLength
      schedule(.dequeue(frame, device, bridges: bridges), after: wait)
    }
  }

  /// Sends a frame that has waited in a token bucket's queue.
  mutating func dequeue(_ frame: Frame, from device: DeviceID, bridges: UInt8) {
    if let backlog = self[device].qdisc?.backlog {
      devices[device.index].qdisc?.backlog = max(0, backlog - frame.countedLength)
    }
    transmitNow(frame, from: device, bridges: bridges)
  }

  private mutating func happens(_ chance: Percentage?) -> Bool {
    guard let chance, chance.millionths > 0 else { return false }
    return UInt32.random(in: 0..<1_000_000, using: &random) < chance.millionths
  }

  private func time(for bytes: Int, at rate: BitRate) -> TimeSpan {
    TimeSpan(nanoseconds: UInt64(bytes) * 8 * 1_000_000_000 / rate.bitsPerSecond)
  }
}

extension TimeSpan {
  static func + (left: Self, right: Self) -> Self { Self(nanoseconds: left.nanoseconds + right.nanoseconds) }
}

extension TBFOptions {
  /// How many bytes may wait: what the rate makes of the latency, and the burst (tbf_parse_opt, tc/q_tbf.c).
  fileprivate var limit: Int {
    let perSecond = Double(rate.bitsPerSecond / 8)
    let waiting: Double = perSecond * Double(latency.nanoseconds) / 1e9
    return Int(min(waiting + Double(burst), Double(UInt32.max)))
  }
}
