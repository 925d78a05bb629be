package import Diagnostics
package import NetworkTypes

/// Ports of a node that are reached from beyond its network.
package struct Publication: Sendable {
  /// Whose ports they are.
  package var node: NodeID
  /// The network that they are reached over: the one that gives the node's default route.
  package var network: NetworkID
  /// The protocol.
  package var transport: TransportProtocol
  /// The host's address; nil for all of the family.
  package var hostAddress: IPAddress?
  /// The host's ports, as many as the node's; nil where the network is routed, and they are open at the node's address.
  package var hostPorts: PortRange?
  /// The node's address on the network.
  package var target: IPAddress
  /// The node's ports.
  package var targetPorts: PortRange
  /// Where it is written.
  package var origin: SourceRange

  /// The family.
  package var family: AddressFamily { target.family }

  /// Whether the host answers for it at a loopback address, for which packets from there must be routed to the network.
  package var answersLoopback: Bool { hostPorts != nil && family == .ipv4 && (hostAddress?.isLoopback ?? true) }
}
