import Diagnostics
import NetworkTypes
import Topology

/// Bridges joined in a ring that nothing breaks.
enum BridgeLoop: Rule {
  static let code = RuleCode.bridgeLoop
  static let name = "bridge-loop"
  static let summary = "Cables join bridges in a ring, and no bridge in it runs the spanning tree protocol."
  static let rationale = """
    A broadcast goes round such a ring for ever, and grows (a broadcast storm): Ethernet has no hop limit. With `stp: true` \
    on any bridge of the ring one of the cables is blocked (IEEE 802.1D).
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
      b: {}
    links:
      - endpoints: [a, b]
      - endpoints: [b, a]
    """

  /// A bridge: a network's, or one that a node makes.
  private enum Switch: Hashable {
    case network(Int)
    case node(Int, InterfaceName)
  }

  /// What of a bridge carries one VLAN; tag 0 where the bridge doesn't look at VLANs, or for frames without a tag.
  private struct Plane: Hashable {
    let bridge: Switch
    let tag: Int
  }

  /// A cable between two bridges, as the planes that it joins.
  private struct Cable {
    let joins: [(Plane, Plane)]
    let origin: SourceRange
  }

  static func check(_ context: RuleContext) -> [Diagnostic] {
    var groups: [Plane: Plane] = [:]
    func root(_ plane: Plane) -> Plane {
      var plane = plane
      while let next = groups[plane] { plane = next }
      return plane
    }
    var result: [Diagnostic] = []
    var earlier: [Cable] = []
    for cable in cables(context.topology) {
      var ring: Plane?
      for (first, second) in cable.joins {
        if root(first) == root(second) { ring = root(first) } else { groups[root(first)] = root(second) }
      }
      if let ring {
        let others = earlier.filter { other in other.joins.contains { root($0.0) == root(ring) } }
        result.append(
          finding(
            "this closes a ring of bridges", at: cable.origin,
            labels: others.map { .init($0.origin, "part of the ring") },
            help: "set `stp: true` on a bridge of the ring, or take one cable out"))
      }
      earlier.append(cable)
    }
    return result
  }

  /// The cables between bridges: links, and the attachments of devices that a node's own bridge has as members.
  ///
  /// A bridge that runs the protocol breaks every ring it is in, so what leads to one is left out.
  private static func cables(_ topology: Topology) -> [Cable] {
    let links = topology.links.compactMap { link -> Cable? in
      guard let first = port(link.first, topology), let second = port(link.second, topology) else { return nil }
      return cable(first, second, link.origin)
    }
    var attachments: [Cable] = []
    for index in topology.nodes.indices {
      for position in topology.nodes[index].interfaces.indices
      where topology.nodes[index].interfaces[position].master != nil {
        let interface = topology.nodes[index].interfaces[position]
        guard case .port(let network, _, let vlans) = interface.source,
          let own = ownBridge(of: interface, in: index, topology)
        else { continue }
        attachments.append(
          cable(Port(bridge: own), Port(bridge: .network(network.index), vlans: vlans, topology), interface.origin))
      }
    }
    return (links + attachments).filter { cable in
      !cable.joins.contains { runsSpanningTree($0.0.bridge, topology) || runsSpanningTree($0.1.bridge, topology) }
    }
  }

  /// A bridge's port, and what it lets through.
  private struct Port {
    let bridge: Switch
    /// The VLAN of frames without a tag; nil if they are dropped.
    var untagged: Int? = 0
    /// The VLANs of frames with a tag; nil for all, as they are.
    var tagged: Set<Int>?

    init(bridge: Switch) { self.bridge = bridge }

    init(bridge: Switch, vlans: PortVLANs?, _ topology: Topology) {
      self.bridge = bridge
      guard case .network(let index) = bridge, case .bridge(_, let options) = topology.networks[index].driver,
        options.vlanFiltering
      else { return }
      untagged = vlans.map { $0.untagged.map { Int($0.number) } } ?? 1
      tagged = Set((vlans?.tagged ?? []).flatMap { Int($0.first.number)...Int($0.last.number) })
    }
  }

  private static func cable(_ first: Port, _ second: Port, _ origin: SourceRange) -> Cable {
    var joins: [(Plane, Plane)] = []
    if let one = first.untagged, let other = second.untagged {
      joins.append((Plane(bridge: first.bridge, tag: one), Plane(bridge: second.bridge, tag: other)))
    }
    if let tags = first.tagged.map({ $0.intersection(second.tagged ?? $0) }) ?? second.tagged {
      joins += tags.sorted().map { (Plane(bridge: first.bridge, tag: $0), Plane(bridge: second.bridge, tag: $0)) }
    }
    return Cable(joins: joins, origin: origin)
  }

  private static func port(_ end: Link.End, _ topology: Topology) -> Port? {
    switch end {
    case .bridge(let network, _, let vlans): Port(bridge: .network(network.index), vlans: vlans, topology)
    case .node(let id, let name):
      topology[id].interfaces.named(name).flatMap { ownBridge(of: $0, in: id.index, topology) }
        .map { Port(bridge: $0) }
    }
  }

  /// The bridge that a node's device is a member of, where it is one.
  private static func ownBridge(of interface: Interface, in node: Int, _ topology: Topology) -> Switch? {
    guard let master = interface.master,
      let device = topology.nodes[node].interfaces.named(master),
      case .device(.bridge) = device.source
    else { return nil }
    return .node(node, master)
  }

  private static func runsSpanningTree(_ bridge: Switch, _ topology: Topology) -> Bool {
    switch bridge {
    case .network(let index):
      guard case .bridge(_, let options) = topology.networks[index].driver else { return false }
      return options.spanningTree
    case .node(let index, let name):
      guard let device = topology.nodes[index].interfaces.named(name),
        case .device(.bridge(let options)) = device.source
      else { return false }
      return options.spanningTree
    }
  }
}
