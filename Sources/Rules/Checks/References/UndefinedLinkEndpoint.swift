import Diagnostics
import ProjectFile

/// A link's end at nothing that the file has.
enum UndefinedLinkEndpoint: Rule {
  static let code = RuleCode.undefinedLinkEndpoint
  static let name = "undefined-link-endpoint"
  static let summary = "A link has an end at a node or network that the file doesn't define."
  static let rationale = "A veth pair needs a namespace, or a bridge, at either end."
  static let failing = """
    routers:
      edge: {}
      core: {}
    links:
      - endpoints: ["edge:eth0", "cor:eth0"]  # error: NW0205
    """
  static let passing = """
    routers:
      edge: {}
      core: {}
    links:
      - endpoints: ["edge:eth0", "core:eth0"]
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.file.links.flatMap(\.endpoints).compactMap { endpoint in
      let name = endpoint.target.value
      guard context.nodesByName[name] == nil, !context.hasNodeEntry(name), context.networkEntries[name] == nil
      else { return nil }
      let known = context.file.nodes.map(\.name.value) + context.file.networks.map(\.key.value)
      return finding(
        "there is no service, router or network `\(name)`", at: endpoint.target.range,
        help: suggestion(for: name, among: known).map { "did you mean `\($0)`?" })
    }
  }
}
