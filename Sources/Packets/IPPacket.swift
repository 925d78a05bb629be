package import NetworkTypes

/// An IPv4 or IPv6 packet.
///
/// One type for both: what a router does differs in few places, and there `family` says which. Source and destination
/// are of one family.
package struct IPPacket: Hashable, Sendable {
  /// The sender.
  package var source: IPAddress
  /// The receiver.
  package var destination: IPAddress
  /// Time to live, or hop limit.
  package var hopLimit: UInt8
  /// Type of service, or traffic class.
  package var trafficClass: UInt8
  /// What fragments of one packet have in common: 16 bits in IPv4, 32 in IPv6, where only fragments carry it.
  package var identification: UInt32
  /// Whether no router may fragment it; true for IPv6.
  package var dontFragment: Bool
  /// Whether it has the router alert option (RFC 2113, RFC 2711), as multicast listener reports do.
  package var hasRouterAlert: Bool
  /// What it carries.
  package var payload: Payload

  /// Creates a packet.
  package init(
    source: IPAddress, destination: IPAddress, hopLimit: UInt8 = 64, trafficClass: UInt8 = 0,
    identification: UInt32 = 0, dontFragment: Bool = false, hasRouterAlert: Bool = false, payload: Payload
  ) {
    self.source = source
    self.destination = destination
    self.hopLimit = hopLimit
    self.trafficClass = trafficClass
    self.identification = identification
    self.dontFragment = dontFragment || source.family == .ipv6
    self.hasRouterAlert = hasRouterAlert
    self.payload = payload
  }

  /// What packets carry.
  package enum Payload: Hashable, Sendable {
    /// Control messages; `family` says whether they are ICMP's or ICMPv6's.
    case icmp(ICMPMessage)
    /// Neighbor discovery, which is part of ICMPv6 (RFC 4861).
    case neighborDiscovery(NeighborDiscoveryMessage)
    /// A report of the multicast groups that a host listens to: of IGMP in IPv4 (RFC 3376), of ICMPv6 (RFC 3810).
    case listenerReport(groups: [IPAddress])
    /// A datagram.
    case udp(UDPDatagram)
    /// A segment.
    case tcp(TCPSegment)
    /// A part of a packet's payload.
    indirect case fragment(Fragment)
  }

  /// The family of both addresses.
  package var family: AddressFamily { source.family }

  /// The header's length in bytes, options and extension headers included.
  package var headerLength: Int {
    switch family {
    case .ipv4: hasRouterAlert ? 24 : 20
    case .ipv6:
      if case .fragment = payload { 48 } else { hasRouterAlert ? 48 : 40 }
    }
  }

  /// The whole length in bytes.
  package var length: Int { headerLength + payload.length }
}

extension IPPacket.Payload {
  /// The length in bytes.
  package var length: Int {
    switch self {
    case .icmp(let message): message.length
    case .neighborDiscovery(let message): message.length
    case .listenerReport(let groups): groups.reduce(8) { $0 + ($1.family == .ipv4 ? 8 : 20) }
    case .udp(let datagram): 8 + datagram.data.length
    case .tcp(let segment): segment.headerLength + segment.data.length
    case .fragment(let fragment): fragment.length
    }
  }
}

/// A part of a packet that was too long for a link (RFC 791 §3.2, RFC 8200 §4.5).
package struct Fragment: Hashable, Sendable {
  /// Where the part begins in the payload, in bytes: a multiple of eight.
  package var offset: Int
  /// How many bytes of the payload it has.
  package var length: Int
  /// Whether another part follows.
  package var moreFollow: Bool
  /// The packet as it was before: what the parts make when all are there.
  package var whole: IPPacket

  /// Creates a part.
  package init(offset: Int, length: Int, moreFollow: Bool, whole: IPPacket) {
    self.offset = offset
    self.length = length
    self.moreFollow = moreFollow
    self.whole = whole
  }
}
