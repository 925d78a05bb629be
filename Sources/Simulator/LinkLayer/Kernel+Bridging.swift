import NetworkTypes
import Packets
import Plan

extension Kernel {
  /// Takes in a frame at a port of a bridge (br_handle_frame).
  mutating func receive(_ frame: Frame, onPort device: DeviceID, of index: Int, _ passed: UInt8) {
    guard let port = self[device].port else { return }
    guard !hasGoneRound(passed, at: device) else { return drop(frame, .storm, at: device) }
    if case .spanningTree(let unit) = frame.payload, bridges[index].options.spanningTree {
      guard port.state != .disabled else { return }
      return receive(unit, onPort: device, of: index)
    }
    guard port.state == .forwarding || port.state == .learning else {
      return drop(frame, .portState(port.state), at: device)
    }
    guard filtersFrames(in: self[device].namespace) else {
      return handle(frame, onPort: device, port, of: index, passed, nil)
    }
    var (filtered, context) = (frame, PacketContext())
    guard passesFirst(&filtered, &context, onPort: device, of: index, passed) else { return }
    handle(filtered, onPort: device, port, of: index, passed, context)
  }

  /// Goes on with a frame whose packet is for another neighbor now (br_nf_pre_routing_finish_bridge_slow).
  mutating func passOn(_ turned: TurnedFrame, to hardware: MACAddress) {
    guard let port = self[turned.port].port else { return }
    var frame = turned.frame
    frame.destination = hardware
    handle(frame, onPort: turned.port, port, of: turned.bridge, turned.passed, turned.context)
  }

  /// Finds where a frame goes that came in by a port (br_handle_frame_finish).
  private mutating func handle(
    _ frame: Frame, onPort device: DeviceID, _ port: BridgePort, of index: Int, _ passed: UInt8,
    _ context: PacketContext?
  ) {
    var (frame, context) = (frame, context)
    guard let vlan = admit(&frame, by: port.vlans, index, at: device) else { return }
    learn(frame.source, vlan, behind: device, index)
    guard port.state == .forwarding else { return drop(frame, .portState(port.state), at: device) }

    let bridge = bridges[index].device
    guard !frame.destination.isMulticast else {
      if frame.destination != .broadcast { devices[bridge.index].ownCounters.receivedMulticasts += 1 }
      flood(frame, vlan, of: index, except: device, passed, &context)
      return passUp(frame, vlan, of: index, passed, context)
    }
    if let entry = entry(for: frame.destination, vlan, index) {
      guard !entry.isLocal else { return passUp(frame, vlan, of: index, passed, context) }
      if recorder.isOn, entry.port != device {
        recorder.add(.switched(frame, bridge: bridge, port: entry.port), at: now)
      }
      forward(frame, vlan, to: entry.port, from: device, passed, &context)
    } else {
      flood(frame, vlan, of: index, except: device, passed, &context)
    }
    if isPromiscuous(bridge) { passUp(frame, vlan, of: index, passed, context) }
  }

  /// Whether a bridge takes in whatever it forwards: macvlan devices on it have addresses that it doesn't know of
  /// (dev_uc_add, __dev_set_rx_mode).
  private func isPromiscuous(_ bridge: DeviceID) -> Bool {
    self[bridge].uppers.contains { if case .macvlan = self[$0].kind { self[$0].isUp } else { false } }
  }

  /// Forwards what the bridge's own device sends (br_dev_xmit).
  mutating func forwardOwn(_ frame: Frame, of index: Int, _ passed: UInt8) {
    let bridge = bridges[index].device
    guard !hasGoneRound(passed, at: bridge) else { return drop(frame, .storm, at: bridge) }
    var frame = frame
    guard let vlan = admit(&frame, by: bridges[index].vlans, index, at: bridge) else { return }
    var context = self[self[bridge].namespace].netfilter.filtersFrames ? PacketContext() : nil
    guard !frame.destination.isMulticast, let entry = entry(for: frame.destination, vlan, index) else {
      return flood(frame, vlan, of: index, except: bridge, passed, &context)
    }
    guard !entry.isLocal else { return drop(frame, .otherHost(frame.destination), at: bridge) }
    if recorder.isOn { recorder.add(.switched(frame, bridge: bridge, port: entry.port), at: now) }
    forward(frame, vlan, to: entry.port, from: bridge, passed, &context)
  }

  /// The VLAN that a frame belongs to where it comes in; nil where it must not (__allowed_ingress).
  ///
  /// A bridge that isn't VLAN-aware has the one VLAN 0, and leaves tags alone.
  private mutating func admit(_ frame: inout Frame, by set: PortVLANSet, _ index: Int, at device: DeviceID) -> UInt16? {
    guard bridges[index].options.vlanFiltering else { return 0 }
    let vlan: UInt16
    if let tag = frame.tag, tag.id != 0 {
      vlan = tag.id
    } else {
      guard let own = set.pvid else {
        drop(frame, .noVLAN, at: device)
        return nil
      }
      vlan = own
    }
    guard set.members.contains(vlan) else {
      drop(frame, .vlanNotAllowed(vlan), at: device)
      return nil
    }
    frame.tag = nil
    return vlan
  }

  /// A frame as it leaves into a set of VLANs: with its tag, unless the set says without; nil where it must not leave.
  private func released(_ frame: Frame, _ vlan: UInt16, by set: PortVLANSet) -> Frame? {
    guard vlan != 0 else { return frame }
    guard set.members.contains(vlan) else { return nil }
    var result = frame
    result.tag = set.untagged.contains(vlan) ? nil : VLANTag(id: vlan)
    return result
  }

  /// Notes behind which port an address is (br_fdb_update).
  private mutating func learn(_ address: MACAddress, _ vlan: UInt16, behind device: DeviceID, _ index: Int) {
    guard !address.isMulticast, address.bits != 0, bridges[index].holdTime.nanoseconds > 0 else { return }
    let key = ForwardingKey(address, vlan: vlan)
    let known = bridges[index].table[key]
    if let known {
      guard !known.isLocal else { return }
      bridges[index].table[key] = ForwardingEntry(port: device, isLocal: false, updated: now, number: known.number)
    } else {
      bridges[index].add(ForwardingEntry(port: device, isLocal: false, updated: now), for: key)
    }
    if known?.port != device, recorder.isOn { recorder.add(.learnedPort(address, vlan: vlan, port: device), at: now) }
  }

  /// Whether an entry is too old: it is used all the same until it is swept out (br_fdb_find_rcu).
  private func isStale(_ entry: ForwardingEntry, _ index: Int) -> Bool {
    !entry.isLocal && now >= entry.updated + bridges[index].holdTime
  }

  private func entry(for address: MACAddress, _ vlan: UInt16, _ index: Int) -> ForwardingEntry? {
    bridges[index].table[ForwardingKey(address, vlan: vlan)]
  }

  /// Sends a frame out by a port (br_forward): not where it came from, nor where it is too long.
  private mutating func forward(
    _ frame: Frame, _ vlan: UInt16, to device: DeviceID, from input: DeviceID, _ passed: UInt8,
    _ context: inout PacketContext?
  ) {
    guard let port = self[device].port, device != input || port.isHairpin else {
      return drop(frame, .otherHost(frame.destination), at: input)
    }
    guard port.state == .forwarding else { return drop(frame, .portState(port.state), at: device) }
    guard let out = released(frame, vlan, by: port.vlans) else {
      return drop(frame, .vlanNotAllowed(vlan), at: device)
    }
    release(out, from: device, cameBy: input, passed, &context)
  }

  /// Has the rules decide on a frame that is about to leave by a port, and sends what the port's MTU allows
  /// (br_dev_queue_push_xmit).
  private mutating func release(
    _ frame: Frame, from device: DeviceID, cameBy input: DeviceID, _ passed: UInt8, _ context: inout PacketContext?
  ) {
    guard var filter = context else { return push(frame, out: device, passed) }
    let frames = passingLast(frame, &filter, from: input, to: device)
    context?.tracking = filter.tracking
    for frame in frames { push(frame, out: device, passed) }
  }

  /// Sends a frame out by a port, if the port's MTU allows.
  private mutating func push(_ frame: Frame, out device: DeviceID, _ passed: UInt8) {
    if isShortEnough(frame, for: device) { transmit(frame, from: device, bridges: passed + 1) }
  }

  /// Whether a port's MTU allows a frame, which is dropped if not (is_skb_forwardable).
  private mutating func isShortEnough(_ frame: Frame, for port: DeviceID) -> Bool {
    if frame.payload.length <= self[port].mtu + Self.forwardableSlack { return true }
    drop(frame, .tooLong(mtu: self[port].mtu), at: port)
    return false
  }

  /// Sends a frame out by every port but one (br_flood), the newest first, as ports are listed (new_nbp: list_add_rcu).
  private mutating func flood(
    _ frame: Frame, _ vlan: UInt16, of index: Int, except input: DeviceID, _ passed: UInt8,
    _ context: inout PacketContext?
  ) {
    guard !isStorm(index, passed) else { return drop(frame, .storm, at: input) }
    let ports = bridges[index].ports
    if recorder.isOn {
      let ways = ports.reversed().filter { released(frame, vlan, toFloodBy: $0, cameBy: input) != nil }
      recorder.add(.flooded(frame, bridge: bridges[index].device, ports: ways), at: now)
    }
    if vlan == 0, context == nil {
      // The same frame for all: they are many where it matters how long this takes.
      let ways = ports.reversed().filter { isFlooded(by: $0, cameBy: input) && isShortEnough(frame, for: $0) }
      return transmit(frame, fromAll: ways, bridges: passed + 1)
    }
    for port in ports.reversed() {
      guard let out = released(frame, vlan, toFloodBy: port, cameBy: input) else { continue }
      release(out, from: port, cameBy: input, passed, &context)
    }
  }

  /// A frame as it is flooded by a port; nil where that isn't one that it is flooded by.
  private func released(_ frame: Frame, _ vlan: UInt16, toFloodBy port: DeviceID, cameBy input: DeviceID) -> Frame? {
    guard isFlooded(by: port, cameBy: input) else { return nil }
    guard vlan != 0 else { return frame }
    return self[port].port.flatMap { released(frame, vlan, by: $0.vlans) }
  }

  /// Whether what came by a port is flooded by another.
  private func isFlooded(by port: DeviceID, cameBy input: DeviceID) -> Bool {
    self[port].port?.state == .forwarding && (port != input || self[port].port?.isHairpin == true)
  }

  /// Hands a frame to the bridge's own device (br_pass_frame_up).
  private mutating func passUp(
    _ frame: Frame, _ vlan: UInt16, of index: Int, _ passed: UInt8, _ context: PacketContext?
  ) {
    let bridge = bridges[index].device
    guard self[bridge].isUp else { return }
    countReceived(frame, on: bridge)
    guard let inner = released(frame, vlan, by: bridges[index].vlans) else {
      return drop(frame, .vlanNotAllowed(vlan), at: bridge)
    }
    guard var context else { return receive(inner, on: bridge, bridges: passed) }
    var filtered = inner
    guard passes(.input, &filtered, &context, in: self[bridge].namespace, at: bridge) else { return }
    carried = [context]
    receive(filtered, on: bridge, bridges: passed)
    carried = []
  }

  /// The VLANs of a port of a VLAN-aware bridge, or of such a bridge's own device; nil for other devices.
  package func bridgeVLANs(of device: DeviceID) -> PortVLANSet? {
    if case .bridge(let index) = self[device].kind {
      return bridges[index].options.vlanFiltering ? bridges[index].vlans : nil
    }
    guard let port = self[device].port, let master = self[device].master, case .bridge(let index) = self[master].kind,
      bridges[index].options.vlanFiltering
    else { return nil }
    return port.vlans
  }

  /// The learned and own entries of a bridge's table, the newest first.
  ///
  /// Those that are too old stay until they are swept out.
  package func forwardingTable(
    of bridge: DeviceID
  ) -> [(key: ForwardingKey, entry: ForwardingEntry, isStale: Bool)] {
    guard case .bridge(let index) = self[bridge].kind else { return [] }
    return bridges[index].table.sorted { $0.value.number > $1.value.number }
      .map { (key: $0.key, entry: $0.value, isStale: isStale($0.value, index)) }
  }

  /// Forgets what the bridges of a namespace have learned (`ip link set dev NAME type bridge fdb_flush`).
  package mutating func forgetLearned(in namespace: NamespaceID) {
    for index in bridges.indices where self[bridges[index].device].namespace == namespace {
      bridges[index].table = bridges[index].table.filter { $0.value.isLocal }
    }
  }

  /// Has a bridge swept soon after it went up (br_stp_enable_bridge).
  mutating func beginSweeping(_ index: Int) {
    let timer = schedule(.sweepBridge(index, number: lastTimer + 1), after: .milliseconds(100))
    bridges[index].sweeper = timer
  }

  /// Sweeps out entries that are too old, and comes again when the next will be (br_fdb_cleanup).
  mutating func sweepBridge(_ index: Int, _ number: UInt64) {
    guard bridges[index].sweeper == number, self[bridges[index].device].isUp else { return }
    let hold = bridges[index].holdTime
    bridges[index].table = bridges[index].table.filter { !isStale($0.value, index) }
    // Without traffic there would be nothing to do every hundredth of a second.
    guard hold.nanoseconds > 0 else { return }
    let learned = bridges[index].table.values.filter { !$0.isLocal }
    let next = learned.map { ($0.updated + hold).since(now) }.min { $0.nanoseconds < $1.nanoseconds } ?? hold
    let wait = TimeSpan(nanoseconds: max(next.nanoseconds, 10_000_000))
    let timer = schedule(.sweepBridge(index, number: lastTimer + 1), after: wait)
    bridges[index].sweeper = timer
  }
}
