import Diagnostics
import NetworkTypes

package import ProjectFile
package import Topology

/// What the rules look at: the file as written, the topology made of it, and look-ups that several rules need.
package struct RuleContext {
  /// The file as written.
  package let file: ProjectFile
  /// The topology made of it.
  package let topology: Topology
  /// The file's networks by key.
  let networkEntries: [String: NetworkEntry]
  /// The file's nodes by key, the first of several with one.
  let nodeEntries: [String: NodeEntry]
  /// The nodes by their names, replicas by KEY-N.
  let nodesByName: [String: NodeID]

  init(file: ProjectFile, topology: Topology) {
    self.file = file
    self.topology = topology
    networkEntries = Dictionary(file.networks.map { ($0.key.value, $0) }, uniquingKeysWith: { first, _ in first })
    nodeEntries = Dictionary(file.nodes.map { ($0.name.value, $0) }, uniquingKeysWith: { first, _ in first })
    var names: [String: NodeID] = [:]
    for node in topology.nodes { names[node.name] = names[node.name] ?? node.id }
    for node in topology.nodes where (node.replica ?? 1) == 1 { names[node.key] = names[node.key] ?? node.id }
    nodesByName = names
  }

  /// The entry that a node was made from.
  func entry(of node: Node) -> NodeEntry { file.nodes[node.entry] }

  /// The nodes that have a namespace of their own.
  var ownNamespaces: [Node] {
    topology.nodes.filter { node in
      if case .namespace = node.home { return true }
      return false
    }
  }

  /// The network that an interface is on, where it is on one.
  func network(of interface: Interface) -> Network? {
    switch interface.source {
    case .port(let id, _, _), .child(let id): topology[id]
    case .link, .device: nil
    }
  }
}
