import Diagnostics
import ProjectFile

/// A network that a node names and the file doesn't have.
enum UndefinedNetwork: Rule {
  static let code = RuleCode.undefinedNetwork
  static let name = "undefined-network"
  static let summary = "A service or router is on a network that the file doesn't define."
  static let rationale = "Compose refuses such a file before it asks the engine. Only `default` needs no definition."
  static let failing = """
    services:
      web:
        networks: [frnt]  # error: NW0201
    networks:
      front: {}
    """
  static let passing = """
    services:
      web:
        networks: [front, default]
    networks:
      front: {}
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    undefined(context).map { network in
      finding(
        "the network `\(network.value)` isn't defined", at: network.range,
        help: nearest(to: network, context).map { "did you mean `\($0)`?" }
          ?? "define it under the top-level `networks`")
    }
  }

  /// The networks that are meant, it seems, by names that aren't defined: nothing more is to be said of them.
  static func meant(_ context: RuleContext) -> Set<String> {
    Set(undefined(context).compactMap { nearest(to: $0, context) })
  }

  private static func undefined(_ context: RuleContext) -> [Located<String>] {
    let nodes = context.file.nodes
    let defined = Set(context.networkEntries.keys).union(["default"])
    var undefined: [Located<String>] = []
    // Neighbors are mostly on the same network.
    var last: String?
    for node in nodes.indices {
      for position in nodes[node].attachments.indices where nodes[node].attachments[position].network.value != last {
        let network = nodes[node].attachments[position].network
        if defined.contains(network.value) { last = network.value } else { undefined.append(network) }
      }
    }
    return undefined
  }

  private static func nearest(to network: Located<String>, _ context: RuleContext) -> String? {
    suggestion(for: network.value, among: context.file.networks.map(\.key.value))
  }
}
