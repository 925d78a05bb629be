import NetworkTypes

/// What no machine can be: numbers that don't fit into the kernel's, and devices that stand on themselves.
///
/// No program of a machine prints that; whoever writes or changes a snapshot may.
extension HostDocument {
  /// Why no machine can be in this state; nil if one can.
  var impossibility: String? {
    for space in namespaces {
      if let reason = space.impossibility { return (space.name.map { "\($0): " } ?? "") + reason }
    }
    return nil
  }
}

extension HostDocument.Space {
  fileprivate var impossibility: String? {
    var (names, numbers): (Set<String>, [Int: String]) = ([], [:])
    for device in devices {
      if let reason = device.impossibility { return reason }
      guard names.insert(device.ifname).inserted else { return "\(device.ifname): is there twice" }
      if let other = numbers.updateValue(device.ifname, forKey: device.ifindex) {
        return "\(device.ifname): the number \(device.ifindex) is that of \(other) too"
      }
    }
    let circle = self.circle
    if let first = circle.first {
      let others = circle.dropFirst()
      return "\(first): stands on itself" + (others.isEmpty ? "" : ", by way of \(others.joined(separator: ", "))")
    }
    for route in (routes ?? []) + (routes6 ?? []) {
      for way in route.nexthops ?? [] {
        // One less is in a byte (struct rtnexthop).
        if let reason = outside(1...256, way.weight, "the weight") { return "\(route.dst): \(reason)" }
      }
    }
    for port in vlans ?? [] {
      for vlan in port.vlans {
        // VLAN_N_VID, include/linux/if_vlan.h, without the first and the last.
        let reason = outside(1...4094, vlan.vlan, "the VLAN") ?? outside(vlan.vlan...4094, vlan.vlanEnd, "the VLAN")
        if let reason { return "\(port.ifname): \(reason)" }
      }
    }
    return parameters
  }

  /// Which parameter can't be.
  ///
  /// A kernel of another age may take more than is known here, but nothing that isn't an int.
  private var parameters: String? {
    for (name, value) in (sysctls ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard !(0...Int(Int32.max)).contains(value), let key = SysctlKey(name) else { continue }
      if KernelParameters.refusal(of: String(value), for: key) != nil {
        return "\(name): \(value) is beyond its bounds"
      }
    }
    return nil
  }

  /// A device that stands on itself, and those between; empty where none does.
  private var circle: [String] {
    var lowers: [String: [String]] = [:]
    for device in devices {
      if let lower = device.lower { lowers[device.ifname, default: []].append(lower) }
      if let master = device.master { lowers[master, default: []].append(device.ifname) }
    }
    var done: Set<String> = []
    for start in devices.map(\.ifname) where !done.contains(start) {
      // The way down that is being looked at, and what is left to look at below each device on it.
      var (way, rest, isOnWay) = ([start], [lowers[start] ?? []], Set([start]))
      while let last = way.last {
        guard let next = rest[way.count - 1].popLast() else {
          done.insert(last)
          isOnWay.remove(last)
          way.removeLast()
          rest.removeLast()
          continue
        }
        if isOnWay.contains(next) { return Array(way.drop { $0 != next }) }
        guard !done.contains(next) else { continue }
        isOnWay.insert(next)
        way.append(next)
        rest.append(lowers[next] ?? [])
      }
    }
    return []
  }
}

extension HostDocument.Device {
  /// The device of the same namespace that it stands on: of a cable only where both ends are the same.
  fileprivate var lower: String? {
    switch linkinfo?.info_kind {
    case "vlan": link
    case "vxlan": linkinfo?.info_data?.link
    case _: link == ifname ? link : nil
    }
  }

  fileprivate var impossibility: String? {
    // int ifindex and unsigned int mtu (struct net_device); the ageing time is an attribute of 32 bits, in hundredths.
    let reason =
      outside(1...Int(Int32.max), ifindex, "the number") ?? outside(0...Int(UInt32.max), mtu, "the MTU")
      ?? outside(0...Int(UInt32.max), linkinfo?.info_data?.ageing_time, "the ageing time")
    return reason.map { "\(ifname): \($0)" }
  }
}

/// That a number is outside of bounds, in words; nil if it isn't, or if there is none.
private func outside(_ bounds: ClosedRange<Int>, _ number: Int?, _ what: String) -> String? {
  guard let number, !bounds.contains(number) else { return nil }
  return "\(what) \(number) isn't from \(bounds.lowerBound) to \(bounds.upperBound)"
}
