package import NetworkTypes

/// A request or reply of address resolution for IPv4 over Ethernet (RFC 826).
package struct ARPPacket: Hashable, Sendable {
  /// What it asks or answers (`ar$op`).
  package enum Operation: UInt16, Hashable, Sendable {
    /// Who has the target address?
    case request = 1
    /// The sender has it.
    case reply = 2
  }

  /// Whether it asks or answers.
  package var operation: Operation
  /// The sender's hardware address.
  package var senderHardware: MACAddress
  /// The sender's address; unspecified in a probe (RFC 5227).
  package var sender: IPv4Address
  /// The target's hardware address; zero in a request that is broadcast.
  package var targetHardware: MACAddress
  /// The target's address.
  package var target: IPv4Address

  /// Creates a packet.
  package init(
    operation: Operation, senderHardware: MACAddress, sender: IPv4Address, targetHardware: MACAddress,
    target: IPv4Address
  ) {
    self.operation = operation
    self.senderHardware = senderHardware
    self.sender = sender
    self.targetHardware = targetHardware
    self.target = target
  }
}
