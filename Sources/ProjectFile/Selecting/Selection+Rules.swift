import Diagnostics

extension ProjectFile {
  /// Takes what isn't there out of the netfilter rules, and the rules that are about nothing else.
  ///
  /// - Parameter isAbsent: whether a name is that of a service or network that has been left out.
  mutating func dropRules(about isAbsent: (String) -> Bool) {
    for index in nodes.indices {
      nodes[index].firewall?.dropRules(about: isAbsent)
      nodes[index].translations = nodes[index].translations.compactMap { $0.without(isAbsent) }
    }
    host?.firewall?.dropRules(about: isAbsent)
    if let translations = host?.translations {
      host?.translations = translations.compactMap { $0.without(isAbsent) }
    }
  }
}

extension FirewallEntry {
  fileprivate mutating func dropRules(about isAbsent: (String) -> Bool) {
    let own = Set(sets.map(\.name.value))
    for (way, chain) in chains {
      chains[way]?.rules = chain.rules.compactMap { rule in
        guard let match = rule.match.without({ !own.contains($0) && isAbsent($0) }) else { return nil }
        var rule = rule
        rule.match = match
        return rule
      }
    }
  }
}

extension TranslationEntry {
  /// The translation without what isn't there; nil if it is about nothing else.
  fileprivate func without(_ isAbsent: (String) -> Bool) -> TranslationEntry? {
    if case .destination(let target) = kind, isAbsent(target.value) { return nil }
    guard let match = match.without(isAbsent) else { return nil }
    var result = self
    result.match = match
    return result
  }
}

extension PacketMatchEntry {
  /// What is matched without what isn't there; nil if no packet is left.
  fileprivate func without(_ isAbsent: (String) -> Bool) -> PacketMatchEntry? {
    var result = self
    result.from.removeAll { isAbsent($0.value) }
    result.to.removeAll { isAbsent($0.value) }
    let isEmpty = result.from.isEmpty && !from.isEmpty || result.to.isEmpty && !to.isEmpty
    return isEmpty ? nil : result
  }
}
