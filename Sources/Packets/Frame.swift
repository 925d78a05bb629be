package import NetworkTypes

/// An Ethernet frame (IEEE 802.3) without preamble and check sequence, as a device hands it to another.
///
/// Frames are values: what a field holds is valid, and a frame that is forwarded or flooded shares its payload.
package struct Frame: Hashable, Sendable {
  /// The hardware address that it is for.
  package var destination: MACAddress
  /// The hardware address that sent it.
  package var source: MACAddress
  /// The 802.1Q tag, if it has one.
  package var tag: VLANTag?
  /// What it carries.
  package var payload: Payload

  /// Creates a frame.
  package init(destination: MACAddress, source: MACAddress, tag: VLANTag? = nil, payload: Payload) {
    self.destination = destination
    self.source = source
    self.tag = tag
    self.payload = payload
  }

  /// What frames carry.
  package enum Payload: Hashable, Sendable {
    /// Address resolution (RFC 826).
    case arp(ARPPacket)
    /// IPv4 or IPv6.
    indirect case ip(IPPacket)
    /// A message of the spanning tree protocol, in an 802.2 LLC frame.
    indirect case spanningTree(BridgeProtocolDataUnit)
  }

  /// The length of the header of an untagged frame, in bytes.
  package static let headerLength = 14

  /// The length in bytes on the wire, header and tag included: no padding.
  package var length: Int { Self.headerLength + payload.length + (tag == nil ? 0 : VLANTag.length) }

  /// The length in bytes as devices count it (`skb->len`): without a tag that goes beside the frame.
  package var countedLength: Int { Self.headerLength + payload.length + (tag?.isInFrame == true ? VLANTag.length : 0) }
}

extension Frame.Payload {
  /// The length in bytes of what the frame carries.
  package var length: Int {
    switch self {
    case .arp: 28
    case .ip(let packet): packet.length
    case .spanningTree(let unit): unit.kind == .topologyChange ? 7 : 38
    }
  }
}

/// The tag of a VLAN (IEEE 802.1Q §9.6).
package struct VLANTag: Hashable, Sendable {
  /// How much longer it makes a frame, in bytes.
  package static let length = 4

  /// The VLAN's identifier: 0…4095; 0 says that only the priority counts.
  package var id: UInt16
  /// The priority code point: 0…7.
  package var priority: UInt8
  /// Whether it stands in the frame, where the kernel otherwise keeps it beside (`skb->vlan_tci`): a device that
  /// couldn't be given it beside has sent the frame (validate_xmit_vlan), and whoever takes it in takes it out
  /// (skb_vlan_untag).
  package var isInFrame = false

  /// Creates a tag.
  package init(id: UInt16, priority: UInt8 = 0) {
    self.id = id
    self.priority = priority
  }
}

extension MACAddress {
  /// All ones: every device on the link.
  package static let broadcast = MACAddress(bits: 0xffff_ffff_ffff)
  /// All zeros: what a loopback device has.
  package static let zero = MACAddress(bits: 0)
  /// Where bridges send their protocol's messages; no bridge forwards 01:80:c2:00:00:00…0f (IEEE 802.1D §7.12.6).
  package static let bridgeGroup = MACAddress(bits: 0x0180_c200_0000)

  /// The address that frames to a multicast address go to (RFC 1112 §6.4, RFC 2464 §7).
  package init(multicast address: IPAddress) {
    switch address {
    case .v4(let v4): self.init(bits: 0x0100_5e00_0000 | UInt64(v4.bits & 0x7f_ffff))
    case .v6(let v6): self.init(bits: 0x3333_0000_0000 | UInt64(truncatingIfNeeded: v6.bits & 0xffff_ffff))
    }
  }
}
