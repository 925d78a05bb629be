import Diagnostics
import ProjectFile

/// `scale` and `deploy.replicas` that differ.
enum ReplicaCountConflict: Rule {
  static let code = RuleCode.replicaCountConflict
  static let name = "replica-count-conflict"
  static let summary = "`scale` and `deploy.replicas` say different things."
  static let rationale = "Compose refuses two counts that differ: it can't know which is meant."
  static let failing = """
    services:
      web:
        scale: 2
        deploy: { replicas: 3 }  # error: NW0213
    """
  static let passing = """
    services:
      web:
        scale: 2
        deploy: { replicas: 2 }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.unusualNodes.compactMap { node in
      guard let scale = node.scale, let replicas = node.replicas, scale.value != replicas.value else { return nil }
      return finding(
        "`\(node.name.value)` has \(replicas.value) replicas here and \(scale.value) by `scale`", at: replicas.range,
        labels: [.init(scale.range, "the other count")], help: "keep one of them")
    }
  }
}
