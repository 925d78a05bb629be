import Diagnostics
import ProjectFile

/// A service that another refers to and the file doesn't have.
enum UndefinedService: Rule {
  static let code = RuleCode.undefinedService
  static let name = "undefined-service"
  static let summary = "`network_mode: service:`, `depends_on` or `links` names a service that the file doesn't define."
  static let rationale = "Compose refuses such a file: the service would wait for, or share the network of, nothing."
  static let failing = """
    services:
      web: {}
      agent:
        network_mode: service:wbe  # error: NW0203
      job:
        depends_on: [db]  # error: NW0203
    """
  static let passing = """
    services:
      web: {}
      agent:
        network_mode: service:web
      job:
        depends_on: [web]
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.unusualNodes.flatMap { node in
      var names = node.dependencies
      if case .service(let name)? = node.networkMode?.value, let range = node.networkMode?.range {
        names.append(Located(name, at: range))
      }
      return names.compactMap { undefined($0, context) } + withoutContainer(node, context)
    }
  }

  /// A service whose namespace is to be shared has to have a container («cannot share network namespace with service …:
  /// container missing», docker/compose).
  private static func withoutContainer(_ node: NodeEntry, _ context: RuleContext) -> [Diagnostic] {
    guard let mode = node.networkMode, case .service(let name) = mode.value, let owner = context.nodeEntry(name),
      let count = owner.scale ?? owner.replicas, count.value == 0
    else { return [] }
    return [
      finding(
        "the service `\(name)` has no container whose namespace could be shared", at: mode.range,
        labels: [.init(count.range, "no replica")])
    ]
  }

  private static func undefined(_ name: Located<String>, _ context: RuleContext) -> Diagnostic? {
    guard !context.hasNodeEntry(name.value) else { return nil }
    let near = suggestion(for: name.value, among: context.file.nodes.lazy.map(\.name.value))
    return finding(
      "the service `\(name.value)` isn't defined", at: name.range, help: near.map { "did you mean `\($0)`?" })
  }
}
