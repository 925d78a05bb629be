package import NetworkTypes

/// A message of neighbor discovery (RFC 4861).
package enum NeighborDiscoveryMessage: Hashable, Sendable {
  /// Who has the target address?
  case solicitation(target: IPv6Address, senderHardware: MACAddress)
  /// Does anybody have the target address, which the sender is about to take? By the nonce, of six bytes, the sender
  /// knows its own again (RFC 7527 §4.1).
  case duplicateProbe(target: IPv6Address, nonce: UInt64)
  /// The target has that hardware address.
  case advertisement(Advertisement)
  /// Are there routers? The sender's hardware address is missing while it has no address.
  case routerSolicitation(senderHardware: MACAddress?)

  /// Says who has an address.
  package struct Advertisement: Hashable, Sendable {
    /// The address.
    package var target: IPv6Address
    /// Its hardware address; nil in an answer to who knows it (RFC 4861 §4.4).
    package var targetHardware: MACAddress?
    /// Whether the sender forwards packets.
    package var isRouter: Bool
    /// Whether it answers a solicitation.
    package var isSolicited: Bool
    /// Whether it replaces what is known.
    package var overrides: Bool

    /// Creates an advertisement.
    package init(
      target: IPv6Address, targetHardware: MACAddress?, isRouter: Bool, isSolicited: Bool, overrides: Bool
    ) {
      self.target = target
      self.targetHardware = targetHardware
      self.isRouter = isRouter
      self.isSolicited = isSolicited
      self.overrides = overrides
    }
  }

  /// The address that is asked for, by whoever wants to reach it or to take it.
  package var solicitedAddress: IPv6Address? {
    switch self {
    case .solicitation(let target, _), .duplicateProbe(let target, _): target
    case .advertisement, .routerSolicitation: nil
    }
  }

  /// The length in bytes.
  package var length: Int {
    switch self {
    case .solicitation, .duplicateProbe: 32
    case .advertisement(let advertisement): advertisement.targetHardware == nil ? 24 : 32
    case .routerSolicitation(let hardware): hardware == nil ? 8 : 16
    }
  }
}

extension IPv6Address {
  /// Every node on the link: ff02::1.
  package static let allNodes = IPv6Address(bits: 0xff02 << 112 | 1)
  /// Every router on the link: ff02::2.
  package static let allRouters = IPv6Address(bits: 0xff02 << 112 | 2)
  /// The routers of a site (RFC 4291 §2.7.1).
  package static let allSiteRouters = IPv6Address(bits: 0xff05 << 112 | 2)
  /// Every router that keeps track of multicast listeners: ff02::16 (RFC 3810 §5.2.14).
  package static let allListenerRouters = IPv6Address(bits: 0xff02 << 112 | 0x16)

  /// The multicast address by which the address is asked for (RFC 4291 §2.7.1).
  package var solicitedNode: IPv6Address { IPv6Address(bits: 0xff02 << 112 | 0x1_ff00_0000 | bits & 0xff_ffff) }

  /// The link-local address that a hardware address gives (RFC 4291 appendix A), or that one of several devices with
  /// the same hardware address has (addrconf_ifid_eui48).
  ///
  /// - Parameters:
  ///   - hardware: the hardware address.
  ///   - sharer: the device's number among those that share it; 0 for one that has it alone.
  package init(linkLocalFor hardware: MACAddress, sharer: UInt16 = 0) {
    let (high, low) = (hardware.bits >> 24, hardware.bits & 0xff_ffff)
    guard sharer == 0 else {
      self.init(bits: 0xfe80 << 112 | UInt128(high << 40 | UInt64(sharer) << 24 | low))
      return
    }
    self.init(bits: 0xfe80 << 112 | UInt128((high << 40 | 0xfffe << 24 | low) ^ 0x0200_0000_0000_0000))
  }
}
