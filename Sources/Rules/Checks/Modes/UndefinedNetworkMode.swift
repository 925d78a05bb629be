import Diagnostics
import ProjectFile
import Topology

/// A `network_mode` that is the name of a network which the file doesn't have.
enum UndefinedNetworkMode: Rule {
  static let code = RuleCode.undefinedNetworkMode
  static let name = "undefined-network-mode"
  static let severity = Severity.warning
  static let summary = "A `network_mode` is almost a mode or a network of the file, or can't be a network's name."
  static let rationale = """
    Compose hands any other word to the engine as the name of a network that it has already, and here it is an external \
    network; a misspelt word would be one too. For what can't be a network's name nothing is built.
    """
  static let failing = """
    services:
      web:
        network_mode: hots  # warning: NW0607
    """
  static let passing = """
    services:
      web:
        network_mode: host
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    let modes = ["none", "host", "bridge"]
    return context.unusualNodes.compactMap { node in
      guard let mode = node.networkMode, case .network(let name) = mode.value, !isKnown(name, context) else {
        return nil
      }
      // What stands for somebody else's network was made of the mode itself, and has no place of its own.
      let isTaken = context.topology.networks.contains { $0.key == name && $0.isExternal && $0.origin == nil }
      let near = suggestion(for: name, among: modes + context.file.networks.map(\.key.value))
      guard !isTaken || near != nil else { return nil }
      return finding(
        "`\(name)` is no network of this file", at: mode.range,
        caption: isTaken ? "taken for somebody else's" : "nothing is built for `\(node.name.value)`",
        help: near.map { "did you mean `\($0)`?" } ?? "write none, host, bridge, service:NAME, or a network's name")
    }
  }

  /// Whether it is a network of the file, by its key or by the engine's name for it.
  private static func isKnown(_ name: String, _ context: RuleContext) -> Bool {
    context.topology.networks.contains { $0.origin != nil && ($0.key == name || $0.name == name) }
  }
}
