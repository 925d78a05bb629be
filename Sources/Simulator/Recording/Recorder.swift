package import NetworkTypes
package import Packets
package import Plan

/// Writes down what happens to packets, for those who want to explain it; off, it costs nothing.
package struct Recorder: Sendable {
  /// Whether events are written down.
  package var isOn = false
  /// What happened, in order.
  package private(set) var entries: [Entry] = []
  /// Whether frames are kept for captures.
  package var keepsFrames = false
  /// The frames that devices sent or received, in order.
  package private(set) var frames: [CapturedFrame] = []

  /// A frame as a device sent or received it.
  package struct CapturedFrame: Sendable {
    /// When.
    package let time: Instant
    /// The device.
    package let device: DeviceID
    /// The frame.
    package let frame: Frame
    /// Whether the device sent it.
    package let isSent: Bool
  }

  /// Something that happened, and when.
  package struct Entry: Sendable {
    /// When.
    package let time: Instant
    /// What.
    package let event: Event
  }

  /// Creates a recorder that is off.
  package init() {}

  /// Forgets what was written down.
  package mutating func clear() { entries.removeAll() }

  mutating func add(_ event: Event, at time: Instant) { entries.append(Entry(time: time, event: event)) }

  /// Takes note of a frame that passes a device.
  mutating func pass(_ frame: Frame, _ device: DeviceID, at time: Instant, isSent: Bool) {
    if keepsFrames { frames.append(CapturedFrame(time: time, device: device, frame: frame, isSent: isSent)) }
    if isOn { add(isSent ? .sent(frame, device) : .received(frame, device), at: time) }
  }

  /// Whether frames are noted at all.
  var notesFrames: Bool { isOn || keepsFrames }
}

/// What can happen to a packet.
package enum Event: Sendable {
  /// A device sent a frame.
  case sent(Frame, DeviceID)
  /// A device received a frame.
  case received(Frame, DeviceID)
  /// A machine asks for a neighbor's hardware address.
  case asked(NeighborKey)
  /// A machine has asked in vain.
  case gaveUp(NeighborKey)
  /// A machine learned a neighbor's hardware address.
  case learnedNeighbor(NeighborKey, MACAddress)
  /// A bridge learned that an address is behind a port.
  case learnedPort(MACAddress, vlan: UInt16, port: DeviceID)
  /// A bridge sends a frame out by the one port that its forwarding table names.
  case switched(Frame, bridge: DeviceID, port: DeviceID)
  /// A bridge sends a frame out by every other port.
  case flooded(Frame, bridge: DeviceID, ports: [DeviceID])
  /// A machine chose a route for a packet; the input device is nil for its own.
  case routed(IPPacket, NamespaceID, TableRoute, table: UInt32, input: DeviceID?)
  /// A packet reached the machine that it is for.
  case delivered(IPPacket, NamespaceID)
  /// A packet was put into another.
  case encapsulated(Frame, DeviceID)
  /// A frame was taken out of a packet.
  case decapsulated(Frame, DeviceID)
  /// A packet was cut into parts.
  case fragmented(IPPacket, parts: Int, mtu: Int, DeviceID)
  /// A packet met a rule, or the end of a chain.
  case met(RuleStep)
  /// A rule had a packet written to the kernel's log.
  case logged(LoggedPacket)
  /// A packet was dropped.
  case dropped(Dropped, DropReason, DeviceID)
}

/// What was dropped.
package enum Dropped: Sendable {
  /// A packet.
  case packet(IPPacket)
  /// A frame.
  case frame(Frame)
}

/// Why a packet was dropped.
package enum DropReason: Hashable, Sendable {
  /// The device is down.
  case deviceDown
  /// Nothing is at the other end of the device.
  case noCarrier
  /// The device drops whatever it is given.
  case dummy
  /// The frame is longer than the device takes.
  case tooLong(mtu: Int)
  /// An impairment lost it.
  case lost
  /// An impairment damaged it.
  case corrupted
  /// The queue was full.
  case queueFull
  /// The port of the bridge doesn't forward.
  case portState(BridgePort.State)
  /// The port isn't in the VLAN.
  case vlanNotAllowed(UInt16)
  /// The frame has no tag, and the port has no VLAN for such frames.
  case noVLAN
  /// No device takes frames of the VLAN.
  case noVLANDevice(UInt16)
  /// The frame is for another hardware address.
  case otherHost(MACAddress)
  /// The frame has passed more bridges than any network has: it goes in circles.
  case storm
  /// No tunnel leads to the hardware address.
  case noTunnel
  /// The neighbor doesn't answer.
  case neighborFailed(IPAddress)
  /// No route leads to the destination.
  case noRoute(IPAddress)
  /// A route or rule drops what goes there: the error number says which.
  case rejected(Errno)
  /// The machine doesn't forward.
  case forwardingOff
  /// The source isn't one that could have come in there (rp_filter, or one of the machine's own).
  case sourceInvalid(IPAddress)
  /// The address never stands in a packet on a wire.
  case martian(IPAddress)
  /// The time to live ran out.
  case timeToLive
  /// The packet is longer than the next link's MTU, and must not be fragmented.
  case mustNotFragment(mtu: Int)
  /// Not all of its parts came.
  case partsMissing
  /// The rules at a hook drop it.
  case filtered(NetfilterHook)
  /// Nothing on the machine waits for it.
  case nobodyListens
  /// The simulator doesn't model what would have to happen.
  case notModelled(String)
}

extension Kernel {
  /// Notes that a packet goes no further.
  mutating func drop(_ packet: IPPacket, _ reason: DropReason, at device: DeviceID) {
    if recorder.isOn { recorder.add(.dropped(.packet(packet), reason, device), at: now) }
  }

  /// Notes that a frame goes no further.
  mutating func drop(_ frame: Frame, _ reason: DropReason, at device: DeviceID) {
    if recorder.isOn { recorder.add(.dropped(.frame(frame), reason, device), at: now) }
  }
}
