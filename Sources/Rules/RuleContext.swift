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
  /// What only some files need.
  private let onDemand: OnDemand

  init(file: ProjectFile, topology: Topology) {
    self.file = file
    self.topology = topology
    onDemand = OnDemand(file: file, topology: topology)
    networkEntries = Dictionary(file.networks.map { ($0.key.value, $0) }, uniquingKeysWith: { first, _ in first })
    // Entries are looked at in their place: there can be thousands, and each is large.
    let isUnusual = file.nodes.indices.map { !file.nodes[$0].hasNetworksAlone }
    unusualNodes = file.nodes.indices.filter { isUnusual[$0] }.map { file.nodes[$0] }
    var unusualAttachments: [AttachmentEntry] = []
    for node in file.nodes.indices {
      for position in file.nodes[node].attachments.indices {
        if file.nodes[node].attachments[position].hasAddressAlone { continue }
        unusualAttachments.append(file.nodes[node].attachments[position])
      }
    }
    self.unusualAttachments = unusualAttachments
    staticAddresses = StaticAddress.all(in: file, topology)
    unusualNamespaces = topology.nodes.indices.filter { index in
      guard case .namespace = topology.nodes[index].home else { return false }
      return topology.nodes[index].interfaces.count > 1 || topology.nodes[index].interfaces.first?.name == .loopback
        || isUnusual[topology.nodes[index].entry]
    }.map { topology.nodes[$0] }
  }

  /// Whether a network's subnet couldn't be read, which has been reported: what is on it is then not known.
  var hasUnreadSubnets: Bool { file.networks.contains { $0.pools.contains(where: \.hasUnreadSubnet) } }

  /// The layer-2 segments.
  var segments: Segments { onDemand.segments }

  /// The nodes by their names, replicas by KEY-N.
  var nodesByName: [String: NodeID] { onDemand.nodesByName }

  /// The file's node with a key.
  func nodeEntry(_ key: String) -> NodeEntry? { onDemand.entryIndex[key].map { file.nodes[$0] } }

  /// Whether the file has a node with a key.
  func hasNodeEntry(_ key: String) -> Bool { onDemand.entryIndex[key] != nil }

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

/// Look-ups that only some files need, each made when a rule first asks for it.
private final class OnDemand {
  private let file: ProjectFile
  private let topology: Topology

  init(file: ProjectFile, topology: Topology) {
    self.file = file
    self.topology = topology
  }

  private(set) lazy var segments = Segments(topology)

  /// The file's nodes by key, the first of several with one: indices in `file.nodes`.
  private(set) lazy var entryIndex = Dictionary(
    file.nodes.indices.map { (file.nodes[$0].name.value, $0) }, uniquingKeysWith: { first, _ in first })

  /// The nodes by their names, replicas by KEY-N, and the first of them by the key where no node is called so.
  private(set) lazy var nodesByName: [String: NodeID] = {
    let names = topology.nodes.indices.map { (topology.nodes[$0].name, NodeID(index: $0)) }
    let keys = topology.nodes.indices.filter { topology.nodes[$0].replica == 1 }
      .map { (topology.nodes[$0].key, NodeID(index: $0)) }
    return Dictionary(names + keys, uniquingKeysWith: { first, _ in first })
  }()
}

extension NodeEntry {
  /// Whether the file says no more of the node than its networks: what only an engine cares for isn't in the model.
  @inline(__always)
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
  @inline(__always)
  fileprivate var hasAddressAlone: Bool {
    linkLocalAddresses.isEmpty && addresses.isEmpty && sysctls.isEmpty && macAddress == nil && vlans.isEmpty
      && impairment == nil
  }
}
