import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// A name in a firewall or a translation that means nothing there.
enum UndefinedRuleName: Rule {
  static let code = RuleCode.undefinedRuleName
  static let name = "undefined-rule-name"
  static let summary = "A rule of a firewall or a translation names a device, network, node or set that isn't there."
  static let rationale = """
    A rule without what it is about would match everything, or nothing: neither is what the file says. A name is looked \
    for among the firewall's `sets`, the namespace's own devices, the networks and the nodes, in this order. A connection \
    can be sent on to one address alone: to that of a node, not to a network, a device or a set.
    """
  static let failing = """
    services:
      web: {}
    routers:
      edge:
        networks: [default]
        nat:
          - { from: default, dnat: eth0 }  # error: NW0216
        firewall:
          forward:
            rules:
              - { from: wbe, action: drop }  # error: NW0216
    """
  static let passing = """
    services:
      web: {}
    routers:
      edge:
        networks: [default]
        nat: [{ masquerade: eth0 }, { from: default, protocol: tcp, ports: 80, dnat: web }]
        firewall:
          sets: { office: [192.0.2.0/24] }
          forward:
            rules:
              - { from: [web, office], to: default, action: drop }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    var result: [Diagnostic] = []
    for node in context.unusualNamespaces where (node.replica ?? 1) == 1 {
      let entry = context.entry(of: node)
      result += undefined(entry.firewall, entry.translations, node.id, context)
    }
    if let host = context.file.host { result += undefined(host.firewall, host.translations, nil, context) }
    return result
  }

  private static func undefined(
    _ firewall: FirewallEntry?, _ translations: [TranslationEntry], _ node: NodeID?, _ context: RuleContext
  ) -> [Diagnostic] {
    guard firewall != nil || !translations.isEmpty else { return [] }
    let scope = RuleScope(
      topology: context.topology, nodeNames: context.nodeNames, node: node, sets: firewall?.namedSets ?? [:])
    let matches =
      FirewallChain.allCases.flatMap { firewall?.chains[$0]?.rules.map(\.match) ?? [] } + translations.map(\.match)
    let targets = translations.compactMap { translation -> Located<String>? in
      if case .destination(let name) = translation.kind, !context.isTarget(name.value) { name } else { nil }
    }
    let unknown = (matches.flatMap { $0.from + $0.to } + targets).filter { scope.meaning(of: $0.value) == nil }
    let unusable = targets.filter { scope.meaning(of: $0.value) != nil }.map { name in
      finding(
        "`\(name.value)` is no node, and no address that a connection could go to", at: name.range,
        help: "name a service, a router or an address")
    }
    return unusable
      + unknown.map { name in
        finding(
          "nothing here is called `\(name.value)`", at: name.range,
          help: suggestion(for: name.value, among: scope.names).map { "did you mean `\($0)`?" }
            ?? "name a device, a network, a service, a router, a set or an address")
      }
  }
}

extension RuleContext {
  /// Whether a connection can be sent on to what a name stands for: a node, or an address.
  func isTarget(_ name: String) -> Bool { nodesByName[name] != nil || IPAddress(name) != nil }
}
