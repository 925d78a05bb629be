package import NetworkTypes

/// A machine at the other end of the host's uplink, `outside` in checks.
///
/// It is the first gateway of the uplink where the file names one, and sends everything by way of the host, so that
/// what the host lets through is what can be reached from it.
package struct Outside: Sendable {
  /// The host's device that leads to it: the first with a gateway, or else with an address.
  package var uplink: InterfaceName
  /// Its own addresses, one a family at most.
  package var addresses: [InterfaceAddress]
  /// The host's addresses on the uplink, one a family at most: its own default gateways.
  package var gateways: [IPAddress]

  /// Finds the machine beyond some devices of the host's; nil where none has an address.
  package init?(beyond interfaces: [Host.ExistingInterface]) {
    let able = interfaces.filter { $0.name != .loopback && !$0.addresses.isEmpty }
    guard let interface = able.first(where: { !$0.gateways.isEmpty }) ?? able.first else { return nil }
    self.init(uplink: interface.name, addresses: interface.addresses, gateways: interface.gateways)
  }

  /// Finds the machine at the other end of a device of the host's; nil where it can have no address.
  ///
  /// - Parameters:
  ///   - uplink: the device.
  ///   - own: the host's addresses on it.
  ///   - hostGateways: the host's default gateways behind it.
  package init?(uplink: InterfaceName, addresses own: [InterfaceAddress], gateways hostGateways: [IPAddress]) {
    self.uplink = uplink
    addresses = []
    gateways = []
    for family in AddressFamily.allCases {
      guard let first = own.first(where: { $0.family == family && !$0.address.isLinkLocal }) else { continue }
      let gateway = hostGateways.first { $0.family == family && first.prefix.contains($0) }
      guard let address = gateway ?? Self.firstFree(in: first.prefix, Set(own.map(\.address))),
        let assigned = InterfaceAddress(address, prefixLength: first.prefixLength)
      else { continue }
      addresses.append(assigned)
      gateways.append(first.address)
    }
    guard !addresses.isEmpty else { return nil }
  }

  private static func firstFree(in prefix: IPPrefix, _ taken: Set<IPAddress>) -> IPAddress? {
    let first = prefix.firstHost
    for offset in 0...UInt128(taken.count) {
      let address = IPAddress(family: prefix.family, bits: first.bits &+ offset)
      if prefix.contains(address), address <= prefix.lastHost, !taken.contains(address) { return address }
    }
    return nil
  }
}
