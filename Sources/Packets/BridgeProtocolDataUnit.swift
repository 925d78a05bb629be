package import NetworkTypes

/// A message of the spanning tree protocol (IEEE 802.1D-1998 §9.3).
package struct BridgeProtocolDataUnit: Hashable, Sendable {
  /// A bridge's priority and address: the lowest is the root.
  package struct BridgeID: Hashable, Comparable, Sendable {
    /// The priority; the kernel's is 0x8000.
    package var priority: UInt16
    /// The bridge's hardware address.
    package var address: MACAddress

    /// Creates an identifier.
    package init(priority: UInt16 = 0x8000, address: MACAddress) {
      self.priority = priority
      self.address = address
    }

    /// Orders by priority, then by address.
    package static func < (left: Self, right: Self) -> Bool {
      left.priority == right.priority ? left.address < right.address : left.priority < right.priority
    }
  }

  /// The bridge that the sender takes for the root.
  package var root: BridgeID
  /// The cost of the sender's way to the root.
  package var rootPathCost: UInt32
  /// The sender.
  package var bridge: BridgeID
  /// The port it was sent by: priority (128) and number.
  package var port: UInt16
  /// What it is for.
  package var kind = Kind.configuration(hasChanged: false, acknowledges: false)

  /// What messages are for.
  package enum Kind: Hashable, Sendable {
    /// Tells who the root is; whether the tree has changed lately, and whether the sender has heard that it did.
    case configuration(hasChanged: Bool, acknowledges: Bool)
    /// Tells the root that the tree has changed; it has none of the other fields.
    case topologyChange
  }

  /// Creates a message.
  package init(root: BridgeID, rootPathCost: UInt32, bridge: BridgeID, port: UInt16) {
    self.root = root
    self.rootPathCost = rootPathCost
    self.bridge = bridge
    self.port = port
  }
}
