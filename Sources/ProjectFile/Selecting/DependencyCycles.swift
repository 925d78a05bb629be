import Diagnostics
import NetworkTypes

extension Reader {
  /// Reports services that wait for each other in a circle, each circle once (compose-go, graph/cycle.go).
  ///
  /// A circle of `network_mode` alone is the business of the rule for that.
  mutating func checkDependencies(in file: ProjectFile) {
    guard file.nodes.contains(where: { !$0.dependencies.isEmpty }) else { return }
    let index = Dictionary(
      file.nodes.indices.map { (file.nodes[$0].name.value, $0) }, uniquingKeysWith: { first, _ in first })
    let edges = file.nodes.map { node in
      node.dependencies.compactMap { name in index[name.value].map { (to: $0, name: name) } }
    }
    var state = [Visit](repeating: .new, count: edges.count)
    for start in edges.indices where state[start] == .new && !edges[start].isEmpty {
      // The way to the node that is being looked at, with the next edge to follow of each.
      var way = [(node: start, edge: 0)]
      state[start] = .open
      while let last = way.last {
        guard last.edge < edges[last.node].count else {
          state[last.node] = .done
          way.removeLast()
          continue
        }
        way[way.count - 1].edge += 1
        let edge = edges[last.node][last.edge]
        switch state[edge.to] {
        case .new:
          state[edge.to] = .open
          way.append((edge.to, 0))
        case .open: reportCycle(way.map(\.node).drop { $0 != edge.to }.map { file.nodes[$0] }, edge.name)
        case .done: break
        }
      }
    }
  }

  private enum Visit { case new, open, done }

  private mutating func reportCycle(_ nodes: [NodeEntry], _ reference: Located<String>) {
    let names = nodes.map(\.name.value)
    let isOfModes = zip(nodes, names.dropFirst() + names.prefix(1)).allSatisfy { $0.networkMode?.value == .service($1) }
    guard !isOfModes else { return }
    report(
      Diagnostic(
        FileCode.dependencyCycle, "`\(reference.value)` waits for itself: \(circular(names))", at: reference.range,
        help: "take one of the references out: none of them could start first"))
  }
}
