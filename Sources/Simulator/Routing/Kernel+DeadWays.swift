import NetworkTypes

/// What becomes of routes when the devices that they lead over go down, come back, or are deleted.
extension Kernel {
  /// Has the ways over a device die, and removes the routes that no living way is left of (fib_sync_down_dev,
  /// fib6_ifdown: NETDEV_DOWN).
  ///
  /// - Parameters:
  ///   - device: the device.
  ///   - families: those whose routes are meant.
  ///   - keepsOwnAddresses: whether it merely went down, so that the machine's own IPv4 addresses stay its own.
  mutating func killWays(
    over device: DeviceID, of families: [AddressFamily] = AddressFamily.allCases, keepsOwnAddresses: Bool = false
  ) {
    for family in families {
      var leavesDead = false
      rewriteRoutes(over: device, family) { route in
        if keepsOwnAddresses, family == .ipv4, route.type == .local { return route }
        guard route.hops.count > 1 else { return nil }
        var rest = route
        for index in rest.hops.indices where rest.hops[index].device == device { rest.hops[index].isDead = true }
        guard !rest.hops.allSatisfy(\.isDead) else { return nil }
        leavesDead = true
        return rest
      }
      if leavesDead { devices[device.index].deadWays.insert(family) }
    }
  }

  /// Has the dead ways over a device live again (fib_sync_up, rt6_sync_up).
  mutating func reviveWays(over device: DeviceID, of family: AddressFamily) {
    // There may be thousands of routes, and hardly ever a dead way.
    guard devices[device.index].deadWays.remove(family) != nil else { return }
    rewriteRoutes(over: device, family) { route in
      var route = route
      for index in route.hops.indices where route.hops[index].device == device { route.hops[index].isDead = false }
      return route
    }
  }

  /// Removes what leads over a device that is deleted: an IPv4 route with all its ways, of an IPv6 route those ways
  /// alone, each of which is a route of its own to the kernel (fib_sync_down_dev, fib6_ifdown: NETDEV_UNREGISTER).
  mutating func removeWays(over device: DeviceID, of families: [AddressFamily] = AddressFamily.allCases) {
    for family in families {
      devices[device.index].deadWays.remove(family)
      rewriteRoutes(over: device, family) { route in
        switch family {
        case .ipv4: return nil
        case .ipv6:
          var rest = route
          rest.hops.removeAll { $0.device == device }
          return rest.hops.isEmpty ? nil : rest
        }
      }
    }
  }

  /// Changes or removes the routes of which a way leads over a device.
  private mutating func rewriteRoutes(
    over device: DeviceID, _ family: AddressFamily, _ change: (TableRoute) -> TableRoute?
  ) {
    let namespace = self[device].namespace.index
    for table in namespaces[namespace][family].keys {
      namespaces[namespace][family][table]?.rewrite { route in
        route.hops.contains { $0.device == device } ? change(route) : route
      }
    }
  }
}
