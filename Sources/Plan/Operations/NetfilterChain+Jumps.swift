extension [NetfilterChain] {
  /// The chains in an order in which each stands after those that it jumps to.
  package var sortedForJumps: [NetfilterChain] {
    var sorted: [NetfilterChain] = []
    var rest = self
    while !rest.isEmpty {
      let waiting = Set(rest.map(\.name))
      let ready = rest.filter { waiting.isDisjoint(with: $0.targets.subtracting([$0.name])) }
      // Only jumps in a circle leave none ready; nft says so then.
      guard !ready.isEmpty else { return sorted + rest }
      sorted += ready
      let done = Set(ready.map(\.name))
      rest.removeAll { done.contains($0.name) }
    }
    return sorted
  }
}

extension NetfilterChain {
  /// The chains that its rules jump to.
  package var targets: Set<ChainName> {
    Set(
      rules.compactMap { rule in
        if case .jump(let target) = rule.verdict { target } else { nil }
      })
  }
}
