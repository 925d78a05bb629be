import Diagnostics
import NetworkTypes
import Topology

/// Two nodes whose namespaces would have one name.
enum NamespaceNameCollision: Rule {
  static let code = RuleCode.namespaceNameCollision
  static let name = "namespace-name-collision"
  static let summary = "Two nodes would have namespaces of one name."
  static let rationale = """
    A namespace is called as its service, a replica as the service and its number; names under /run/netns are unique. \
    A router and a service may not share a name either.
    """
  static let failing = """
    services:
      web: { scale: 2 }
      web-1: {}  # error: NW0210
    """
  static let passing = """
    services:
      web: { scale: 2 }
      web-3: {}
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    let nodes = context.topology.nodes
    // The keys of services are unique, as are those of routers.
    let haveReplicas = nodes.indices.contains { nodes[$0].replica != nil }
    guard haveReplicas || Set(nodes.indices.lazy.map { nodes[$0].role }).count > 1 else { return [] }
    var first: [NamespaceName: Int] = [:]
    first.reserveCapacity(nodes.count)
    return nodes.indices.compactMap { index in
      guard case .namespace(let name) = nodes[index].home else { return nil }
      guard let other = first[name] else {
        first[name] = index
        return nil
      }
      let rival = nodes[other].replica == nil ? "another node" : "a replica of `\(nodes[other].key)`"
      return finding(
        "the namespace `\(name)` would be both this and \(rival)", at: nodes[index].origin,
        labels: [.init(nodes[other].origin, "the other")], help: "rename one of them")
    }
  }
}
