package import Diagnostics
package import NetworkTypes

/// A veth pair between two nodes, between a node and a network's bridge, or between two bridges.
package struct Link: Sendable {
  /// One end.
  package enum End: Sendable {
    /// A device of a node, which is among its interfaces.
    case node(NodeID, InterfaceName)
    /// A port of a network's bridge: a device in the host's namespace.
    case bridge(NetworkID, device: InterfaceName, vlans: PortVLANs?)
  }

  /// Its place in the topology.
  package var id: LinkID
  /// The first end.
  package var first: End
  /// The second end.
  package var second: End
  /// The blocks of addresses that the ends share.
  package var subnets: [Located<IPPrefix>]
  /// The MTU of both ends; nil for the kernel's 1500.
  package var mtu: Int?
  /// What each end does to the packets it sends; the nodes' interfaces have it too.
  package var impairment: NetemOptions?
  /// Which of the file's links it is: an index in `ProjectFile.links`.
  package var entry: Int
  /// Where it is written.
  package var origin: SourceRange
}
