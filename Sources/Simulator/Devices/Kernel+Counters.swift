extension Kernel {
  /// What a device has sent and received since it was made.
  ///
  /// A bond's is what its members have since they joined (bond_get_stats).
  package func counters(of device: DeviceID) -> DeviceCounters {
    guard case .bond = self[device].kind else { return self[device].ownCounters }
    return members(of: device).reduce(self[device].ownCounters) { $0 + self[$1].ownCounters }
  }

  /// Has a bond's counters stay what they are while a device joins it.
  mutating func beginCounting(_ member: DeviceID, forBond bond: DeviceID) {
    devices[bond.index].ownCounters = self[bond].ownCounters - self[member].ownCounters
  }

  /// Has a bond's counters stay what they are while a device leaves it.
  mutating func endCounting(_ member: DeviceID, forBond bond: DeviceID) {
    devices[bond.index].ownCounters = self[bond].ownCounters + self[member].ownCounters
  }
}
