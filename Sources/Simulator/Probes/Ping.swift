package import NetworkTypes
package import Packets

/// How echo requests are sent, in the words of ping(8).
package struct PingOptions: Sendable {
  /// How many (-c).
  package var count = 1
  /// How many bytes of data each carries (-s).
  package var size = 56
  /// The time to live (-t).
  package var hopLimit: UInt8?
  /// Whether nobody may fragment them (-M do).
  package var forbidsFragments = false
  /// The source address (-I).
  package var source: IPAddress?
  /// From one to the next (-i).
  package var interval = TimeSpan.seconds(1)
  /// What tells its requests from others' (-e); nil for one that nobody uses.
  package var identifier: UInt16?
  /// How long answers are waited for after the last (-W).
  package var timeout = TimeSpan.seconds(4)

  /// Creates the options of a plain `ping -c 1`.
  package init() {}
}

/// What came of a run of echo requests.
package struct PingRun: Sendable {
  /// The outcomes in the order of sending.
  package var outcomes: [PingOutcome]
  /// How many requests were on their way at once at most when something was heard of one (ping's `pipe`).
  package var pipe: Int
  /// The indices of those that a rule of the sender's own dropped.
  ///
  /// Of a refusal by such a rule ping(8) hears twice: by the error that it sends, and by the sending itself
  /// (ping_common.c: pinger).
  package var refused: Set<Int> = []
  /// The further answers to a request, by its index, as long as ping(8) listened.
  package var duplicates: [Int: [PingOutcome]] = [:]
}

/// What came of one echo request.
package enum PingOutcome: Hashable, Sendable {
  /// The target answered; the length is that of the ICMP message in bytes.
  case reply(from: IPAddress, hopLimit: UInt8, length: Int, time: TimeSpan)
  /// A machine on the way objected.
  case error(ICMPMessage, from: IPAddress)
  /// It could not be sent.
  case notSent(Errno)
  /// It was longer than the path's MTU in bytes, and must not be fragmented.
  case tooLong(mtu: Int)
  /// Nothing was heard.
  case silence
}

extension Kernel {
  /// Sends echo requests and waits for what comes of each, as ping(8) does.
  ///
  /// - Parameters:
  ///   - target: the address.
  ///   - namespace: the machine that asks.
  ///   - options: how.
  /// - Returns: the outcomes in the order of sending.
  package mutating func ping(
    _ target: IPAddress, from namespace: NamespaceID, _ options: PingOptions = PingOptions()
  ) -> [PingOutcome] {
    pingRun(target, from: namespace, options).outcomes
  }

  /// The same, with what ping(8) says of the run as a whole.
  package mutating func pingRun(
    _ target: IPAddress, from namespace: NamespaceID, _ options: PingOptions = PingOptions()
  ) -> PingRun {
    let identifier = options.identifier ?? namespaces[namespace.index].sockets.makeIdentifier()
    let socket = namespaces[namespace.index].sockets.open(.echo(identifier: identifier))
    defer { namespaces[namespace.index].sockets.close(socket) }
    var round = PingRound(options, to: target)
    for sequence in 1...max(1, options.count) {
      let request = ICMPMessage.Echo(
        identifier: identifier, sequence: UInt16(truncatingIfNeeded: sequence), data: .pattern(options.size))
      round.begin(at: now)
      do throws(KernelError) {
        // It finds its source by connecting a socket (ping4_run), and sends by another that isn't connected.
        if sequence == 1 { _ = try connectedWay(to: target, round.sending, in: namespace) }
        try send(.icmp(.echoRequest(request)), to: target, round.sending, in: namespace)
      } catch {
        let outcome = outcome(of: error, target, round.sending, in: namespace)
        if let outcome { round.set(sequence - 1, outcome) } else { round.refused.insert(sequence - 1) }
      }
      let end = now + (sequence == options.count ? options.timeout : options.interval)
      while true {
        for (time, event) in fetch(socket, in: namespace) { round.note(event, at: time) }
        guard round.isWaiting, now < end else { break }
        waitForNotice(until: end)
      }
      if sequence < options.count { run(until: end) }
    }
    return PingRun(
      outcomes: round.outcomes.map { $0 ?? .silence }, pipe: round.pipe, refused: round.refused,
      duplicates: round.duplicates)
  }

  /// What ping(8) says where the request could not be sent; nil where a rule dropped it.
  func outcome(
    of error: KernelError, _ target: IPAddress, _ sending: SendOptions, in namespace: NamespaceID
  ) -> PingOutcome? {
    // What a rule has dropped is waited for all the same: an error may come of it.
    guard error.errno != .notPermitted else { return nil }
    guard error.errno == .messageTooLong, let way = try? way(to: target, sending, in: namespace) else {
      return .notSent(error.errno)
    }
    // No packet is longer (ip_dst_mtu_maybe_forward: IP_MAX_MTU).
    return .tooLong(mtu: min(pathMTU(to: target, way.route, way.hop, in: namespace), 65535))
  }

  /// Lets time pass until a socket is told something.
  ///
  /// - Parameter end: the last moment.
  mutating func waitForNotice(until end: Instant) {
    let before = notices
    while notices == before {
      guard happen(before: end) else {
        now = max(now, end)
        return
      }
    }
  }
}

/// The requests of one run of ping, and what is known of each.
private struct PingRound {
  var sending = Kernel.SendOptions()
  private(set) var outcomes: [PingOutcome?] = []
  private var times: [Instant] = []
  var refused: Set<Int> = []
  private(set) var duplicates: [Int: [PingOutcome]] = [:]
  /// How many requests there are in all.
  private let count: Int
  /// How many of the outcomes aren't known yet.
  private var pending = 0
  /// How many requests were on their way at once when something was heard (ping_common.c: acknowledge).
  private(set) var pipe = 0

  /// Whom they are for.
  let target: IPAddress

  init(_ options: PingOptions, to target: IPAddress) {
    self.target = target
    count = max(1, options.count)
    sending = Kernel.SendOptions(options)
  }

  /// Whether something isn't known yet.
  var isWaiting: Bool { pending > 0 }

  /// Adds a request that is about to be sent.
  mutating func begin(at time: Instant) {
    outcomes.append(nil)
    times.append(time)
    pending += 1
  }

  /// Notes what came of a request, by its index, unless that is known.
  mutating func set(_ index: Int, _ outcome: PingOutcome) {
    guard outcomes.indices.contains(index), outcomes[index] == nil else { return }
    outcomes[index] = outcome
    pending -= 1
  }

  mutating func note(_ event: SocketEvent, at time: Instant) {
    switch event {
    case .echoReply(let echo, let from, let hopLimit, let length):
      hear(echo.sequence, .reply(from: from, hopLimit: hopLimit, length: length, time: time.since(sent(echo.sequence))))
    case .error(let message, let from, about: let packet):
      if case .icmp(.echoRequest(let echo)) = packet.payload, packet.destination == target {
        hear(echo.sequence, .error(message, from: from))
      }
    case .datagram, .connected, .failed: break
    }
  }

  private func sent(_ sequence: UInt16) -> Instant {
    times.indices.contains(Int(sequence) - 1) ? times[Int(sequence) - 1] : .start
  }

  private mutating func hear(_ sequence: UInt16, _ outcome: PingOutcome) {
    let index = Int(sequence) - 1
    guard outcomes.indices.contains(index) else { return }
    if case .reply = outcome, case .reply? = outcomes[index] {
      // It ends when it has heard of all (ping_common.c: main_loop).
      if outcomes.count < count || isWaiting { duplicates[index, default: []].append(outcome) }
      return
    }
    guard outcomes[index] == nil else { return }
    set(index, outcome)
    pipe = max(pipe, outcomes.count - index)
  }
}
