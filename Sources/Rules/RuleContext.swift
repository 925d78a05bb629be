import Diagnostics
import NetworkTypes

package import ProjectFile
package import Topology

/// What the rules look at: the file as written, the topology made of it, and look-ups that several rules need.
///
/// Most nodes of a large file have networks and nothing else, so the rules about anything else go through the nodes and
/// attachments that do have more: `unusualNodes`, `unusualAttachments`.
package struct RuleContext {
  /// The file as written.
  package let file: ProjectFile
  /// The topology made of it.
  package let topology: Topology
  /// The file's networks by key.
  let networkEntries: [String: NetworkEntry]
  /// The nodes that have more than a name and networks, in the order written.
  let unusualNodes: [NodeEntry]
  /// The attachments, of all nodes, that have more than a static address, in the order written.
  let unusualAttachments: [AttachmentEntry]
  /// The addresses that the file gives nodes on networks, in the order written.
  let staticAddresses: [StaticAddress]
  /// The nodes with namespaces of their own that have more than one interface on a network.
  let unusualNamespaces: [Node]
  /// The file's nodes by key, the first of several with one: indices in `file.nodes`.
  private let entryIndex: [String: Int]
  /// The nodes by their names, replicas by KEY-N.
  let nodesByName: [String: NodeID]

  init(file: ProjectFile, topology: Topology) {
    self.file = file
    self.topology = topology
    networkEntries = Dictionary(file.networks.map { ($0.key.value, $0) }, uniquingKeysWith: { first, _ in first })
    var entryIndex: [String: Int] = [:]
    entryIndex.reserveCapacity(file.nodes.count)
    for index in file.nodes.indices where entryIndex[file.nodes[index].name.value] == nil {
      entryIndex[file.nodes[index].name.value] = index
    }
    self.entryIndex = entryIndex
    var names: [String: NodeID] = [:]
    names.reserveCapacity(topology.nodes.count)
    for index in topology.nodes.indices {
      let name = topology.nodes[index].name
      if names[name] == nil { names[name] = NodeID(index: index) }
    }
    for index in topology.nodes.indices where topology.nodes[index].replica == 1 {
      if names[topology.nodes[index].key] == nil { names[topology.nodes[index].key] = NodeID(index: index) }
    }
    nodesByName = names
    unusualNodes = file.nodes.indices.filter { !file.nodes[$0].hasNetworksAlone }.map { file.nodes[$0] }
    unusualAttachments = file.nodes.indices.flatMap { node in
      file.nodes[node].attachments.indices.filter { !file.nodes[node].attachments[$0].hasAddressAlone }
        .map { file.nodes[node].attachments[$0] }
    }
    staticAddresses = StaticAddress.all(in: file, topology)
    unusualNamespaces = topology.nodes.indices.filter { index in
      guard case .namespace = topology.nodes[index].home else { return false }
      return topology.nodes[index].interfaces.count > 1 || topology.nodes[index].interfaces.first?.name == .loopback
        || !file.nodes[topology.nodes[index].entry].hasNetworksAlone
    }.map { topology.nodes[$0] }
  }

  /// The file's node with a key.
  func nodeEntry(_ key: String) -> NodeEntry? { entryIndex[key].map { file.nodes[$0] } }

  /// Whether the file has a node with a key.
  func hasNodeEntry(_ key: String) -> Bool { entryIndex[key] != nil }

  /// The entry that a node was made from.
  func entry(of node: Node) -> NodeEntry { file.nodes[node.entry] }

  /// The network that an interface is on, where it is on one.
  func network(of interface: Interface) -> Network? {
    switch interface.source {
    case .port(let id, _, _), .child(let id): topology[id]
    case .link, .device: nil
    }
  }
}

extension NodeEntry {
  /// Whether the file says no more of the node than its networks: what only an engine cares for isn't in the model.
  fileprivate var hasNetworksAlone: Bool {
    networkMode == nil && hostname == nil && containerName == nil && macAddress == nil && scale == nil
      && replicas == nil
      && extraHosts.isEmpty && dns.isEmpty && sysctls.isEmpty && dependencies.isEmpty && linkAliases.isEmpty
      && firewall == nil && translations.isEmpty && expose.isEmpty && ports.isEmpty && routes.isEmpty && rules.isEmpty
      && interfaces.isEmpty
  }
}

extension AttachmentEntry {
  /// Whether the file says no more of the attachment than its addresses.
  fileprivate var hasAddressAlone: Bool {
    linkLocalAddresses.isEmpty && addresses.isEmpty && macAddress == nil && vlans.isEmpty && impairment == nil
  }
}
