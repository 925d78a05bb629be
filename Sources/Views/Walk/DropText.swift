import NetworkTypes
import Plan
package import Simulator

/// Why a packet was dropped, and where, in words.
package func dropText(_ reason: DropReason, at device: DeviceID, in kernel: Kernel) -> String {
  "\(machine(kernel[device].namespace, kernel)): \(kernel[device].name) drops it: \(words(for: reason))"
}

/// What the walk calls a machine.
func machine(_ namespace: NamespaceID, _ kernel: Kernel) -> String { kernel[namespace].name?.text ?? "host" }

/// Why a packet goes no further, in words.
func words(for reason: DropReason) -> String {
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
