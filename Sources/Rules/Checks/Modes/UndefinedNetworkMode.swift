import Diagnostics
import ProjectFile
import Topology

/// A `network_mode` that is the name of a network which the file doesn't have.
enum UndefinedNetworkMode: Rule {
  static let code = RuleCode.undefinedNetworkMode
  static let summary = "A `network_mode` names a network that isn't in the file."
  static let rationale =
    "Compose hands any other word to the engine as a network's name; here nothing is built for the service."
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
      guard let mode = node.networkMode, case .network(let name) = mode.value, isUnknown(name, context) else {
        return nil
      }
      let near = suggestion(for: name, among: modes + context.file.networks.map(\.key.value))
      return finding(
        "`\(name)` is no network of this file", at: mode.range, caption: "nothing is built for `\(node.name.value)`",
        help: near.map { "did you mean `\($0)`?" } ?? "write none, host, bridge, service:NAME, or a network of the file"
      )
    }
  }

  private static func isUnknown(_ name: String, _ context: RuleContext) -> Bool {
    !context.file.networks.contains { $0.key.value == name || $0.name?.value == name }
  }
}
