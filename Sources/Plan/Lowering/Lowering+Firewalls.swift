import NetworkTypes
import Topology

extension Lowering {
  /// Loads a node's own rules, before any of its devices is up.
  mutating func addRules(of own: OwnNamespace) {
    guard topology.nodes[own.index].firewall != nil || !topology.nodes[own.index].translations.isEmpty else { return }
    let rules = rules(of: own)
    guard !rules.isEmpty else { return }
    var chains: [NetfilterChain] = []
    for (way, hook) in [(Firewall.Way.input, NetfilterHook.input), (.forward, .forward), (.output, .output)] {
      chains.append(
        NetfilterChain(
          name: .base(hook, .filter),
          base: .init(hook, .filter, dropsByDefault: rules.dropsByDefault(way)), rules: rules.rules(way)))
    }
    chains.append(base(.prerouting, .dstnat, rules.destinationTranslations(isOwn: false)))
    chains.append(base(.output, .dstnat, rules.destinationTranslations(isOwn: true)))
    chains.append(base(.postrouting, .srcnat, rules.sourceTranslations))
    let used = chains.filter { !$0.rules.isEmpty || $0.base?.dropsByDefault ?? false }
    guard !used.isEmpty else { return }
    let table = NetfilterTable(family: .inet, chains: used)
    add(.loadRuleset(LoadRuleset(place: own.place, tables: [table])), own.origin)
  }

  private func rules(of own: OwnNamespace) -> FirewallRules {
    let node = topology.nodes[own.index]
    return FirewallRules(
      firewall: node.firewall, translations: node.translations, subject: own.origin.subject, origins: origins,
      vrfs: NamespaceVRFs(node.interfaces))
  }

  /// The host's own rules.
  var hostFirewall: FirewallRules {
    FirewallRules(
      firewall: topology.host.firewall, translations: topology.host.translations, subject: "host", origins: origins)
  }
}
