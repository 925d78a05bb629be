import NetworkTypes
import Packets
import Plan
package import Simulator

/// The walk of an exchange, one event a line, as a person would explain it.
///
/// - Parameters:
///   - entries: what happened, in order.
///   - kernel: the machine, for names.
/// - Returns: the lines, each ended: what happened on which machine, and the frames on each link.
package func walkText(_ entries: [Recorder.Entry], in kernel: Kernel) -> String {
  guard let start = entries.first?.time else { return "nothing was sent\n" }
  var text = ""
  for entry in entries {
    guard let line = line(for: entry.event, in: kernel) else { continue }
    let time = milliseconds(entry.time.since(start))
    text += String(repeating: " ", count: max(0, 9 - time.utf8.count)) + time + "  \(line)\n"
  }
  return text
}

/// Why a packet was dropped, and where, in words.
package func dropText(_ reason: DropReason, at device: DeviceID, in kernel: Kernel) -> String {
  "\(machine(kernel[device].namespace, kernel)): \(kernel[device].name) drops it: \(words(for: reason))"
}

/// What the walk calls a machine.
func machine(_ namespace: NamespaceID, _ kernel: Kernel) -> String { kernel[namespace].name?.text ?? "host" }

private func place(_ device: DeviceID, _ kernel: Kernel) -> String {
  "\(machine(kernel[device].namespace, kernel)): \(kernel[device].name)"
}

/// A line about an event; nil for what another says already.
private func line(for event: Event, in kernel: Kernel) -> String? {
  switch event {
  case .sent(let frame, let device):
    let tag = frame.tag.map { " vlan \($0.id)" } ?? ""
    let ends = "\(frame.source) > \(frame.destination)\(tag)"
    return "\(place(device, kernel)) sends \(ends): \(frame.summary)"
  case .received: return nil
  case .asked(let key):
    return "\(place(key.device, kernel)): the hardware address of \(key.address) isn't known: ask"
  case .gaveUp(let key): return "\(place(key.device, kernel)): nobody answers for \(key.address): give up"
  case .learnedNeighbor(let key, let hardware):
    return "\(place(key.device, kernel)): \(key.address) is at \(hardware)"
  case .learnedPort(let address, let vlan, let port):
    let master = kernel[port].master.map { "\(kernel[$0].name)" } ?? ""
    let suffix = vlan == 0 ? "" : " in VLAN \(vlan)"
    return
      "\(machine(kernel[port].namespace, kernel)): \(master) learns: \(address) is behind \(kernel[port].name)\(suffix)"
  case .switched(let frame, let bridge, let port):
    return "\(place(bridge, kernel)) knows \(frame.destination): only to \(kernel[port].name)"
  case .flooded(let frame, let bridge, let ports):
    let why =
      frame.destination == .broadcast
      ? "is a broadcast" : frame.destination.isMulticast ? "is a multicast" : "isn't known"
    let names = ports.map { kernel[$0].name.text }.joined(separator: ", ")
    return "\(place(bridge, kernel)): \(frame.destination) \(why): to \(ports.isEmpty ? "no other port" : names)"
  case .routed(let packet, let namespace, let route, let table, let input):
    let hop = route.hops.first
    let way = [hop?.gateway.map { "via \($0)" }, hop.map { "dev \(kernel[$0.device].name)" }].compactMap { $0 }
    let prefix = route.destination.length == 0 ? "default" : "\(route.destination)"
    let what = input == nil ? "sends to" : "forwards to"
    let limit = input == nil ? "" : ", time to live \(packet.hopLimit) becomes \(packet.hopLimit - 1)"
    let number = table == RouteTableNumber.main ? "" : " of table \(table)"
    return
      "\(machine(namespace, kernel)): \(what) \(packet.destination) by the route \(prefix) \(way.joined(separator: " "))\(number)\(limit)"
  case .delivered(let packet, let namespace): return "\(machine(namespace, kernel)): takes in \(packet.summary)"
  case .encapsulated(_, let device): return "\(place(device, kernel)) puts the frame into a datagram"
  case .fragmented(let packet, let parts, let mtu, let device):
    return "\(place(device, kernel)): \(packet.length) bytes are more than \(mtu): \(parts) fragments"
  case .met(let step): return ruleText(step, in: kernel)
  case .logged(let packet):
    return "\(machine(packet.namespace, kernel)): logs \(logText(packet, in: kernel).dropLast())"
  case .dropped(_, .otherHost, _): return nil
  case .dropped(_, let reason, let device): return dropText(reason, at: device, in: kernel)
  }
}

private func words(for reason: DropReason) -> String {
  switch reason {
  case .deviceDown: "it is down"
  case .noCarrier: "nothing is at its other end"
  case .dummy: "it is a dummy device"
  case .tooLong(let mtu): "longer than its MTU of \(mtu)"
  case .lost: "lost by its impairment"
  case .corrupted: "damaged by its impairment"
  case .queueFull: "its queue is full"
  case .portState(let state): "the port is \(state.name)"
  case .vlanNotAllowed(let vlan): "it isn't in VLAN \(vlan)"
  case .noVLAN: "no tag, and no VLAN for such frames (PVID)"
  case .noVLANDevice(let vlan): "no device takes VLAN \(vlan)"
  case .otherHost(let address): "it is for \(address)"
  case .storm: "it goes in circles: a bridge loop"
  case .noTunnel: "no tunnel leads there"
  case .neighborFailed(let address):
    "\(address) doesn't answer \(address.family == .ipv4 ? "ARP" : "neighbor discovery")"
  case .noRoute(let address): "no route to \(address)"
  case .rejected(.invalidArgument): "a blackhole route or rule"
  case .rejected(.accessDenied): "a prohibit route or rule"
  case .rejected(let errno): "an unreachable route or rule (\(errno.text))"
  case .forwardingOff: "forwarding is off"
  case .sourceInvalid(let address): "the source \(address) can't have come in there (rp_filter)"
  case .martian(let address): "\(address) has no place in a packet from outside"
  case .timeToLive: "its time to live ran out"
  case .mustNotFragment(let mtu): "longer than the MTU of \(mtu), and not to be fragmented"
  case .partsMissing: "not all of its fragments came"
  case .nobodyListens: "nothing there waits for it"
  case .filtered(let hook): "the rules at \(hook.rawValue) say so"
  case .notModelled(let what): "not modelled: \(what)"
  }
}
