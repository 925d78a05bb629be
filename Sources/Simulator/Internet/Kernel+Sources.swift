import NetworkTypes

extension Kernel {
  /// The source of a packet that the machine sends by a route and says no source of.
  ///
  /// What is sent in a VRF is sent from one of its addresses, though the way be out of it (fib_select_path,
  /// ip6_route_get_saddr).
  ///
  /// - Parameters:
  ///   - destination: where it goes.
  ///   - route: the route.
  ///   - hop: the way.
  ///   - master: the table of the VRF that it is sent in.
  /// - Returns: the source; nil where there is none.
  func chooseSource(
    for destination: IPAddress, _ route: TableRoute, _ hop: TableRoute.Hop, master: UInt32? = nil
  ) -> IPAddress? {
    if let master, route.type == .unicast, masterTable(of: hop.device) != master,
      let device = devices(of: self[hop.device].namespace).first(where: { self[$0].kind == .vrf(table: master) })
    {
      return destination.family == .ipv4
        ? chooseIPv4Source(on: device, towards: nil, leastScope: .link)
        : chooseIPv6Source(on: device, towards: destination)
    }
    if let source = route.source { return source }
    if route.type == .local, destination.family == .ipv4 { return destination }
    switch destination.family {
    case .ipv4:
      return chooseIPv4Source(by: hop, of: route)
    case .ipv6: return chooseIPv6Source(on: hop.device, towards: destination)
    }
  }

  /// The IPv4 address that a way is sent from where nothing else says so: of the gateway's own prefix, if there is one
  /// (fib_info_update_nhc_saddr).
  func chooseIPv4Source(by hop: TableRoute.Hop, of route: TableRoute) -> IPAddress? {
    let gateway = hop.router.flatMap { $0.family == .ipv4 ? $0 : nil }
    return chooseIPv4Source(on: hop.device, towards: gateway, leastScope: route.scope)
  }

  /// The IPv4 address that a device sends from (inet_select_addr): the first primary one, of the target's prefix if
  /// there is one; another device's where it has none.
  func chooseIPv4Source(on device: DeviceID, towards target: IPAddress?, leastScope: RouteScope) -> IPAddress? {
    var first: IPAddress?
    for address in self[device].addresses where address.interface.family == .ipv4 && !address.isSecondary {
      guard address.scope <= leastScope else { continue }
      guard let target, !address.interface.prefix.contains(target) else { return address.address }
      if first == nil { first = address.address }
    }
    if let first { return first }
    let table = masterTable(of: device)
    for other in devices(of: self[device].namespace) where masterTable(of: other) == table {
      let address = self[other].addresses.first {
        $0.interface.family == .ipv4 && !$0.isSecondary && $0.scope != .link && $0.scope <= leastScope
      }
      if let address { return address.address }
    }
    return nil
  }

  /// The link-local address that a device speaks to its neighbors from: the oldest (__ipv6_get_lladdr).
  func linkLocalAddress(of device: DeviceID) -> IPAddress? {
    self[device].addresses.last {
      $0.scope == .link && $0.interface.family == .ipv6 && !$0.isTentative && !$0.isDuplicate
    }?.address
  }

  /// The IPv6 address that a packet is sent from (RFC 6724 §5, __ipv6_dev_get_saddr).
  func chooseIPv6Source(on device: DeviceID, towards destination: IPAddress) -> IPAddress? {
    let isOnLink =
      destination.isIPv6LinkLocal || destination.isMulticast || self[device].ipv6.usesOutputAddressesOnly != 0
      || self[self[device].namespace].ipv6All.usesOutputAddressesOnly != 0
    let table = masterTable(of: device)
    let candidates =
      isOnLink
      ? [device] : devices(of: self[device].namespace).filter { self[$0].isUp && masterTable(of: $0) == table }
    var best: (address: AssignedAddress, rank: [Int])?
    for candidate in candidates {
      for address in self[candidate].addresses where address.interface.family == .ipv6 {
        guard !address.isTentative, !address.isDuplicate else { continue }
        let rank = rank(address, on: candidate, towards: destination, by: device)
        if best.map({ $0.rank.lexicographicallyPrecedes(rank) }) ?? true { best = (address, rank) }
      }
    }
    return best?.address.address
  }

  /// How well an address suits, by one rule after the other: more is better.
  private func rank(
    _ address: AssignedAddress, on candidate: DeviceID, towards destination: IPAddress, by device: DeviceID
  ) -> [Int] {
    let wanted = scope(of: destination)
    let own = scope(of: address.address)
    // A scope that suffices is better the smaller it is; one that doesn't, the greater.
    let reach = own >= wanted ? 100 - own : own - 100
    let common = (address.address.bits ^ destination.bits).leadingZeroBitCount
    return [
      address.address == destination ? 1 : 0, reach, candidate == device ? 1 : 0,
      label(of: address.address) == label(of: destination) ? 1 : 0, min(common, address.interface.prefixLength),
    ]
  }

  /// The scope in the numbers of RFC 4291 §2.7; that of sites is no longer given out, and still known
  /// (__ipv6_addr_type, net/ipv6/addrconf_core.c).
  private func scope(of address: IPAddress) -> Int {
    if address.isMulticast { return Int(truncatingIfNeeded: address.bits >> 112 & 0xf) }
    if address.isLoopback { return 1 }
    if address.bits >> 118 == 0xfec0 >> 6 { return 5 }
    return address.isLinkLocal ? 2 : 14
  }

  /// The label of the kernel's own policy table (net/ipv6/addrlabel.c), which isn't quite that of RFC 6724 §2.1.
  private func label(of address: IPAddress) -> Int {
    let bits = address.bits
    if bits == 1 { return 0 }
    if bits >> 32 == 0 { return 3 }
    if bits >> 32 == 0xffff { return 4 }
    if bits >> 100 == 0x200_1001 { return 7 }
    if bits >> 96 == 0x2001_0000 { return 6 }
    if bits >> 112 == 0x2002 { return 2 }
    if bits >> 112 == 0x3ffe { return 12 }
    if bits >> 118 == 0xfec0 >> 6 { return 11 }
    return bits >> 121 == 0xfc >> 1 ? 5 : 1
  }
}

extension IPAddress {
  /// Whether it means something on one link only (RFC 4291 §2.5.6); IPv4's 169.254.0.0/16 is routed like any other.
  var isIPv6LinkLocal: Bool { family == .ipv6 && isLinkLocal }
}
