import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// A name too long for a namespace.
enum NamespaceNameTooLong: Rule {
  static let code = RuleCode.namespaceNameTooLong
  static let name = "namespace-name-too-long"
  static let summary = "A node's name, with prefix and replica, is too long for a namespace."
  static let rationale = """
    A namespace is a file under /run/netns, and the kernel takes file names of 255 bytes; 200 leave room for the files \
    that go with it.
    """
  static let failing = """
    prefix: p
    services:
      \(String(repeating: "a", count: 199)): {}  # error: NW0214
    """
  static let passing = """
    services:
      \(String(repeating: "a", count: 199)): {}
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    let nodes = context.topology.nodes
    return nodes.indices.filter { if case .foreign = nodes[$0].home { true } else { false } }.compactMap { index in
      let node = nodes[index]
      guard context.entry(of: node).networkMode == nil, (node.replica ?? 1) == 1 else {
        return nil
      }
      return finding(
        "the name is too long for a namespace: a prefix and a name have at most \(NamespaceName.maximumLength) bytes",
        at: node.origin, help: "shorten it, or the prefix")
    }
  }
}
