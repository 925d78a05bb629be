import Diagnostics
import ProjectFile
import Topology

/// A network that nothing is attached to.
enum UnusedNetwork: Rule {
  static let code = RuleCode.unusedNetwork
  static let name = "unused-network"
  static let severity = Severity.warning
  static let summary = "A network is defined and nothing is attached to it."
  static let rationale = "Compose drops such a network before it acts, and so does Netwright: it isn't built."
  static let failing = """
    services:
      web: {}
    networks:
      front: {}  # warning: NW0202
    """
  static let passing = """
    services:
      web:
        networks: [front]
    networks:
      front: {}
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    // A network of no services at all is being written, or is an override for another file.
    guard !context.file.nodes.isEmpty, !context.file.isPartial else { return [] }
    let unused = context.topology.networks.filter { !$0.isUsed && !isExternal($0.key, context) }
    let meant = unused.isEmpty ? [] : UndefinedNetwork.meant(context)
    return unused.compactMap { network in
      guard let origin = network.origin, !meant.contains(network.key) else { return nil }
      return finding(
        "nothing is attached to the network `\(network.key)`", at: origin, caption: "it isn't built",
        help: "attach a service or a router to it, or take it out")
    }
  }

  private static func isExternal(_ key: String, _ context: RuleContext) -> Bool {
    context.networkEntries[key]?.isExternal?.value ?? false
  }
}
