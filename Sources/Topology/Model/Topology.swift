package import Diagnostics
package import NetworkTypes

/// The resolved network: every name bound, every address given, every device named.
///
/// Where the file is wrong the topology is partial: what could not be bound is left out, and `failures` says what could
/// not be given. The rules turn both into findings; nothing here reports.
package struct Topology: Sendable {
  /// The project's name: lower-case letters, digits, `_` and `-`.
  package var projectName: String
  /// The word before every namespace and device name; nil for none.
  package var prefix: String?
  /// The networks that a node uses, and the others with `isUsed` false; in the order written, implicit ones last.
  package var networks: [Network] = []
  /// The nodes, replicas apart, in the order written.
  package var nodes: [Node] = []
  /// The nodes in the order that compose starts them, and that dynamic addresses are given out.
  package var startOrder: [NodeID] = []
  /// The links whose ends could be bound, in the order written.
  package var links: [Link] = []
  /// The namespace that everything is built in.
  package var host: Host
  /// The ports that are published, in the order that the nodes start and publish them.
  package var publications: [Publication] = []
  /// The names that resolve, a table for each set of nodes that see the same names.
  package var nameTables: [NameTable] = []
  /// What could not be given.
  package var failures: [AllocationFailure] = []

  /// Creates an empty topology.
  package init(projectName: String, prefix: String?, host: Host) {
    self.projectName = projectName
    self.prefix = prefix
    self.host = host
  }

  // Spans lend the elements, which are large: one that an array hands out is a copy.

  /// A network by its identifier.
  package subscript(id: NetworkID) -> Network { _read { yield networks.span[id.index] } }
  /// A node by its identifier.
  package subscript(id: NodeID) -> Node { _read { yield nodes.span[id.index] } }
  /// A link by its identifier.
  package subscript(id: LinkID) -> Link { _read { yield links.span[id.index] } }

  /// The node that a user means by a name: a service, a router or a replica (`web-2`).
  ///
  /// - Parameter name: what it is called in the file or in the kernel; of a service with replicas the first is meant.
  /// - Returns: the node; nil where there is none.
  package func node(called name: String) -> Node? {
    nodes.first { $0.displayName == name || $0.name == name } ?? nodes.first { $0.key == name }
  }

  /// The name that compose gives a service's container: `container_name`, or else PROJECT-SERVICE-NUMBER.
  package func containerName(of id: NodeID) -> String {
    var text = TextBuffer()
    writeContainerName(of: id, to: &text)
    return String(text)
  }

  /// Appends the name of a service's container.
  func writeContainerName(of id: NodeID, to text: inout TextBuffer) {
    if let written = nodes[id.index].writtenContainerName {
      text.append(written)
    } else {
      text.append(projectName)
      text.append("-")
      text.append(nodes[id.index].key)
      text.append("-")
      text.append(decimal: UInt64(nodes[id.index].replica ?? 1))
    }
  }
}

/// The index of a network in `Topology.networks`.
package struct NetworkID: Hashable, Sendable {
  /// The index.
  package let index: Int
  /// Creates an identifier.
  package init(index: Int) { self.index = index }
}

/// The index of a node in `Topology.nodes`.
package struct NodeID: Hashable, Sendable {
  /// The index.
  package let index: Int
  /// Creates an identifier.
  package init(index: Int) { self.index = index }
}

/// The index of a link in `Topology.links`.
package struct LinkID: Hashable, Sendable {
  /// The index.
  package let index: Int
  /// Creates an identifier.
  package init(index: Int) { self.index = index }
}

/// Something that ran out.
package enum AllocationFailure: Sendable {
  /// No default pool is left for a network without a subnet.
  case defaultPools(network: NetworkID, family: AddressFamily)
  /// A network's pools of a family have no address left for a node's interface.
  case addresses(network: NetworkID, family: AddressFamily, node: NodeID, attachment: SourceRange)
  /// A network's pool has no address left for its gateway.
  case gateway(network: NetworkID, pool: IPPrefix)
  /// A link's subnet has fewer host addresses than ends at nodes.
  case linkAddresses(link: LinkID, subnet: Located<IPPrefix>)
  /// Of the host's ports that a node's could be published on, none is left; nil for the ephemeral ones.
  case hostPorts(node: NodeID, range: PortRange?, entry: SourceRange)
}

/// The namespace that everything is built in.
package struct Host: Sendable {
  /// A device that is there already.
  package struct ExistingInterface: Sendable {
    /// Its name.
    package var name: InterfaceName
    /// Its addresses.
    package var addresses: [InterfaceAddress]
    /// The default gateways behind it.
    package var gateways: [IPAddress]
    /// Where the file says so.
    package var origin: SourceRange
  }

  /// The devices that are there already, as the file says.
  package var interfaces: [ExistingInterface] = []
  /// The machine beyond, where the file says what devices the host has.
  package var outside: Outside?
  /// Routes to add.
  package var routes: [Route] = []
  /// Policy rules to add.
  package var rules: [PolicyRule] = []
  /// What it lets in, on and out.
  package var firewall: Firewall?
  /// Which addresses it translates.
  package var translations: [Translation] = []
  /// Kernel parameters to set.
  package var sysctls: [Sysctl] = []

  /// Creates a host of which nothing is said.
  package init() {}
}
