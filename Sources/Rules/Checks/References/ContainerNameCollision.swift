import Diagnostics
import NetworkTypes
import ProjectFile

/// A container name that two containers would have.
enum ContainerNameCollision: Rule {
  static let code = RuleCode.containerNameCollision
  static let name = "container-name-collision"
  static let summary = "Two containers would have one `container_name`."
  static let rationale = "The engine refuses the second, and compose a service of several replicas with a name for one."
  static let failing = """
    services:
      a: { container_name: web }
      b: { container_name: web }  # error: NW0212
      c:
        container_name: worker  # error: NW0212
        scale: 2
    """
  static let passing = """
    services:
      a: { container_name: web-a }
      b: { container_name: web-b }
      c: { scale: 2 }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    var first: [HostName: SourceRange] = [:]
    return context.unusualNodes.compactMap { node in
      guard let name = node.containerName else { return nil }
      if node.replicaCount > 1 {
        return finding(
          "`\(node.name.value)` has several replicas, which can't all be called `\(name.value)`", at: name.range,
          help: "take `container_name` out, or have one replica")
      }
      guard let other = first[name.value] else {
        first[name.value] = name.range
        return nil
      }
      return finding(
        "two containers are called `\(name.value)`", at: name.range, labels: [.init(other, "the first")],
        help: "rename one of them")
    }
  }
}
