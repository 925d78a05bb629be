import NetworkTypes

extension Kernel {
  /// Whether a device may get another on top, be it a master or one that stands on it (__netdev_upper_dev_link,
  /// net/core/dev.c).
  ///
  /// - Parameters:
  ///   - lower: the device.
  ///   - upper: what comes on top of it; nil for one that is only being made.
  /// - Throws: `KernelError`, where there would be too many on top of each other.
  func checkNesting(of lower: DeviceID, under upper: DeviceID?) throws(KernelError) {
    if let upper, isOnTop(lower, of: upper) { throw KernelError(.busy) }
    guard levelsDown(from: lower) + (upper.map(levelsUp) ?? 1) <= DeviceLimits.nesting else {
      throw KernelError(.tooManyLinks)
    }
  }

  /// The most devices on a way down from one, itself counted.
  private func levelsDown(from device: DeviceID) -> Int {
    let lowers: [DeviceID] =
      switch self[device].kind {
      case .bridge(let index): bridges[index].ports
      case .bond, .vrf: members(of: device)
      case .vlan(let parent, _), .macvlan(let parent, _), .ipvlan(let parent, _): [parent]
      case .vxlan(let index): vxlans[index].lower.map { [$0] } ?? []
      case .loopback, .veth, .dummy, .outside: []
      }
    return 1 + (lowers.map(levelsDown).max() ?? 0)
  }

  /// The most devices on a way up from one, itself counted.
  private func levelsUp(from device: DeviceID) -> Int { 1 + (above(device).map(levelsUp).max() ?? 0) }

  /// Whether a device stands on another, by way of others or not.
  private func isOnTop(_ device: DeviceID, of lower: DeviceID) -> Bool {
    above(lower).contains { $0 == device || isOnTop(device, of: $0) }
  }

  /// The devices that are next to one on its way up.
  private func above(_ device: DeviceID) -> [DeviceID] {
    let tunnels = vxlans.filter { $0.lower == device && !self[$0.device].isRemoved }.map(\.device)
    return self[device].uppers + tunnels + (self[device].master.map { [$0] } ?? [])
  }
}
