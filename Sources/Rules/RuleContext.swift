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
  /// The subnets of each of the topology's networks, in their order.
  let subnets: [[IPPrefix]]
  /// The gateways of each of the topology's networks, in their order.
  let gateways: [[IPAddress]]
  /// The nodes with namespaces of their own, without those of which nothing is written but one network and perhaps the
  /// address on it.
  let unusualNamespaces: [Node]
  /// What only some files need.
  private let onDemand: OnDemand

  init(file: ProjectFile, topology: Topology) {
    self.file = file
    self.topology = topology
    onDemand = OnDemand(file: file, topology: topology)
    networkEntries = Dictionary(file.networks.map { ($0.key.value, $0) }, uniquingKeysWith: { first, _ in first })
    // Entries are looked at in their place: there can be thousands, and each is large.
    var isUnusual = file.nodes.indices.map { !file.nodes.hasNetworksAlone($0) }
    unusualNodes = file.nodes.indices.filter { isUnusual[$0] }.map { file.nodes[$0] }
    var places: [(node: Int, position: Int)] = []
    for node in file.nodes.indices {
      for position in file.nodes[node].attachments.indices
      where !file.nodes[node].attachments.hasAddressAlone(position) {
        places.append((node, position))
      }
    }
    unusualAttachments = places.map { file.nodes[$0.node].attachments[$0.position] }
    for place in places { isUnusual[place.node] = true }
    staticAddresses = StaticAddress.all(in: file, topology)
    subnets = topology.networks.map { $0.pools.map(\.subnet) }
    gateways = topology.networks.map { $0.pools.compactMap(\.gateway) }
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

  /// The nodes by what rules call them.
  var nodeNames: NodeNames { onDemand.nodeNames }

  /// The nodes by their names, replicas by KEY-N.
  var nodesByName: [String: NodeID] { onDemand.nodesByName }

  /// Which published ports take ports of the host's.
  var hostBindings: HostBindings { onDemand.hostBindings }

  /// Where the file's node with a key stands among the others.
  func nodePosition(_ key: String) -> Int? { onDemand.entryIndex[key] }

  /// The file's node with a key.
  func nodeEntry(_ key: String) -> NodeEntry? { nodePosition(key).map { file.nodes[$0] } }

  /// The topology's network with a key.
  func network(withKey key: String) -> Network? { onDemand.networkIndex[key].map { topology.networks[$0] } }

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

  /// Which published ports take ports of the host's.
  private(set) lazy var hostBindings = HostBindings(topology)

  /// The file's nodes by key, the first of several with one: indices in `file.nodes`.
  private(set) lazy var entryIndex = Dictionary(
    file.nodes.indices.map { (file.nodes[$0].name.value, $0) }, uniquingKeysWith: { first, _ in first })

  /// The topology's networks by key: indices in `Topology.networks`.
  private(set) lazy var networkIndex = Dictionary(
    topology.networks.indices.map { (topology.networks[$0].key, $0) }, uniquingKeysWith: { first, _ in first })

  /// The nodes by what rules call them.
  private(set) lazy var nodeNames = NodeNames(topology)

  /// The nodes by their names, replicas by KEY-N, and the first of them by the key where no node is called so.
  private(set) lazy var nodesByName: [String: NodeID] = {
    let names = topology.nodes.indices.map { (topology.nodes[$0].name, NodeID(index: $0)) }
    let keys = topology.nodes.indices.filter { topology.nodes[$0].replica == 1 }
      .map { (topology.nodes[$0].key, NodeID(index: $0)) }
    return Dictionary(names + keys, uniquingKeysWith: { first, _ in first })
  }()
}

// A call on an element copies it first, a field of it is read in its place.

extension [NodeEntry] {
  /// Whether the file says no more of a node than its networks: what only an engine cares for isn't in the model.
  @inline(__always)
  fileprivate func hasNetworksAlone(_ i: Int) -> Bool {
    self[i].networkMode == nil && self[i].hostname == nil && self[i].containerName == nil && self[i].macAddress == nil
      && self[i].scale == nil && self[i].replicas == nil && self[i].extraHosts.isEmpty && self[i].dns.isEmpty
      && self[i].sysctls.isEmpty && self[i].dependencies.isEmpty && self[i].linkAliases.isEmpty
      && self[i].firewall == nil && self[i].translations.isEmpty && self[i].expose.isEmpty && self[i].ports.isEmpty
      && self[i].routes.isEmpty && self[i].rules.isEmpty && self[i].interfaces.isEmpty
  }
}

extension [AttachmentEntry] {
  /// Whether the file says no more of an attachment than its addresses.
  @inline(__always)
  fileprivate func hasAddressAlone(_ i: Int) -> Bool {
    self[i].linkLocalAddresses.isEmpty && self[i].addresses.isEmpty && self[i].sysctls.isEmpty
      && self[i].macAddress == nil && self[i].vlans.isEmpty && self[i].impairment.isAbsent
  }
}
