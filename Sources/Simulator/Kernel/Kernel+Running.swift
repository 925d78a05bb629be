import DequeModule
import HeapModule
package import NetworkTypes
import Packets

extension Kernel {
  /// How long a frame takes from one device to the next: less than on a real machine, but never nothing.
  static let crossingTime = TimeSpan.microseconds(1)

  /// Lets time pass up to a moment, with all that happens until then.
  ///
  /// - Parameter end: the moment; it is the present afterwards, unless it has passed already.
  package mutating func run(until end: Instant) {
    while happen(before: end) {}
    now = max(now, end)
  }

  /// Lets a span of time pass.
  ///
  /// - Parameter span: how long.
  package mutating func run(for span: TimeSpan) { run(until: now + span) }

  /// Lets the next thing happen that is due, if it is due in time.
  ///
  /// - Parameter end: the last moment that counts.
  /// - Returns: whether there was one.
  mutating func happen(before end: Instant) -> Bool {
    isBusy = true
    defer { isBusy = false }
    let arrival = arrivals.first?.due
    if let timer = timers.min, timer.due <= end, arrival.map({ timer.due < $0 }) ?? true {
      _ = timers.popMin()
      now = max(now, timer.due)
      fire(timer.action)
      return true
    }
    guard let arrival, arrival <= end, let next = arrivals.popFirst() else { return false }
    now = max(now, arrival)
    if !carried.isEmpty { carried = [] }
    if !next.tracking.isNone { carried = [PacketContext(tracking: next.tracking)] }
    receive(next.frame, on: next.device, bridges: next.bridges)
    for device in next.others {
      if !carried.isEmpty { carried = [] }
      receive(next.frame, on: device, bridges: next.bridges)
    }
    return true
  }

  /// Has what was sent arrive, and all that this sets off, if it was a program that sent it: the kernel sees to that
  /// before the program sends the next (do_softirq, as dev_queue_xmit returns).
  mutating func finishSending() {
    guard !isBusy else { return }
    while let due = arrivals.first?.due, happen(before: due) {}
  }

  /// Hands a frame to a device, which receives it a moment later.
  mutating func hand(_ frame: Frame, to device: DeviceID, bridges: UInt8) {
    arrivals.append(Arrival(due: now + Self.crossingTime, device: device, frame: frame, bridges: bridges))
  }

  /// Hands a frame to several devices, which receive it one after the other.
  mutating func hand(_ frame: Frame, toAll devices: [DeviceID], bridges: UInt8) {
    guard let first = devices.first else { return }
    let others = Array(devices.dropFirst())
    let due = now + Self.crossingTime
    arrivals.append(Arrival(due: due, device: first, others: others, frame: frame, bridges: bridges))
  }

  /// Has something happen later.
  ///
  /// - Returns: the timer's number.
  @discardableResult
  mutating func schedule(_ action: Timer.Action, after span: TimeSpan) -> UInt64 {
    lastTimer += 1
    timers.insert(Timer(due: now + span, number: lastTimer, action: action))
    return lastTimer
  }

  private mutating func fire(_ action: Timer.Action) {
    switch action {
    case .send(let frame, let device, let bridges): transmitNow(frame, from: device, bridges: bridges)
    case .dequeue(let frame, let device, let bridges): dequeue(frame, from: device, bridges: bridges)
    case .neighbor(let namespace, let key, let number): neighborTimer(namespace, key, number)
    case .proxyReply(let request, let device): reply(to: request, on: device)
    case .routersAnswer(let target, let hardware, let asker, let device):
      answerAsRouter(target, hardware, asker, on: device, isForAll: true)
    case .addressIsUnique(let device, let address): addressIsUnique(address, device)
    case .announceGroups(let device): sendGroupReports(device)
    case .solicitRouters(let device, let asked): solicitRouters(device, asked: asked)
    case .reassemblyTimeout(let namespace, let key): reassemblyTimedOut(namespace, key)
    case .spanningTree(let bridge): spanningTreeTimer(bridge)
    case .macvlanBroadcast(let frame, let device, let bridges): broadcastToMACVLANs(frame, on: device, bridges)
    case .sweepBridge(let bridge, let number): sweepBridge(bridge, number)
    case .topologyNotice(let bridge): repeatTopologyNotice(bridge)
    case .topologyIsOld(let bridge, let number): topologyIsOld(bridge, number)
    case .portState(let device, let state): advancePort(device, to: state)
    case .retransmit(let namespace, let socket): retransmit(namespace, socket)
    }
  }
}
