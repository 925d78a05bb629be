/// What a bridge is created with (`ip link add type bridge`).
package struct BridgeOptions: Hashable, Codable, Sendable {
  /// Whether frames are kept to VLANs.
  package var vlanFiltering = false
  /// Whether it runs the spanning tree protocol; with it, a forward delay of 2 s, the least the kernel takes.
  package var spanningTree = false
  /// How long a learned address is kept without traffic, in seconds; nil for the kernel's 300.
  package var ageingTime: Int?

  /// Creates the kernel's defaults.
  package init() {}
}

/// How a bridge network is reached from beyond it, per family (moby, daemon/libnetwork/drivers/bridge/labels.go).
package enum GatewayMode: String, Hashable, CaseIterable, Sendable {
  /// Published ports are translated, what leaves is masqueraded, and nothing else comes in.
  case nat
  /// As `nat`, but who routes to a node's address reaches every port of it.
  case natUnprotected = "nat-unprotected"
  /// Nothing is translated: published ports are open at the nodes' own addresses.
  case routed
  /// Internal, and the host has no address on it.
  case isolated
}

/// The identifier of a VLAN: 1…4094 (IEEE 802.1Q §9.6).
package struct VLANID: Hashable, Comparable, Sendable, TextCodable {
  /// The number.
  package let number: UInt16

  /// Checks and takes a number.
  package init?(number: Int) {
    guard (1...4094).contains(number) else { return nil }
    self.number = UInt16(number)
  }

  /// Checks and takes a decimal number.
  package init?(_ text: String) {
    guard let number = Int(digits: text) else { return nil }
    self.init(number: number)
  }

  /// The number in decimal.
  package var description: String { String(number) }

  /// Orders by number.
  package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

/// How a bond's members share the work, as `ip link` names it.
package enum BondMode: String, Hashable, Codable, CaseIterable, Sendable {
  /// Packets in turn over all.
  case balanceRR = "balance-rr"
  /// One at a time.
  case activeBackup = "active-backup"
  /// By a hash of the addresses.
  case balanceXOR = "balance-xor"
  /// Every packet over all.
  case broadcast
  /// Link aggregation (IEEE 802.1AX).
  case lacp = "802.3ad"
  /// Adaptive sending.
  case balanceTLB = "balance-tlb"
  /// Adaptive sending and receiving.
  case balanceALB = "balance-alb"
}

/// What a VXLAN device is created with (`ip link add type vxlan`).
package struct VXLANOptions: Hashable, Codable, Sendable {
  /// The network identifier: 0…16777215 (RFC 7348 §5).
  package var id: UInt32
  /// The source address of the outer packets; nil for the routing's choice.
  package var local: IPAddress?
  /// Where frames for unknown addresses go: a unicast address, or a multicast group, which needs `device`.
  package var remote: IPAddress?
  /// The device that the outer packets leave by; nil for the routing's choice.
  package var device: InterfaceName?
  /// The UDP port; IANA's is 4789.
  package var port: UInt16

  /// Creates the options.
  package init(id: UInt32, local: IPAddress?, remote: IPAddress?, device: InterfaceName?, port: UInt16 = 4789) {
    self.id = id
    self.local = local
    self.remote = remote
    self.device = device
    self.port = port
  }

  /// The family of the outer packets.
  package var family: AddressFamily { (remote ?? local)?.family ?? .ipv4 }

  /// The bytes of headers around a frame: 50 over IPv4, 70 over IPv6 (vxlan_config_apply,
  /// drivers/net/vxlan/vxlan_core.c).
  package var overhead: Int { family == .ipv6 ? 70 : 50 }
}

/// How macvlan devices on one parent see each other (drivers/net/macvlan.c).
package enum MACVLANMode: String, Hashable, Codable, CaseIterable, Sendable {
  /// Directly.
  case bridge
  /// Not at all.
  case `private`
  /// Through the switch outside.
  case vepa
  /// One device alone, with the parent's address.
  case passthru
}

/// At which layer an ipvlan device works (Documentation/networking/ipvlan.rst).
package enum IPVLANMode: String, Hashable, Codable, CaseIterable, Sendable {
  /// Layer 2: broadcast and ARP work.
  case l2
  /// Layer 3: routed by the parent's namespace.
  case l3
  /// Layer 3 with the parent's netfilter hooks.
  case l3s
}

/// Consecutive VLANs: `10`, `20-29`.
package struct VLANRange: Hashable, Sendable, TextCodable {
  /// The first.
  package let first: VLANID
  /// The last, not below the first.
  package let last: VLANID

  /// Creates a range; nil if the last is below the first.
  package init?(_ first: VLANID, _ last: VLANID) {
    guard first <= last else { return nil }
    self.first = first
    self.last = last
  }

  /// Parses `10` or `20-29`.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first.flatMap({ VLANID(String($0)) }), let last = parts.last.flatMap({ VLANID(String($0)) })
    else { return nil }
    self.init(first, last)
  }

  /// `10` or `20-29`.
  package var description: String { first == last ? "\(first)" : "\(first)-\(last)" }
}

extension InterfaceName {
  /// What a name says that has the form of an 802.1Q sub-interface's, `eth0.10`: its parent and its VLAN.
  package var subinterface: (parent: InterfaceName, id: VLANID)? {
    guard let dot = text.lastIndex(of: "."), let parent = InterfaceName(String(text[..<dot])),
      let id = VLANID(String(text[text.index(after: dot)...]))
    else { return nil }
    return (parent, id)
  }
}
