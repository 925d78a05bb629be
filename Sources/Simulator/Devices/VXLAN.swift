package import NetworkTypes
import Plan

/// A VXLAN device: Ethernet over UDP, with a forwarding table of its own (drivers/net/vxlan).
package struct VXLAN: Sendable {
  /// The device.
  package let device: DeviceID
  /// What it was created with.
  package let options: VXLANOptions
  /// The device below, where it was made on one.
  var lower: DeviceID?
  /// Behind which tunnel end an address is.
  package internal(set) var table: [MACAddress: Entry] = [:]

  /// What is known of an address.
  package struct Entry: Hashable, Sendable {
    /// The other end.
    package var remote: IPAddress
    /// When a frame from it was last seen.
    package var updated: Instant
  }
}
