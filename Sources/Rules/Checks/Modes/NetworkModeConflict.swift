import Diagnostics
import ProjectFile

/// A `network_mode` beside `networks`.
enum NetworkModeConflict: Rule {
  static let code = RuleCode.networkModeConflict
  static let name = "network-mode-conflict"
  static let summary = "A service has both `network_mode` and `networks`."
  static let rationale = "Compose refuses it: the mode says where all of the service's network comes from."
  static let failing = """
    services:
      web:
        network_mode: none
        networks: [lan]  # error: NW0601
    networks:
      lan: {}
    """
  static let passing = """
    services:
      web:
        networks: [lan]
    networks:
      lan: {}
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.unusualNodes.compactMap { node in
      guard let mode = node.networkMode, let range = node.networksRange, !node.attachments.isEmpty else { return nil }
      return finding(
        "`\(node.name.value)` has both `networks` and `network_mode`", at: range,
        labels: [.init(mode.range, "the mode")], help: "keep one of them")
    }
  }
}
