import NetworkTypes

/// Gives hardware addresses to devices: locally administered, the same in every run, each once on a network.
struct MACNaming {
  private var made: Set<MACAddress> = []

  /// Docker's address up to version 27: 02:42 and the four octets of the IPv4 address.
  static func address(for address: IPv4Address) -> MACAddress {
    MACAddress(bits: 0x0242_0000_0000 | UInt64(address.bits))
  }

  /// An address for a device that has no IPv4 address: 06:42 and 32 bits of a hash of what tells it apart, so that it
  /// never equals one made from an IPv4 address.
  mutating func address(for identity: String) -> MACAddress {
    var attempt = 0
    while true {
      let hash = stableHash(attempt == 0 ? identity : "\(identity)#\(attempt)")
      let address = MACAddress(bits: 0x0642_0000_0000 | (hash ^ hash >> 32) & 0xffff_ffff)
      if made.insert(address).inserted { return address }
      attempt += 1
    }
  }

  /// The address of a device with these addresses, or else with this identity.
  mutating func address(for addresses: [AssignedAddress], identity: @autoclosure () -> String) -> MACAddress {
    for assigned in addresses {
      if case .v4(let address) = assigned.address.address { return Self.address(for: address) }
    }
    return address(for: addresses.first.map { $0.address.address.description } ?? identity())
  }
}
