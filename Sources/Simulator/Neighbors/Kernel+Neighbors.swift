import NetworkTypes
import Packets

extension Kernel {
  /// Sends a packet to a neighbor, asking for its hardware address first where that is needed (neigh_resolve_output).
  ///
  /// - Parameters:
  ///   - packet: the packet.
  ///   - address: the neighbor.
  ///   - device: the device.
  ///   - origin: where the packet comes from.
  ///   - turned: the frame that it stays in, where a bridge passes it on.
  mutating func output(
    _ packet: IPPacket, to address: IPAddress, by device: DeviceID, origin: PacketOrigin, turned: TurnedFrame? = nil
  ) {
    let namespace = self[device].namespace
    let key = NeighborKey(device: device, address: address)
    var neighbor = namespaces[namespace.index].neighbors[key] ?? Neighbor(state: .failed)
    neighbor.used = now
    switch neighbor.state {
    case .reachable, .delay, .probe: break
    case .stale:
      neighbor.state = .delay
      neighbor.updated = now
      neighbor.timer = schedule(.neighbor(namespace, key, number: lastTimer + 1), after: NeighborTiming.delay)
    case .incomplete:
      if neighbor.queue.count >= NeighborTiming.queueLength { neighbor.queue.removeFirst() }
      neighbor.queue.append(QueuedPacket(packet: packet, origin: origin, turned: turned))
      namespaces[namespace.index].neighbors[key] = neighbor
      return
    case .failed:
      neighbor.state = .incomplete
      neighbor.hardware = nil
      neighbor.probes = 1
      neighbor.updated = now
      neighbor.queue = [QueuedPacket(packet: packet, origin: origin, turned: turned)]
      neighbor.timer = schedule(
        .neighbor(namespace, key, number: lastTimer + 1), after: self[device][neighborsOf: address.family].wait)
      namespaces[namespace.index].neighbors[key] = neighbor
      solicit(key, for: packet, to: nil)
      return
    }
    namespaces[namespace.index].neighbors[key] = neighbor
    guard let hardware = neighbor.hardware else { return }
    if let turned { return passOn(turned, to: hardware) }
    transmit(
      Frame(destination: hardware, source: self[device].address, payload: .ip(packet)), from: device)
  }

  /// Begins to ask for a neighbor without a packet for it (neigh_event_send).
  mutating func lookFor(_ address: IPAddress, on device: DeviceID) {
    let namespace = self[device].namespace
    let key = NeighborKey(device: device, address: address)
    guard namespaces[namespace.index].neighbors[key].map({ $0.state == .failed }) ?? true else { return }
    var neighbor = Neighbor(state: .incomplete)
    neighbor.probes = 1
    neighbor.updated = now
    neighbor.timer = schedule(
      .neighbor(namespace, key, number: lastTimer + 1), after: self[device][neighborsOf: address.family].wait)
    namespaces[namespace.index].neighbors[key] = neighbor
    solicit(key, for: nil, to: nil)
  }

  /// Asks for a hardware address, by ARP or neighbor discovery.
  private mutating func solicit(_ key: NeighborKey, for packet: IPPacket?, to hardware: MACAddress?) {
    if recorder.isOn { recorder.add(.asked(key), at: now) }
    switch key.address {
    case .v4(let target): sendARPRequest(for: target, on: key.device, packet: packet, to: hardware)
    case .v6(let target): sendSolicitation(for: target, on: key.device, packet: packet, to: hardware)
    }
  }

  /// What happens when a neighbor's timer runs out (neigh_timer_handler).
  mutating func neighborTimer(_ namespace: NamespaceID, _ key: NeighborKey, _ number: UInt64) {
    guard var neighbor = namespaces[namespace.index].neighbors[key], neighbor.timer == number else { return }
    var next: TimeSpan?
    var asks = false
    switch neighbor.state {
    case .reachable:
      if now < neighbor.confirmed + NeighborTiming.reachable {
        next = (neighbor.confirmed + NeighborTiming.reachable).since(now)
      } else if now <= neighbor.used + NeighborTiming.delay {
        neighbor.state = .delay
        next = NeighborTiming.delay
      } else {
        neighbor.state = .stale
      }
    case .delay:
      if now <= neighbor.confirmed + NeighborTiming.delay {
        neighbor.state = .reachable
        next = (neighbor.confirmed + NeighborTiming.reachable).since(now)
      } else {
        (neighbor.state, neighbor.probes, asks) = (.probe, 1, true)
        next = self[key.device][neighborsOf: key.address.family].wait
      }
    case .probe, .incomplete:
      guard neighbor.probes < NeighborTiming.probes else {
        fail(&neighbor, namespace, key)
        return
      }
      neighbor.probes += 1
      asks = true
      next = self[key.device][neighborsOf: key.address.family].wait
    case .stale, .failed: break
    }
    neighbor.updated = now
    neighbor.timer = next.map { schedule(.neighbor(namespace, key, number: lastTimer + 1), after: $0) } ?? 0
    namespaces[namespace.index].neighbors[key] = neighbor
    if asks {
      // By whose source hangs on what came last (neigh_probe: skb_peek_tail).
      solicit(
        key, for: neighbor.queue.last?.packet, to: neighbor.state == .probe ? neighbor.hardware : nil)
    }
  }

  /// Gives a neighbor up: whoever sent what was waiting hears that the host can't be reached (neigh_invalidate).
  ///
  /// An error that has to go over the same neighbor has it asked for anew: of what waited behind its cause nobody hears
  /// then, and the error is lost too.
  private mutating func fail(_ neighbor: inout Neighbor, _ namespace: NamespaceID, _ key: NeighborKey) {
    let waiting = neighbor.queue
    neighbor.state = .failed
    neighbor.queue = []
    neighbor.timer = 0
    neighbor.updated = now
    namespaces[namespace.index].neighbors[key] = neighbor
    if recorder.isOn { recorder.add(.gaveUp(key), at: now) }
    for queued in waiting {
      if namespaces[namespace.index].neighbors[key]?.state == .failed {
        neighborFailed(queued, key)
      } else {
        drop(queued.packet, .neighborFailed(key.address), at: key.device)
      }
    }
    for queued in namespaces[namespace.index].neighbors[key]?.queue ?? [] {
      drop(queued.packet, .neighborFailed(key.address), at: key.device)
    }
    namespaces[namespace.index].neighbors[key]?.queue = []
  }

  private mutating func neighborFailed(_ queued: QueuedPacket, _ key: NeighborKey) {
    drop(queued.packet, .neighborFailed(key.address), at: key.device)
    let input: DeviceID? =
      switch queued.origin {
      // The machine tells itself, from its own address (ipv4_link_failure, ndisc_error_report).
      case .local: nil
      case .forwarded(let input): input
      }
    sendError(
      .host, about: queued.packet, in: self[key.device].namespace, receivedBy: input, leavingBy: key.device)
  }

  /// Learns or confirms a neighbor's hardware address (neigh_update).
  ///
  /// - Parameters:
  ///   - hardware: the hardware address.
  ///   - key: whose.
  ///   - isConfirmed: whether it answered a request.
  ///   - overrides: whether a different address that is known already is replaced.
  ///   - creates: whether a neighbor is made that isn't known.
  mutating func learn(
    _ hardware: MACAddress, of key: NeighborKey, isConfirmed: Bool, overrides: Bool, creates: Bool
  ) {
    let namespace = self[key.device].namespace
    let known = namespaces[namespace.index].neighbors[key]
    guard known != nil || creates else { return }
    var neighbor = known ?? Neighbor(state: .failed)
    let wasValid = neighbor.isValid
    if wasValid, neighbor.hardware != hardware {
      guard overrides else { return }
    }
    if wasValid, neighbor.hardware == hardware, !isConfirmed { return }
    let queue = neighbor.queue
    neighbor.queue = []
    neighbor.hardware = hardware
    neighbor.updated = now
    neighbor.state = isConfirmed ? .reachable : .stale
    if isConfirmed {
      neighbor.confirmed = now
      neighbor.timer = schedule(.neighbor(namespace, key, number: lastTimer + 1), after: NeighborTiming.reachable)
    } else {
      neighbor.timer = 0
    }
    namespaces[namespace.index].neighbors[key] = neighbor
    if recorder.isOn { recorder.add(.learnedNeighbor(key, hardware), at: now) }
    for queued in queue {
      output(queued.packet, to: key.address, by: key.device, origin: queued.origin, turned: queued.turned)
    }
  }

  /// Forgets the neighbors of a namespace, as `ip neigh flush all` does.
  package mutating func forgetNeighbors(in namespace: NamespaceID) {
    namespaces[namespace.index].neighbors = [:]
  }

  /// Forgets the neighbors on a device's link (neigh_ifdown).
  mutating func flushNeighbors(of device: DeviceID) {
    let namespace = self[device].namespace
    guard !namespaces[namespace.index].neighbors.isEmpty else { return }
    namespaces[namespace.index].neighbors = namespaces[namespace.index].neighbors.filter { $0.key.device != device }
  }
}
