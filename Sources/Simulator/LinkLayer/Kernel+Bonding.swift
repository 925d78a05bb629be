import NetworkTypes
import Packets

/// By which of its members a bond sends, and by which it receives (Documentation/networking/bonding.rst).
extension Kernel {
  /// Sends a frame by a bond.
  mutating func transmit(_ frame: Frame, byBond bond: DeviceID, _ mode: BondMode, _ bridges: UInt8) {
    let ways = activeMembers(of: bond, mode)
    guard let first = ways.first else { return drop(frame, .noCarrier, at: bond) }
    switch mode {
    case .activeBackup: transmit(frame, from: first, bridges: bridges)
    case .broadcast: for way in ways { transmit(frame, from: way, bridges: bridges) }
    case .balanceRR:
      transmit(frame, from: ways[counters(of: bond).sentPackets % ways.count], bridges: bridges)
    case .balanceXOR, .lacp:
      // The hash of layer 2 (bond_eth_hash): the last byte of both addresses and the protocol.
      let hash = Int((frame.source.bits ^ frame.destination.bits) & 0xff) ^ frame.protocolNumber
      transmit(frame, from: ways[hash % ways.count], bridges: bridges)
    case .balanceTLB, .balanceALB:
      guard ways.count == 1 else { return drop(frame, .notModelled("a bond in mode \(mode.rawValue)"), at: bond) }
      transmit(frame, from: first, bridges: bridges)
    }
  }

  /// Whether a bond takes in what comes by one of its members (bond_should_deliver_exact_match).
  func takes(from member: DeviceID, _ bond: DeviceID, _ mode: BondMode) -> Bool {
    switch mode {
    case .activeBackup, .lacp: activeMembers(of: bond, mode).contains(member)
    case .broadcast, .balanceRR, .balanceXOR, .balanceTLB, .balanceALB: true
    }
  }

  /// The members that a bond uses, of those that are running.
  func activeMembers(of bond: DeviceID, _ mode: BondMode) -> [DeviceID] {
    let running = members(of: bond).filter(isRunning)
    switch mode {
    case .activeBackup:
      // Of a bond that was found on a real machine it isn't known.
      guard let chosen = self[bond].chosenMember else { return Array(running.prefix(1)) }
      return running.filter { $0 == chosen.device }
    case .lacp: return aggregator(of: running)
    case .broadcast, .balanceRR, .balanceXOR, .balanceTLB, .balanceALB: return running
    }
  }

  /// Chooses the member that a bond in mode active-backup uses: the one that it uses stays as long as it is running,
  /// whoever comes back (bond_find_best_slave, bond_choose_primary_or_current).
  ///
  /// Those that come up within one interval are seen together, and the first of them is chosen (bond_miimon_inspect).
  mutating func chooseMember(of bond: DeviceID) {
    guard case .bond(.activeBackup) = self[bond].kind else { return }
    let running = members(of: bond).filter(isRunning)
    let old = self[bond].chosenMember
    let wasUsed = old.map { now >= $0.settles } ?? false
    if let old, wasUsed, running.contains(old.device) { return }
    guard let best = running.first else { return devices[bond.index].chosenMember = nil }
    guard best != old?.device else { return }
    let settles = wasUsed ? now : old?.settles ?? now + ChosenMember.interval
    devices[bond.index].chosenMember = ChosenMember(device: best, settles: settles)
    // Where there was none the bond has no carrier yet as it might tell (bond_should_notify_peers).
    guard wasUsed, self[bond].isUp else { return }
    notifyPeers(of: bond)
    rejoinGroups(of: bond)
  }

  /// Tells on a bond's new member where its addresses are, and those of what stands on it (NETDEV_NOTIFY_PEERS:
  /// inetdev_event, vlan_device_event, macvlan_device_event, ndisc_netdev_event).
  private mutating func notifyPeers(of device: DeviceID) {
    guard self[device].isUp else { return }
    sendGratuitousRequests(device)
    for upper in followers(of: device) { notifyPeers(of: upper) }
    advertiseAddresses(of: device)
  }

  /// Tells there to which groups they listen, and a bridge that the bond is a port of (NETDEV_RESEND_IGMP:
  /// ip_mc_rejoin_groups, ipv6_mc_rejoin_groups, br_device_event).
  private mutating func rejoinGroups(of device: DeviceID) {
    guard self[device].isUp else { return }
    schedule(.announceGroups(device), after: .milliseconds(10))
    for upper in followers(of: device) { rejoinGroups(of: upper) }
    if self[device].port != nil, let bridge = self[device].master { rejoinGroups(of: bridge) }
  }

  /// The devices on another that hear what happens to it.
  private func followers(of device: DeviceID) -> [DeviceID] {
    self[device].uppers.filter {
      switch self[$0].kind {
      case .vlan, .macvlan: true
      case .loopback, .veth, .bridge, .dummy, .bond, .vrf, .vxlan, .ipvlan, .outside: false
      }
    }
  }

  /// The members that lead to one and the same bond that negotiates too (ad_agg_selection_logic).
  ///
  /// Where they lead to several, the most of them; where to none, the first alone. A bridge passes on nothing of the
  /// negotiation, which is taken to be over.
  private func aggregator(of members: [DeviceID]) -> [DeviceID] {
    let partners = members.map(partner)
    let counts = partners.map { partner in partner == nil ? 0 : partners.count { $0 == partner } }
    guard let most = counts.max(), most > 0, let chosen = counts.firstIndex(of: most) else {
      return Array(members.prefix(1))
    }
    return zip(members, partners).filter { $1 == partners[chosen] }.map(\.0)
  }

  /// The bond at the other end of a member's cable, if it negotiates.
  private func partner(of member: DeviceID) -> DeviceID? {
    let peer: DeviceID
    switch self[member].kind {
    case .veth(let other), .outside(_, let other?): peer = other
    case .outside(_, nil), .loopback, .bridge, .dummy, .bond, .vrf, .vlan, .vxlan, .macvlan, .ipvlan: return nil
    }
    guard isRunning(peer), let master = self[peer].master, case .bond(.lacp) = self[master].kind else { return nil }
    return master
  }
}

/// The member of a bond that it sends and receives by, as long as that is running (curr_active_slave).
struct ChosenMember: Sendable {
  /// How often a bond looks which of its members are running (miimon).
  static let interval = TimeSpan.milliseconds(100)

  /// Which one it is.
  let device: DeviceID
  /// From when on another that comes up is too late.
  var settles: Instant
}
