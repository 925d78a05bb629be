import NetworkTypes
import Packets
import Plan

extension Kernel {
  mutating func perform(_ operation: AddAddress) throws(KernelError) {
    let device = try find(operation.link)
    let address = operation.address
    switch address.family {
    case .ipv4: try addIPv4(address, to: device)
    case .ipv6: try addIPv6(address, to: device)
    }
  }

  /// Adds an IPv4 address (__inet_insert_ifa): one of the prefix of an earlier one is secondary.
  private mutating func addIPv4(_ address: InterfaceAddress, to device: DeviceID) throws(KernelError) {
    for other in self[device].addresses where other.interface.family == .ipv4 {
      guard other.interface != address else { throw KernelError(.exists, "ipv4: Address already assigned") }
    }
    let isSecondary = self[device].addresses.contains { !$0.isSecondary && $0.interface.prefix == address.prefix }
    var assigned = AssignedAddress(interface: address, scope: address.address.isLoopback ? .host : .global)
    assigned.isSecondary = isSecondary
    if case .v4(let last)? = address.prefix.broadcast { assigned.broadcast = last }
    // Primary addresses stand before secondary ones.
    let place = self[device].addresses.firstIndex {
      $0.interface.family == .ipv6 || !isSecondary && $0.isSecondary
    }
    devices[device.index].addresses.insert(assigned, at: place ?? self[device].addresses.endIndex)
    addRoutes(for: assigned, device)
  }

  private mutating func addIPv6(_ address: InterfaceAddress, to device: DeviceID) throws(KernelError) {
    guard self[device].ipv6.isDisabled == 0 else {
      throw KernelError(.accessDenied, "ipv6: IPv6 is disabled on this device")
    }
    guard self[device].mtu >= AddressFamily.ipv6MinimumMTU else {
      throw KernelError(.invalidArgument)
    }
    guard !address.address.isMulticast, !address.address.isUnspecified else {
      throw KernelError(.addressNotAvailable, "ipv6: Cannot assign multicast address")
    }
    guard !address.address.isLoopback || self[device].kind.leadsBack else {
      throw KernelError(.addressNotAvailable, "ipv6: Cannot assign loopback address on this device")
    }
    guard !self[device].addresses.contains(where: { $0.address == address.address }) else {
      throw KernelError(.exists, "ipv6: address already assigned")
    }
    var assigned = AssignedAddress(
      interface: address, scope: address.address.isLoopback ? .host : address.address.isLinkLocal ? .link : .global)
    assigned.skipsDetection = true
    insertIPv6(assigned, device)
    listenForSolicitations(of: assigned, device)
    if self[device].isUp {
      addRoutes(for: assigned, device)
      if isRunning(device) { announceGroups(device) }
    }
  }

  /// Puts an IPv6 address in its place: a device lists the widest scope first, the newest first within it
  /// (ipv6_link_dev_addr).
  private mutating func insertIPv6(_ assigned: AssignedAddress, _ device: DeviceID) {
    let place = self[device].addresses.firstIndex { $0.interface.family == .ipv6 && $0.scope >= assigned.scope }
    devices[device.index].addresses.insert(assigned, at: place ?? self[device].addresses.endIndex)
  }

  /// Gives a loopback device 127.0.0.1/8 and ::1/128 as it goes up (inetdev_event, init_loopback).
  mutating func addLoopbackAddresses(_ device: DeviceID) {
    if !self[device].addresses.contains(where: { $0.interface.family == .ipv4 }),
      let address = InterfaceAddress(.v4(IPv4Address(127, 0, 0, 1)), prefixLength: 8)
    {
      var assigned = AssignedAddress(interface: address, scope: .host)
      assigned.broadcast = nil
      devices[device.index].addresses.insert(assigned, at: 0)
    }
    if hasIPv6(device), let address = InterfaceAddress(.v6(IPv6Address(bits: 1)), prefixLength: 128),
      !self[device].addresses.contains(where: { $0.interface == address })
    {
      devices[device.index].addresses.append(AssignedAddress(interface: address, scope: .host))
    }
  }

  /// Makes the link-local address of a device's hardware address, tentative until nobody has objected (RFC 4862 §5.4).
  mutating func addLinkLocalAddress(_ device: DeviceID) {
    let address = IPAddress.v6(IPv6Address(linkLocalFor: self[device].address, sharer: self[device].sharer))
    guard !self[device].addresses.contains(where: { $0.address == address }),
      let interface = InterfaceAddress(address, prefixLength: 64)
    else { return }
    var assigned = AssignedAddress(interface: interface, scope: .link)
    assigned.isTentative = self[device].ipv6.acceptDetection != 0
    insertIPv6(assigned, device)
    listenForSolicitations(of: assigned, device)
    addRoutes(for: assigned, device)
    if assigned.isTentative {
      detectDuplicate(of: address, device)
    }
  }

  /// The VRF that a device belongs to, itself if it is one.
  func masterTable(of device: DeviceID) -> UInt32? {
    if case .vrf(let table) = self[device].kind { return table }
    guard let master = self[device].master, case .vrf(let table) = self[master].kind else { return nil }
    return table
  }

  /// Puts the routes of a device's addresses where they belong now.
  mutating func rehomeAddresses(of device: DeviceID) {
    killWays(over: device)
    guard self[device].isUp else {
      for address in self[device].addresses where address.interface.family == .ipv4 { addRoutes(for: address, device) }
      return
    }
    for address in self[device].addresses { addRoutes(for: address, device) }
    reviveWays(over: device, of: .ipv4)
    if isRunning(device) { reviveWays(over: device, of: .ipv6) }
  }

  /// Adds the routes that come with an address (fib_add_ifaddr, addrconf_prefix_route): local always, its prefix and
  /// broadcast address while the device is up.
  mutating func addRoutes(for assigned: AssignedAddress, _ device: DeviceID) {
    let (address, family) = (assigned.interface, assigned.interface.family)
    let master = masterTable(of: device)
    let local = master ?? RouteTableNumber.local
    let main = master ?? RouteTableNumber.main
    let isUp = self[device].isUp
    let namespace = self[device].namespace
    guard family == .ipv4 || isUp, let single = IPPrefix(containing: address.address, length: family.bitWidth) else {
      return
    }
    let hop = TableRoute.Hop(gateway: nil, device: device)
    let own = TableRoute(
      destination: single, type: .local, scope: .host, origin: .kernel, metric: 0,
      source: family == .ipv4 ? primary(for: assigned, device) : nil, hops: [hop])
    insertUnlessThere(own, local, namespace)
    guard isUp else { return }
    if family == .ipv4 {
      addIPv4Routes(for: assigned, hop, local: local, main: main)
    } else {
      if !address.address.isLoopback {
        insertUnlessThere(
          TableRoute(
            destination: address.prefix, type: .unicast, scope: .global, origin: .kernel,
            metric: family.connectedMetric, source: nil, hops: [hop]), main, namespace)
      }
      addAnycastRoute(for: assigned, device)
    }
  }

  /// The address that is the source towards an address's own prefix: the first of that prefix.
  private func primary(for assigned: AssignedAddress, _ device: DeviceID) -> IPAddress {
    guard assigned.isSecondary else { return assigned.address }
    return self[device].addresses.first {
      !$0.isSecondary && $0.interface.prefix == assigned.interface.prefix
    }?.address ?? assigned.address
  }

  private mutating func addIPv4Routes(
    for assigned: AssignedAddress, _ hop: TableRoute.Hop, local: UInt32, main: UInt32
  ) {
    let (address, namespace) = (assigned.interface, self[hop.device].namespace)
    let source = primary(for: assigned, hop.device)
    func broadcast(_ address: IPAddress) -> TableRoute? {
      IPPrefix(containing: address, length: 32).map {
        TableRoute(
          destination: $0, type: .broadcast, scope: .link, origin: .kernel, metric: 0, source: source, hops: [hop])
      }
    }
    if let last = assigned.broadcast, let route = broadcast(.v4(last)) { insertUnlessThere(route, local, namespace) }
    // The device counts, not the address; of 0.0.0.0/8 as a whole there is no route (ipv4_is_zeronet).
    let isLoopback = self[hop.device].kind == .loopback
    guard !assigned.isSecondary, address.prefixLength < 32, !address.prefix.network.isUnspecified else { return }
    insertUnlessThere(
      TableRoute(
        destination: address.prefix, type: isLoopback ? .local : .unicast, scope: isLoopback ? .host : .link,
        origin: .kernel, metric: AddressFamily.ipv4.connectedMetric, source: source, hops: [hop]),
      isLoopback ? local : main, namespace)
    if address.prefixLength < 31, let route = broadcast(address.prefix.last) {
      insertUnlessThere(route, local, namespace)
    }
  }

  /// A router takes packets to the first address of its prefixes too (RFC 4291 §2.6.1, addrconf_join_anycast).
  mutating func addAnycastRoute(for assigned: AssignedAddress, _ device: DeviceID) {
    guard self[device].ipv6.forwarding != 0, assigned.interface.prefixLength < 127, !assigned.address.isLoopback,
      !assigned.isTentative,
      let first = IPPrefix(containing: assigned.interface.prefix.network, length: 128),
      // A device that has that very address has its route already (fib6_add_rt2node: -EEXIST).
      !self[device].addresses.contains(where: { $0.address == first.network })
    else { return }
    insertUnlessThere(
      TableRoute(
        destination: first, type: .anycast, scope: .host, origin: .kernel, metric: 0, source: nil,
        hops: [TableRoute.Hop(gateway: nil, device: device)]),
      masterTable(of: device) ?? RouteTableNumber.local, self[device].namespace)
  }

  /// IPv6 multicast goes out by every device that is up (addrconf_add_mroute).
  mutating func addMulticastRoute(_ device: DeviceID) {
    guard let all = IPPrefix(containing: .v6(IPv6Address(bits: 0xff << 120)), length: 8) else { return }
    switch self[device].kind {
    case .loopback, .vrf: return
    case .veth, .bridge, .dummy, .bond, .vlan, .vxlan, .macvlan, .ipvlan, .outside: break
    }
    // No device has one that is only now being set up: there may be thousands, and none is looked at.
    insert(
      TableRoute(
        destination: all, type: .multicast, scope: .global, origin: .kernel,
        metric: AddressFamily.ipv6.connectedMetric, source: nil, hops: [TableRoute.Hop(gateway: nil, device: device)]),
      masterTable(of: device) ?? RouteTableNumber.local, self[device].namespace)
  }
}
