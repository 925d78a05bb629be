import NetworkTypes
import Plan

extension Kernel {
  mutating func perform(_ operation: AddRoute) throws(KernelError) {
    let namespace = try find(operation.place)
    let family = operation.destination.family
    let table = operation.table ?? RouteTableNumber.main
    var route = TableRoute(
      destination: operation.destination, type: .unicast, scope: .global, origin: .boot,
      metric: family.metric(writtenAs: operation.metric), source: operation.source, hops: [])
    switch operation.action {
    case .unicast(let hops):
      if family == .ipv6, hops.count > 1, hops.contains(where: { $0.gateway == nil }) {
        throw KernelError(
          .invalidArgument, "Device only routes can not be added for IPv6 using the multipath API")
      }
      for hop in hops {
        let resolved = try resolve(hop, family, in: namespace, table: table)
        // Each is a route of its own to IPv6 (ip6_route_info_append, net/ipv6/route.c).
        let isThere = route.hops.contains { $0.gateway == resolved.gateway && $0.device == resolved.device }
        guard family == .ipv4 || !isThere else { throw KernelError(.exists) }
        route.hops.append(resolved)
      }
      // Where several are named, ip(8) says nothing of the scope (iproute_modify: !gw_ok && !nhs_ok).
      if family == .ipv4, route.hops.count == 1, route.hops[0].gateway == nil { route.scope = .link }
    case .blackhole: route.type = .blackhole
    case .unreachable: route.type = .unreachable
    case .prohibit: route.type = .prohibit
    }
    if let source = operation.source { try check(source: source, of: route, table, in: namespace) }
    let same = self.table(table, family, in: namespace)?.routes(to: route.destination) ?? []
    guard !same.contains(where: { $0.metric == route.metric }) else { throw KernelError(.exists) }
    insert(route, table, namespace)
  }

  /// Whether a route may prefer a source: of IPv4 an address in its own table or outside of VRFs (fib_valid_prefsrc,
  /// net/ipv4/fib_semantics.c), of IPv6 one in the VRF of its device (ip6_route_info_create, net/ipv6/route.c).
  private func check(
    source: IPAddress, of route: TableRoute, _ table: UInt32, in namespace: NamespaceID
  ) throws(KernelError) {
    switch source.family {
    case .ipv4:
      let own =
        table == RouteTableNumber.main ? nil : self.table(table, .ipv4, in: namespace)?.first(source.bits) { _ in true }
      guard own?.type == .local || isInLocalTable(source, in: namespace) else {
        throw KernelError(.invalidArgument, "Invalid prefsrc address")
      }
    case .ipv6:
      let devices = route.hops.isEmpty ? [nil] : route.hops.map { DeviceID?($0.device) }
      guard devices.allSatisfy({ hasAddress(source, $0, in: namespace) }) else {
        throw KernelError(.invalidArgument, "Invalid source address")
      }
    }
  }

  /// Finds the device of a next hop and whether its gateway can be one (fib_check_nh, ip6_validate_gw).
  private func resolve(
    _ hop: NextHop, _ family: AddressFamily, in namespace: NamespaceID, table: UInt32
  ) throws(KernelError) -> TableRoute.Hop {
    var device: DeviceID?
    if let name = hop.device {
      device = self[namespace].devices[name]
      guard device != nil else { throw KernelError(.noSuchDevice, "Cannot find device \"\(name)\"") }
    }
    if let device, !self[device].isUp {
      switch (family, hop.gateway) {
      case (.ipv4, nil): throw KernelError(.networkDown, "Device for nexthop is not up")
      case (.ipv4, _?) where hop.isOnLink: throw KernelError(.networkDown, "Nexthop device is not up")
      case (.ipv6, _): throw KernelError(.networkDown, "Nexthop device is not up")
      case (.ipv4, _?): break
      }
    }
    guard let gateway = hop.gateway else {
      guard let device else { throw KernelError(.noSuchDevice) }
      guard family == .ipv6 || !hop.isOnLink else {
        throw KernelError(.invalidArgument, "Invalid flags for nexthop - PERVASIVE and ONLINK can not be set")
      }
      return TableRoute.Hop(gateway: nil, device: device, weight: hop.weight, isOnLink: hop.isOnLink)
    }
    if gateway.family == .ipv6, gateway.isUnspecified || gateway.isMulticast {
      throw KernelError(.invalidArgument, "Invalid gateway address")
    }
    if hop.isOnLink {
      guard let device else { throw KernelError(.noSuchDevice, "Nexthop device required for onlink") }
      try checkOnLinkGateway(gateway, on: device)
      return TableRoute.Hop(gateway: gateway, device: device, weight: hop.weight, isOnLink: true)
    }
    let (found, isOwn) = try gatewayDevice(gateway, device, in: namespace, table: table)
    return TableRoute.Hop(gateway: gateway, device: found, weight: hop.weight, isToItself: isOwn)
  }

  /// What can be no gateway, though it is said to be on a device's link (fib_check_nh_v4_gw, net/ipv4/fib_semantics.c;
  /// ip6_validate_gw, net/ipv6/route.c).
  private func checkOnLinkGateway(_ gateway: IPAddress, on device: DeviceID) throws(KernelError) {
    switch gateway.family {
    case .ipv4:
      let isOwn = isLocal(gateway, inTableOf: device)
      guard !gateway.isUnspecified else {
        throw KernelError(.invalidArgument, "Invalid flags for nexthop - PERVASIVE and ONLINK can not be set")
      }
      guard !isOwn, !gateway.isMulticast, !isBroadcast(gateway, on: device) else {
        throw KernelError(.invalidArgument, "Nexthop has invalid gateway")
      }
    case .ipv6:
      guard !hasAddress(gateway, device, in: self[device].namespace) else {
        throw KernelError(.invalidArgument, "Gateway can not be a local address")
      }
      guard gateway.isIPv6LinkLocal || !isReached(gateway, otherwiseThanBy: device) else {
        throw KernelError(.invalidArgument, "Nexthop has invalid gateway or device mismatch")
      }
    }
  }

  /// Whether the table of a device's routes leads to an IPv6 address by another device, default routes apart
  /// (ip6_route_check_nh_onlink, net/ipv6/route.c).
  private func isReached(_ address: IPAddress, otherwiseThanBy device: DeviceID) -> Bool {
    let number = masterTable(of: device) ?? RouteTableNumber.main
    guard let table = table(number, .ipv6, in: self[device].namespace),
      let best = table.first(address.bits, where: { _ in true }), best.destination.length > 0
    else { return false }
    switch best.type {
    case .blackhole, .unreachable, .prohibit: return false
    case .local, .broadcast, .multicast, .anycast: return true
    case .unicast where best.hops.first.map { discards(best, over: $0) } ?? false: return false
    case .unicast: break
    }
    let own = table.first(address.bits) {
      $0.destination.length == best.destination.length && $0.hops.contains { $0.device == device }
    }
    return own == nil
  }

  /// Whether a device has an IPv6 address, if that is link-local, else any of its namespace and VRF: that of a
  /// network's routers isn't one (ip6_validate_gw: ipv6_chk_addr_and_flags).
  private func hasAddress(_ address: IPAddress, _ device: DeviceID?, in namespace: NamespaceID) -> Bool {
    let table = device.flatMap { masterTable(of: $0) }
    return self[namespace].devices.values.contains { other in
      (address.isIPv6LinkLocal ? other == device : masterTable(of: other) == table)
        && self[other].addresses.contains { $0.address == address }
    }
  }

  /// The device that a gateway is on the link of, and whether it is the machine itself.
  private func gatewayDevice(
    _ gateway: IPAddress, _ device: DeviceID?, in namespace: NamespaceID, table: UInt32
  ) throws(KernelError) -> (device: DeviceID, isOwn: Bool) {
    let invalid = "Nexthop has invalid gateway"
    switch gateway.family {
    case .ipv4:
      var flow = Flow(destination: gateway)
      flow.outputDevice = device
      flow.ignoresLinkState = true
      flow.leastScope = .link
      flow.master = device.flatMap { masterTable(of: $0) }
      guard let route = route(toGateway: flow, in: namespace, table: table) else {
        throw KernelError(.networkUnreachable, invalid)
      }
      guard route.type == .unicast || route.type == .local else { throw KernelError(.invalidArgument, invalid) }
      guard let found = ways(of: route, flow).first?.device else { throw KernelError(.invalidArgument, invalid) }
      guard self[found].isUp else { throw KernelError(.networkDown, "Nexthop device is not up") }
      return (found, route.type == .local)
    case .ipv6:
      if hasAddress(gateway, device, in: namespace) {
        throw KernelError(.invalidArgument, "Gateway can not be a local address")
      }
      if gateway.isIPv6LinkLocal {
        guard let device else {
          throw KernelError(.invalidArgument, "Nexthop device required for link-local gateway")
        }
        return (device, false)
      }
      var flow = Flow(destination: gateway)
      flow.outputDevice = device
      flow.ignoresLinkState = true
      flow.master = device.flatMap { masterTable(of: $0) }
      // Whatever takes it on or in will do: the kernel asks for no type.
      guard let route = route(toGateway: flow, in: namespace, table: table), let hop = route.hops.first,
        hop.gateway == nil, !discards(route, over: hop)
      else { throw KernelError(.hostUnreachable) }
      return (hop.device, false)
    }
  }

  /// The route to a gateway: by the table that it is for, in IPv6 the main one too, else as packets are routed
  /// (fib_check_nh_v4_gw, ip6_route_check_nh).
  private func route(toGateway flow: Flow, in namespace: NamespaceID, table: UInt32) -> TableRoute? {
    if table != RouteTableNumber.main || flow.destination.family == .ipv6,
      let own = route(flow, in: namespace, table: table, flow.destination.family)
    {
      switch own.type {
      case .unicast where flow.destination.family == .ipv4: return own
      case .unicast where own.hops.first.map { $0.gateway == nil && !discards(own, over: $0) } ?? false: return own
      case .local, .broadcast, .multicast, .anycast: return own
      case .unicast, .blackhole, .unreachable, .prohibit: break
      }
    }
    if case .route(let route, _) = look(up: flow, in: namespace) { return route }
    return nil
  }

  /// A routing table of a namespace, if there is one.
  ///
  /// Each family's by itself: the subscript that takes a family would copy the namespace for every look-up.
  func table(_ number: UInt32, _ family: AddressFamily, in namespace: NamespaceID) -> RouteTable? {
    switch family {
    case .ipv4: self[namespace].ipv4Tables[number]
    case .ipv6: self[namespace].ipv6Tables[number]
    }
  }

  /// Whether there is a local route to an address, in the kernel's own table or that of the device's VRF.
  func isLocal(_ address: IPAddress, by device: DeviceID) -> Bool {
    let namespace = self[device].namespace
    if case .v4(let own) = address, !namespaces[namespace.index].localPrefixes.mayHold(own.bits) { return false }
    func isLocal(by table: UInt32) -> Bool {
      let route = self.table(table, address.family, in: namespace)?.first(address.bits) {
        $0.type == .local || $0.type == .anycast
      }
      return route != nil
    }
    return isLocal(by: RouteTableNumber.local) || masterTable(of: device).map(isLocal) ?? false
  }

  /// Whether an address is the machine's own in a device's VRF, or outside of all (inet_addr_type_dev_table).
  private func isLocal(_ address: IPAddress, inTableOf device: DeviceID) -> Bool {
    let table = masterTable(of: device) ?? RouteTableNumber.local
    let route = self.table(table, address.family, in: self[device].namespace)?.first(address.bits) { _ in true }
    return route?.type == .local
  }

  /// Whether an address is one of a namespace's own.
  func isLocal(_ address: IPAddress, in namespace: NamespaceID) -> Bool {
    if isInLocalTable(address, in: namespace) { return true }
    // The addresses of VRFs' members are in their tables.
    guard self[namespace].devices.values.contains(where: { if case .vrf = self[$0].kind { true } else { false } })
    else {
      return false
    }
    return self[namespace].devices.values.contains { device in
      masterTable(of: device) != nil && self[device].addresses.contains { $0.address == address }
    }
  }

  /// Whether an address is one of a namespace's own outside of VRFs (inet_addr_type).
  func isInLocalTable(_ address: IPAddress, in namespace: NamespaceID) -> Bool {
    guard let table = table(RouteTableNumber.local, address.family, in: namespace),
      let route = table.first(address.bits, where: { _ in true })
    else { return false }
    switch route.type {
    case .local, .anycast: return true
    case .unicast, .broadcast, .multicast, .blackhole, .unreachable, .prohibit: return false
    }
  }

  mutating func insert(_ route: TableRoute, _ table: UInt32, _ namespace: NamespaceID) {
    let family = route.destination.family
    if case .v4(let network) = route.destination.network, route.type == .local || route.type == .anycast {
      namespaces[namespace.index].localPrefixes.add(network.bits, length: route.destination.length)
    }
    namespaces[namespace.index][family][table, default: RouteTable(family)].add(route)
  }

  mutating func insertUnlessThere(_ route: TableRoute, _ table: UInt32, _ namespace: NamespaceID) {
    guard namespaces[namespace.index][route.destination.family][table]?.has(route) != true else { return }
    insert(route, table, namespace)
  }
}
