import Diagnostics
import ProjectFile
import Topology

/// A service attached to a network of the engine's own in a way that the engine refuses.
enum PredefinedNetworkConflict: Rule {
  static let code = RuleCode.predefinedNetworkConflict
  static let name = "predefined-network-conflict"
  static let summary = "A service is on the engine's `bridge` by name, or on `host` or `none` and another network."
  static let rationale = """
    Compose gives every service an alias on its networks, and the engine answers «network-scoped aliases are only supported \
    for user-defined networks». A container in the host's namespace, or in one of its own without devices, «cannot be \
    connected to multiple networks».
    """
  static let failing = """
    services:
      web: { networks: [docker] }  # error: NW0606
      agent: { networks: [machine, front] }  # error: NW0606
      front: { networks: [front] }
    networks:
      docker: { external: true, name: bridge }
      machine: { external: true, name: host }
      front: {}
    """
  static let passing = """
    services:
      web: { network_mode: bridge }
      agent: { networks: [machine] }
      front: { networks: [front] }
    networks:
      machine: { external: true, name: host }
      front: {}
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    let special = context.topology.networks.filter { isPredefined($0) }
    guard !special.isEmpty else { return [] }
    let byKey = Dictionary(special.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    return context.file.nodes.compactMap { node in
      guard let attachment = node.attachments.first(where: { byKey[$0.network.value] != nil }),
        let network = byKey[attachment.network.value]
      else { return nil }
      switch network.driver {
      case .bridge, .macvlan, .ipvlan:
        return finding(
          "`\(node.name.value)` can't be on the engine's own bridge by `networks`", at: attachment.network.range,
          help: "write `network_mode: bridge`, or make a network for it")
      case .host, .none:
        guard let other = node.attachments.first(where: { $0.network.value != network.key }) else { return nil }
        return finding(
          "`\(node.name.value)` can't be on `\(network.key)` and another network", at: attachment.network.range,
          labels: [.init(other.network.range, "the other one")], help: "take one of them out")
      }
    }
  }

  private static func isPredefined(_ network: Network) -> Bool {
    switch network.driver {
    case .host, .none: true
    case .bridge, .macvlan, .ipvlan: network.isExternal && network.name == "bridge"
    }
  }
}
