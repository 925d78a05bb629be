package import NetworkTypes

/// A network that the machine is known to have: what an external network of the file may be.
package struct ExistingNetwork: Sendable {
  /// A block of its addresses.
  package struct Block: Sendable {
    /// The block.
    package var subnet: IPPrefix
    /// The part of it that dynamic addresses come from; nil for all.
    package var range: IPPrefix?
    /// The gateway; nil where it has none.
    package var gateway: IPAddress?
    /// The addresses that are somebody's already.
    package var occupants: [Pool.Occupant] = []

    /// Creates a block that is free but for its gateway.
    package init(subnet: IPPrefix, range: IPPrefix? = nil, gateway: IPAddress? = nil) {
      self.subnet = subnet
      self.range = range
      self.gateway = gateway
    }
  }

  /// The names that a file may call it by.
  package var names: [String]
  /// The engine's identifier, or the first 12 digits of it, by which it may be called too; nil where it isn't an
  /// engine's.
  package var identifier: String?
  /// What makes it; nil where its device isn't to be found, so that one has to stand in for it.
  package var driver: Network.Driver?
  /// Its blocks, IPv4 first.
  package var blocks: [Block] = []
  /// The MTU of all its devices; nil for the kernel's.
  package var mtu: Int?
  /// Whether nodes get no default route from it.
  package var isInternal = false
  /// Whether its nodes reach each other.
  package var letsNodesTalk = true

  /// Creates a network of which no more is known.
  package init(names: [String], driver: Network.Driver?) {
    self.names = names
    self.driver = driver
  }

  /// Whether a file may mean it by a name: its own, or at least 12 digits of its identifier, as the engine shortens it.
  package func isCalled(_ name: String) -> Bool {
    if names.contains(name) { return true }
    guard let identifier, name.count >= 12 else { return false }
    return identifier.hasPrefix(name) || name.hasPrefix(identifier)
  }
}
