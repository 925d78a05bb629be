import Diagnostics
import NetworkTypes
import Topology

/// Bridges joined in a ring that nothing breaks.
enum BridgeLoop: Rule {
  static let code = RuleCode.bridgeLoop
  static let summary = "Cables join bridges in a ring, and no bridge in it runs the spanning tree protocol."
  static let rationale = """
    A broadcast goes round such a ring for ever, and grows (a broadcast storm): Ethernet has no hop limit. With `stp: true` \
    on the bridges of the ring one of the cables is blocked (IEEE 802.1D).
    """
  static let failing = """
    services:
      web: { networks: [a, b] }
    networks:
      a: {}
      b: {}
    links:
      - endpoints: [a, b]
      - endpoints: [b, a]  # error: NW0401
    """
  static let passing = """
    services:
      web: { networks: [a, b] }
    networks:
      a: { stp: true }
      b: { stp: true }
    links:
      - endpoints: [a, b]
      - endpoints: [b, a]
    """

  /// A bridge: a network's, or one that a node makes.
  private enum Switch: Hashable {
    case network(Int)
    case node(Int, InterfaceName)
  }

  static func check(_ context: RuleContext) -> [Diagnostic] {
    var groups: [Switch: Switch] = [:]
    var cables: [(link: Link, ends: (Switch, Switch))] = []
    func root(_ element: Switch) -> Switch {
      var element = element
      while let next = groups[element] { element = next }
      return element
    }
    var result: [Diagnostic] = []
    for link in context.topology.links {
      guard let first = bridge(link.first, context.topology), let second = bridge(link.second, context.topology) else {
        continue
      }
      // A bridge that runs the protocol takes its ports out of any ring.
      if runsSpanningTree(first, context.topology), runsSpanningTree(second, context.topology) { continue }
      if root(first) == root(second) {
        let others = cables.filter { root($0.ends.0) == root(first) }.map {
          Diagnostic.Label($0.link.origin, "part of the ring")
        }
        result.append(
          finding(
            "this cable closes a ring of bridges", at: link.origin, labels: others,
            help: "set `stp: true` on the bridges, or take one cable out"))
      } else {
        groups[root(first)] = root(second)
      }
      cables.append((link, (first, second)))
    }
    return result
  }

  private static func bridge(_ end: Link.End, _ topology: Topology) -> Switch? {
    switch end {
    case .bridge(let network, _, _): return .network(network.index)
    case .node(let id, let name):
      let interfaces = topology[id].interfaces
      guard let master = interfaces.first(where: { $0.name == name })?.master,
        let device = interfaces.first(where: { $0.name == master }), case .device(.bridge) = device.source
      else { return nil }
      return .node(id.index, master)
    }
  }

  private static func runsSpanningTree(_ bridge: Switch, _ topology: Topology) -> Bool {
    switch bridge {
    case .network(let index):
      guard case .bridge(_, let options) = topology.networks[index].driver else { return false }
      return options.spanningTree
    case .node(let index, let name):
      guard let device = topology.nodes[index].interfaces.first(where: { $0.name == name }),
        case .device(.bridge(let options)) = device.source
      else { return false }
      return options.spanningTree
    }
  }
}
