import Diagnostics
import NetworkTypes
import ProjectFile
import YAMLTree

extension ResolvedFile {
  /// A firewall as it was written: names stay names, since they mean the same in the resolved file.
  func firewall(_ entry: FirewallEntry) -> YAMLValue {
    var entries = Entries()
    let sets = entry.sets.compactMap { set in
      texts(set.addresses.map(\.value.description)).map { YAMLValue.Entry(set.name.value, $0) }
    }
    entries.add("sets", sets.isEmpty ? nil : .map(sets))
    entries.add("stateless", flag(entry.isStateless?.value ?? false))
    for chain in FirewallChain.allCases {
      entries.add(chain.rawValue, entry.chains[chain].map(rules))
    }
    return .map(entries.list)
  }

  private func rules(_ chain: FirewallEntry.Chain) -> YAMLValue {
    var entries = Entries()
    entries.add("policy", (chain.policy?.value.rawValue).map(YAMLValue.text))
    entries.add("rules", list(chain.rules.map(filterRule)))
    return .map(entries.list)
  }

  private func filterRule(_ rule: FilterRuleEntry) -> YAMLValue {
    var entries = Entries()
    add(rule.match, to: &entries)
    entries.add("icmp", texts(rule.controlTypes.map(\.value.text)))
    entries.add("state", texts(rule.states.map(\.value.rawValue)))
    entries.add("limit", (rule.limit?.value).map(limit))
    entries.add("log", rule.log.map { $0.prefix.map(text) ?? .plain("true") })
    entries.add("action", (rule.action?.value.rawValue).map(YAMLValue.text))
    entries.add("with", (rule.rejection?.value.rawValue).map(YAMLValue.text))
    entries.add("comment", (rule.comment?.value).map(text))
    return .map(entries.list)
  }

  private func limit(_ limit: NetfilterLimit) -> YAMLValue {
    .text("\(limit.packets)/\(limit.unit.rawValue) burst \(limit.burst)")
  }

  /// A translation of addresses.
  func translation(_ entry: TranslationEntry) -> YAMLValue {
    var match = entry.match
    var entries = Entries()
    switch entry.kind {
    case .masquerade:
      // `to` and `masquerade` name the same: what a connection leaves by.
      entries.add("masquerade", texts(match.to.map(\.value)))
      entries.add("to_ports", (entry.newPorts?.value).map(text))
      match.to = []
    case .source(let address): entries.add("snat", target(address.value.description, entry.newPorts?.value))
    case .destination(let name): entries.add("dnat", target(name.value, entry.newPorts?.value))
    case .redirect: entries.add("redirect", (entry.newPorts?.value).map(text))
    }
    add(match, to: &entries)
    return .map(entries.list)
  }

  private func target(_ name: String, _ ports: PortRange?) -> YAMLValue {
    guard let ports else { return .text(name) }
    return .text((IPv6Address(name) == nil ? name : "[\(name)]") + ":\(ports)")
  }

  private func add(_ match: PacketMatchEntry, to entries: inout Entries) {
    entries.add("from", texts(match.from.map(\.value)))
    entries.add("to", texts(match.to.map(\.value)))
    entries.add("family", (match.family?.value.rawValue).map(YAMLValue.text))
    entries.add("protocol", (match.transport?.value.rawValue).map(YAMLValue.text))
    entries.add("ports", texts(match.ports.map(\.value.description)))
    entries.add("source_ports", texts(match.sourcePorts.map(\.value.description)))
  }
}
