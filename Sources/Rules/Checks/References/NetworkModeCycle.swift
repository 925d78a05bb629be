import Diagnostics
import ProjectFile

/// Services that share each other's namespaces in a circle.
enum NetworkModeCycle: Rule {
  static let code = RuleCode.networkModeCycle
  static let name = "network-mode-cycle"
  static let summary = "Services share each other's network in a circle."
  static let rationale = "The engine joins a running container's namespace; in a circle none can be the first to run."
  static let failing = """
    services:
      a:
        network_mode: service:b  # error: NW0204
      b:
        network_mode: service:a
    """
  static let passing = """
    services:
      a:
        network_mode: service:b
      b: {}
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    var reported: Set<String> = []
    return context.unusualNodes.compactMap { node in
      var path = [node.name.value]
      var current = node
      while case .service(let name)? = current.networkMode?.value, let next = context.nodeEntry(name) {
        if name == node.name.value {
          guard reported.isDisjoint(with: path) else { return nil }
          reported.formUnion(path)
          return finding(
            "`\(node.name.value)` shares its own network: \((path + [name]).joined(separator: " → "))",
            at: node.networkMode?.range, help: "give one of them a network of its own")
        }
        if path.contains(name) { return nil }
        path.append(name)
        current = next
      }
      return nil
    }
  }
}
