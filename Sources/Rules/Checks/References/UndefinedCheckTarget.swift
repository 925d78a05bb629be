import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// A check from or to nothing that the file has.
enum UndefinedCheckTarget: Rule {
  static let code = RuleCode.undefinedCheckTarget
  static let name = "undefined-check-target"
  static let summary = "A check starts at, or aims at, a name that nothing in the file has."
  static let rationale = "A check that can't be run would pass for one that was."
  static let failing = """
    services:
      web: {}
      db: {}
    checks:
      - { from: web, to: dv, expect: reachable }  # error: NW0207
    """
  static let passing = """
    services:
      web: {}
      db: { networks: { default: { aliases: [database] } } }
    checks:
      - { from: web, to: "database:5432", expect: reachable }
      - { from: host, to: 192.0.2.1, expect: unreachable }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    guard !context.file.checks.isEmpty else { return [] }
    let special: Set = ["host", "outside"]
    let nodes = Set(context.nodesByName.keys).union(context.file.nodes.map(\.name.value)).union(special)
    let names = nodes.union(context.topology.nameTables.flatMap(\.entries).flatMap { $0.names.map(\.text) })
    return context.file.checks.flatMap { check -> [Diagnostic] in
      var result: [Diagnostic] = []
      if !nodes.contains(check.from.value) { result.append(undefined(check.from, nodes)) }
      let target = check.to.value.name
      if IPAddress(target) == nil, !names.contains(target.lowercased()), !names.contains(target) {
        result.append(undefined(Located(target, at: check.to.range), names))
      }
      if let seen = check.seenAs, IPAddress(seen.value) == nil, !names.contains(seen.value) {
        result.append(undefined(seen, names))
      }
      return result
    }
  }

  private static func undefined(_ name: Located<String>, _ known: Set<String>) -> Diagnostic {
    finding(
      "there is no service or router `\(name.value)`", at: name.range,
      help: suggestion(for: name.value, among: known.sorted()).map { "did you mean `\($0)`?" }
        ?? "name a service, a router, `host`, `outside` or an address")
  }
}
