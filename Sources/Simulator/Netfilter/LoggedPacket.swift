package import NetworkTypes
package import Packets
package import Plan

/// A packet that a rule had written to the kernel's log.
package struct LoggedPacket: Sendable {
  /// When.
  package let time: Instant
  /// The machine.
  package let namespace: NamespaceID
  /// What the line begins with.
  package let prefix: LogPrefix?
  /// The hook.
  package let hook: NetfilterHook
  /// The packet as it was.
  package let packet: IPPacket
  /// What was kept beside it.
  package let context: PacketContext

  /// How many are kept; older ones are forgotten, as in the kernel's ring buffer.
  static let most = 10_000
}
