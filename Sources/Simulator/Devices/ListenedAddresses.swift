package import NetworkTypes
import Packets

/// The hardware addresses that a device takes in beside its own: those of groups, and of what stands on it.
///
/// Each counts how often it was asked for, and they keep the order in which they came (net/core/dev_addr_lists.c).
struct ListenedAddresses: Sendable {
  /// An address and how often it was asked for.
  struct Entry: Sendable {
    let address: MACAddress
    var users: Int
    /// Whether it came with an IPv6 group, and goes with IPv6.
    let isIPv6: Bool
  }

  private(set) var entries: [Entry] = []

  /// Asks for an address.
  mutating func add(_ address: MACAddress, isIPv6: Bool = false) {
    if let index = entries.firstIndex(where: { $0.address == address }) {
      entries[index].users += 1
    } else {
      entries.append(Entry(address: address, users: 1, isIPv6: isIPv6))
    }
  }

  /// Takes back a request for an address.
  mutating func remove(_ address: MACAddress) {
    guard let index = entries.firstIndex(where: { $0.address == address }) else { return }
    entries[index].users -= 1
    if entries[index].users <= 0 { entries.remove(at: index) }
  }

  /// Forgets IPv6's groups.
  mutating func removeIPv6() { entries.removeAll(where: \.isIPv6) }
}

extension MACAddress {
  /// 224.0.0.1, and 224.0.0.106, which bridges join for other switches' sake (RFC 4286).
  fileprivate static let allSystems = MACAddress(bits: 0x0100_5e00_0001)
  fileprivate static let ipv4Snoopers = MACAddress(bits: 0x0100_5e00_006a)
  /// ff02::1, ff02::2 and ff02::6a.
  fileprivate static let allNodes = MACAddress(bits: 0x3333_0000_0001)
  fileprivate static let allRouters = MACAddress(bits: 0x3333_0000_0002)
  fileprivate static let ipv6Snoopers = MACAddress(bits: 0x3333_0000_006a)
}

extension Kernel {
  /// The addresses that a device takes in beside its own and the broadcast address, in the order in which the kernel
  /// lists them; none for devices that have no list of their own to show.
  package func listenedAddresses(of device: DeviceID) -> [MACAddress] {
    switch self[device].kind {
    case .loopback, .vxlan: []
    case .veth, .bridge, .dummy, .bond, .vrf, .vlan, .macvlan, .ipvlan, .outside:
      // Single addresses come before groups (ndo_dflt_fdb_dump).
      self[device].listened.entries.map(\.address).filter { !$0.isMulticast }
        + self[device].listened.entries.map(\.address).filter(\.isMulticast)
    }
  }

  /// A device joins the groups of IPv6 as it is registered (ipv6_add_dev).
  mutating func listenFromTheStart(_ device: DeviceID) {
    guard self[device].kind != .loopback || self[device].name != .loopback,
      self[device].mtu >= AddressFamily.ipv6MinimumMTU
    else { return }
    listen(to: .allNodes, on: device, isIPv6: true)
    if self[device].ipv6.forwarding != 0 { listen(to: .allRouters, on: device, isIPv6: true) }
  }

  /// A device that goes up joins the groups of IPv4 (ip_mc_up), a bridge before it those of other switches
  /// (br_multicast_join_snoopers); what stands on another passes its list on (dev_mc_sync).
  mutating func listenWhileUp(_ device: DeviceID) {
    if case .bridge = self[device].kind {
      listen(to: .ipv4Snoopers, on: device)
      if self[device].mtu >= AddressFamily.ipv6MinimumMTU { listen(to: .ipv6Snoopers, on: device, isIPv6: true) }
    }
    if let parent = self[device].kind.parent {
      if hasAddressOfItsOwn(device) { devices[parent.index].listened.add(self[device].address) }
      for entry in self[device].listened.entries { devices[parent.index].listened.add(entry.address) }
    }
    guard case .loopback = self[device].kind else { return listen(to: .allSystems, on: device) }
  }

  /// A device that goes down leaves all groups (ip_mc_down, ipv6_mc_down).
  mutating func stopListening(_ device: DeviceID) {
    if let parent = self[device].kind.parent {
      if hasAddressOfItsOwn(device) { devices[parent.index].listened.remove(self[device].address) }
      for entry in self[device].listened.entries { devices[parent.index].listened.remove(entry.address) }
    }
    devices[device.index].listened.remove(.allSystems)
    if case .bridge = self[device].kind { devices[device.index].listened.remove(.ipv4Snoopers) }
    devices[device.index].listened.removeIPv6()
  }

  /// Whether a device asks the one below for frames to another hardware address (macvlan_open, vlan_dev_open).
  private func hasAddressOfItsOwn(_ device: DeviceID) -> Bool {
    switch self[device].kind {
    case .macvlan(_, let mode): mode != .passthru
    case .vlan(let parent, _): self[device].address != self[parent].address
    case .loopback, .veth, .bridge, .dummy, .bond, .vrf, .vxlan, .ipvlan, .outside: false
    }
  }

  /// IPv6 that begins on a device again joins its groups again (ipv6_mc_up).
  mutating func listenForIPv6(_ device: DeviceID) {
    guard !self[device].listened.entries.contains(where: { $0.address == .allNodes }) else { return }
    listenFromTheStart(device)
  }

  /// IPv6 that ends on a device leaves its groups.
  mutating func stopListeningForIPv6(_ device: DeviceID) { devices[device.index].listened.removeIPv6() }

  /// A machine that begins or ends to forward joins or leaves the routers' groups (dev_forward_change): ff02::2 and
  /// ff05::2 have the same hardware address.
  mutating func listenAsRouter(_ device: DeviceID) {
    guard self[device].kind != .loopback else { return }
    if self[device].ipv6.forwarding == 0 {
      devices[device.index].listened.remove(.allRouters)
    } else {
      listen(to: .allRouters, on: device, isIPv6: true)
    }
    for address in self[device].addresses where self[device].ipv6.forwarding != 0 && !address.isTentative {
      listenForSolicitations(of: address, device, anycastAlone: true)
    }
  }

  /// An address is asked for by its own group (addrconf_join_solict), and a router's prefixes by that of their first
  /// address (addrconf_join_anycast).
  mutating func listenForSolicitations(of assigned: AssignedAddress, _ device: DeviceID, anycastAlone: Bool = false) {
    guard case .v6(let address) = assigned.address, hasAddressResolution(device) else { return }
    if !anycastAlone { listen(to: MACAddress(multicast: .v6(address.solicitedNode)), on: device, isIPv6: true) }
    guard self[device].ipv6.forwarding != 0, assigned.interface.prefixLength < 127, !assigned.isTentative,
      case .v6(let first) = assigned.interface.prefix.network
    else { return }
    listen(to: MACAddress(multicast: .v6(first.solicitedNode)), on: device, isIPv6: true)
  }

  private mutating func listen(to address: MACAddress, on device: DeviceID, isIPv6: Bool = false) {
    devices[device.index].listened.add(address, isIPv6: isIPv6)
    if self[device].isUp, let parent = self[device].kind.parent { listen(to: address, on: parent) }
  }
}
