import NetworkTypes
import Packets

extension Kernel {
  /// Has a device tell soon which groups it listens to (mld_ifc_event, igmp_ifc_event).
  mutating func announceGroups(_ device: DeviceID) {
    schedule(.announceGroups(device), after: .milliseconds(100))
  }

  /// Tells which groups a device listens to; bridges on its way learn from that where it is.
  mutating func sendGroupReports(_ device: DeviceID) {
    guard isRunning(device), !self[device].isRemoved else { return }
    if case .bridge = self[device].kind { sendIPv4Report(device) }
    if hasIPv6(device) { sendIPv6Report(device) }
  }

  /// IGMP version 3 (RFC 3376 §4.2, igmpv3_send_cr).
  ///
  /// Of all groups, a machine without programs that ask for any joins
  /// only 224.0.0.106 (RFC 4286), on its bridges; 224.0.0.1 is never told.
  private mutating func sendIPv4Report(_ device: DeviceID) {
    guard let snoopers = IPAddress("224.0.0.106"), let reporters = IPAddress("224.0.0.22") else { return }
    let source = chooseIPv4Source(on: device, towards: nil, leastScope: .link) ?? .v4(IPv4Address(bits: 0))
    report([snoopers], from: source, to: reporters, trafficClass: 0xc0, by: device)
  }

  /// MLD version 2 (RFC 3810 §5.2): the groups of a device's addresses, and those of routers and of bridges.
  private mutating func sendIPv6Report(_ device: DeviceID) {
    var groups = self[device].addresses.compactMap { address -> IPAddress? in
      if case .v6(let own) = address.address { .v6(own.solicitedNode) } else { nil }
    }
    if case .bridge = self[device].kind, let snoopers = IPAddress("ff02::6a") { groups.append(snoopers) }
    // Routers listen as such, on the link and on the site (addrconf_join_anycast, dev_forward_change).
    if self[device].ipv6.forwarding != 0 { groups += [IPAddress.v6(.allRouters), .v6(.allSiteRouters)] }
    guard !groups.isEmpty else { return }
    let source =
      linkLocalAddress(of: device)
      ?? .v6(IPv6Address(bits: 0))
    report(groups, from: source, to: .v6(.allListenerRouters), trafficClass: 0, by: device)
  }

  private mutating func report(
    _ groups: [IPAddress], from source: IPAddress, to reporters: IPAddress, trafficClass: UInt8, by device: DeviceID
  ) {
    var packet = IPPacket(
      source: source, destination: reporters, hopLimit: 1, trafficClass: trafficClass,
      dontFragment: source.family == .ipv4, hasRouterAlert: true, payload: .listenerReport(groups: groups))
    guard passesOutput(&packet, by: device) else { return }
    transmit(
      Frame(destination: MACAddress(multicast: reporters), source: self[device].address, payload: .ip(packet)),
      from: device)
  }
}
