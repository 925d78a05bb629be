import Diagnostics
import NetworkTypes
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
    var passed: Set<String> = []
    var circles: [[String]] = []
    for node in context.unusualNodes {
      var way: [String] = []
      var next: String? = node.name.value
      while let name = next, passed.insert(name).inserted {
        way.append(name)
        next = shared(by: name, context)
      }
      // Where it comes back to what was passed on this very way, that is a circle.
      if let next, let start = way.firstIndex(of: next) { circles.append(Array(way[start...])) }
    }
    return circles.compactMap { finding(about: $0, context) }
  }

  /// The service whose network a node shares, where the file has it.
  private static func shared(by name: String, _ context: RuleContext) -> String? {
    guard case .service(let other)? = context.nodeEntry(name)?.networkMode?.value, context.hasNodeEntry(other) else {
      return nil
    }
    return other
  }

  /// The finding at the service of a circle that is written first.
  private static func finding(about circle: [String], _ context: RuleContext) -> Diagnostic? {
    let positions = circle.compactMap(context.nodePosition)
    guard let start = positions.indices.min(by: { positions[$0] < positions[$1] }) else { return nil }
    let names = Array(circle[start...] + circle[..<start])
    return finding(
      "`\(names[0])` shares its own network: \(circular(names))",
      at: context.file.nodes[positions[start]].networkMode?.range, help: "give one of them a network of its own")
  }
}
