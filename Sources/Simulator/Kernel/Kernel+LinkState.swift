import NetworkTypes
import Plan

/// Whether a device can pass packets (RFC 2863 §3.1.14, IF_OPER_*).
package enum OperationalState: String, Hashable, Sendable {
  /// It can.
  case up = "UP"
  /// It can't.
  case down = "DOWN"
  /// It can't for the sake of the device below.
  case lowerLayerDown = "LOWERLAYERDOWN"
  /// The driver doesn't say.
  case unknown = "UNKNOWN"
}

extension Kernel {
  /// Whether something is at the other end (netif_carrier_ok).
  package func hasCarrier(_ device: DeviceID) -> Bool {
    switch self[device].kind {
    case .loopback, .dummy, .vrf, .vxlan: true
    case .outside(let hasCarrier, _): hasCarrier
    case .veth(let peer): self[device].isUp && self[peer].isUp && !self[peer].isRemoved
    case .bridge(let index):
      !bridges[index].knowsItsCarrier || bridges[index].ports.contains { self[$0].port?.state == .forwarding }
    case .vlan(let parent, _): self[parent].isUp && hasCarrier(parent)
    // The parent's, whether that is up or not: an empty bridge never loses its own (netif_stacked_transfer_operstate).
    case .macvlan(let parent, _), .ipvlan(let parent, _): hasCarrier(parent)
    case .bond: members(of: device).contains { self[$0].isUp && hasCarrier($0) }
    }
  }

  /// Whether a device is up and has something at its other end.
  package func isRunning(_ device: DeviceID) -> Bool { self[device].isUp && hasCarrier(device) }

  /// The state that ip(8) prints.
  package func operationalState(_ device: DeviceID) -> OperationalState {
    guard self[device].isUp else { return .down }
    switch self[device].kind {
    case .loopback, .dummy, .vxlan: return .unknown
    case .veth(let other), .vlan(let other, _), .macvlan(let other, _), .ipvlan(let other, _):
      guard !hasCarrier(device) else { return .up }
      if let state = self[device].stateWithoutCarrier { return state }
      // The kernel looks for the other end's number in this namespace, wherever that end is (default_operstate).
      let number = self[other].number
      guard number != self[device].number,
        let found = self[self[device].namespace].devices.values.first(where: { self[$0].number == number })
      else {
        return .down
      }
      return hasCarrier(found) ? .down : .lowerLayerDown
    case .bridge(let index):
      guard bridges[index].knowsItsCarrier else { return .unknown }
      return hasCarrier(device) ? .up : .down
    case .bond, .vrf, .outside: return hasCarrier(device) ? .up : .down
    }
  }

  /// Sets a device up or down, as `ip link set` does.
  package mutating func setLink(_ device: DeviceID, isUp: Bool) {
    if isUp { setUp(device) } else { setDown(device) }
  }

  /// Sets a device up, if its hardware address isn't one that its parent gives frames to already (macvlan_open), and
  /// the port that it hears is free (vxlan_open).
  mutating func open(_ device: DeviceID) throws(KernelError) {
    if case .macvlan(let parent, let mode) = self[device].kind, mode != .passthru, !self[device].isUp {
      let others = self[parent].uppers.filter { $0 != device && self[$0].isUp }
      guard !([parent] + others).contains(where: { self[$0].address == self[device].address }) else {
        throw KernelError(.addressInUse)
      }
    }
    if case .vxlan(let index) = self[device].kind, !self[device].isUp, isPortTaken(for: vxlans[index]) {
      throw KernelError(.addressInUse)
    }
    setUp(device)
  }

  /// Sets a device up (dev_open); what follows from it happens to its neighbours too.
  mutating func setUp(_ device: DeviceID) {
    guard !self[device].isUp else { return }
    let before = carriers(around: device)
    devices[device.index].isUp = true
    devices[device.index].wasUp = true
    if case .macvlan = self[device].kind, !hasCarrier(device) {
      devices[device.index].stateWithoutCarrier = operationalState(device)
    }
    listenWhileUp(device)
    if case .loopback = self[device].kind { addLoopbackAddresses(device) }
    for address in self[device].addresses { addRoutes(for: address, device) }
    reviveWays(over: device, of: .ipv4)
    if self[device].port != nil { updatePort(device) }
    if case .bridge(let index) = self[device].kind {
      beginSweeping(index)
      for port in bridges[index].ports { updatePort(port) }
    }
    for upper in self[device].uppers {
      if case .vlan = self[upper].kind { setUp(upper) }
    }
    carriersMayHaveChanged(before)
    if isRunning(device), before.first(where: { $0.device == device })?.isRunning == true { linkIsReady(device) }
  }

  /// Sets a device down (dev_close): what leads over it goes.
  mutating func setDown(_ device: DeviceID) {
    guard self[device].isUp else { return }
    let before = carriers(around: device)
    devices[device.index].isUp = false
    for upper in self[device].uppers {
      if case .vlan = self[upper].kind { setDown(upper) }
    }
    devices[device.index].isReadyForIPv6 = false
    killWays(over: device, keepsOwnAddresses: true)
    flushNeighbors(of: device)
    stopListening(device)
    // IPv6 addresses go (addrconf_ifdown, keep_addr_on_down 0).
    devices[device.index].addresses.removeAll { $0.interface.family == .ipv6 }
    if self[device].port != nil { updatePort(device) }
    if case .bridge(let index) = self[device].kind { for port in bridges[index].ports { updatePort(port) } }
    carriersMayHaveChanged(before)
  }

  struct Carrier {
    let device: DeviceID
    let isRunning: Bool
  }

  /// The devices whose carrier may hang on a device, and how they stand.
  func carriers(around device: DeviceID) -> [Carrier] {
    var all: [DeviceID] = [device]
    var next = 0
    while next < all.count, all.count < 4096 {
      let current = all[next]
      next += 1
      var related = self[current].uppers
      if case .veth(let peer) = self[current].kind, current == device { related.append(peer) }
      if let master = self[current].master { related.append(master) }
      for one in related where !all.contains(one) { all.append(one) }
    }
    return all.map { Carrier(device: $0, isRunning: isRunning($0)) }
  }

  /// Does what follows where a carrier came or went.
  mutating func carriersMayHaveChanged(_ before: [Carrier]) {
    noteStates(before)
    // A port first: its bridge's carrier hangs on its state.
    for carrier in before where self[carrier.device].port != nil { updatePort(carrier.device) }
    for carrier in before { chooseMember(of: carrier.device) }
    for carrier in before {
      let isNow = isRunning(carrier.device)
      if isNow, !carrier.isRunning { linkIsReady(carrier.device) }
      if !isNow, carrier.isRunning, self[carrier.device].isUp { flushNeighbors(of: carrier.device) }
    }
  }

  /// What a device is whose carrier went is seen before others follow: the bridge that it is a port of still has one
  /// (linkwatch_do_dev: rfc2863_policy, then netdev_state_change).
  private mutating func noteStates(_ before: [Carrier]) {
    for carrier in before {
      if isRunning(carrier.device) {
        devices[carrier.device.index].stateWithoutCarrier = nil
      } else if carrier.isRunning, self[carrier.device].isUp {
        switch self[carrier.device].kind {
        case .veth, .macvlan, .ipvlan:
          devices[carrier.device.index].stateWithoutCarrier = operationalState(carrier.device)
        case .loopback, .bridge, .dummy, .bond, .vrf, .vlan, .vxlan, .outside: break
        }
      }
    }
  }

  /// A port forwards while it and its bridge are up and something is at its other end (br_port_carrier_check).
  mutating func updatePort(_ device: DeviceID) {
    guard var port = self[device].port, let master = self[device].master, case .bridge(let index) = self[master].kind
    else { return }
    let isEnabled = isRunning(device) && self[master].isUp
    if isEnabled != (port.state != .disabled) { bridges[index].knowsItsCarrier = true }
    switch (isEnabled, port.state) {
    case (false, .disabled): return
    case (false, _):
      port.state = .disabled
      bridges[index].table = bridges[index].table.filter { $0.value.port != device || $0.value.isLocal }
    case (true, .disabled):
      port.state = .forwarding
      if bridges[index].options.spanningTree {
        devices[device.index].port?.state = .listening
        spanningTreePortIsUp(device, index)
        return
      }
    case (true, _): return
    }
    devices[device.index].port = port
    if bridges[index].options.spanningTree { spanningTreeMayHaveChanged(index) }
  }

  /// A device that became able to pass packets makes its link-local address and tells its groups (addrconf_notify).
  mutating func linkIsReady(_ device: DeviceID) {
    guard hasIPv6(device) else {
      if case .bridge = self[device].kind { announceGroups(device) }
      return
    }
    listenForIPv6(device)
    if let master = self[device].master, case .bond = self[master].kind { return }
    reviveWays(over: device, of: .ipv6)
    switch self[device].kind {
    case .loopback, .vrf: return
    case .veth, .bridge, .dummy, .bond, .vlan, .vxlan, .macvlan, .ipvlan, .outside: break
    }
    if !self[device].isReadyForIPv6 {
      devices[device.index].isReadyForIPv6 = true
      addMulticastRoute(device)
    }
    if self[device].ipv6.makesLinkLocalAddress { addLinkLocalAddress(device) }
    announceGroups(device)
  }

  /// Gives a device another MTU, which those that stand on it can't exceed (macvlan_device_event, vlan_device_event,
  /// ipvlan_device_event); IPv6 ends below its least MTU, and begins at it (addrconf_notify, NETDEV_CHANGEMTU).
  mutating func setMTU(_ mtu: Int, of device: DeviceID) {
    let before = hasIPv6(device)
    devices[device.index].mtu = mtu
    if case .bridge(let index) = self[device].kind { bridges[index].fragmentMTU = mtu }
    for upper in self[device].uppers {
      switch self[upper].kind {
      case .macvlan, .vlan: if self[upper].mtu > mtu { setMTU(mtu, of: upper) }
      case .ipvlan: setMTU(mtu, of: upper)
      case .loopback, .veth, .bridge, .dummy, .bond, .vrf, .vxlan, .outside: break
      }
    }
    guard hasIPv6(device) != before else { return }
    if before {
      removeIPv6(from: device, forGood: true)
    } else if self[device].isUp {
      beginIPv6(on: device)
    }
  }

  /// Begins IPv6 on a device that is up.
  mutating func beginIPv6(on device: DeviceID) {
    if isRunning(device) { linkIsReady(device) }
  }

  /// Ends IPv6 on a device: its addresses and routes go (addrconf_ifdown), `forGood` as if the device were deleted.
  mutating func removeIPv6(from device: DeviceID, forGood: Bool) {
    stopListeningForIPv6(device)
    devices[device.index].addresses.removeAll { $0.interface.family == .ipv6 }
    devices[device.index].isReadyForIPv6 = false
    if forGood { removeWays(over: device, of: [.ipv6]) } else { killWays(over: device, of: [.ipv6]) }
  }

  /// Whether a device has IPv6 at all: not where it is switched off, nor below the least MTU (RFC 8200 §5).
  func hasIPv6(_ device: DeviceID) -> Bool {
    self[device].ipv6.isDisabled == 0 && self[device].mtu >= AddressFamily.ipv6MinimumMTU
  }
}
