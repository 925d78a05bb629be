package import NetworkTypes

// Sets of nft take no two elements that overlap, and iptables needs a rule for every value: fewer are better.

extension NetfilterSelection<IPPrefix> {
  /// The family of the blocks.
  package var family: AddressFamily { values.first?.family ?? .ipv4 }

  /// The same addresses, without the blocks that are in others.
  package var disjoint: NetfilterSelection {
    var kept: [IPPrefix] = []
    for value in values where !kept.contains(where: { $0.contains(value) }) {
      kept.removeAll { value.contains($0) }
      kept.append(value)
    }
    return NetfilterSelection(kept, isNegated: isNegated)
  }
}

extension NetfilterSelection<PortRange> {
  /// The same ports in ranges of which no two meet.
  package var disjoint: NetfilterSelection {
    var kept: [PortRange] = []
    for range in values.sorted() {
      if let last = kept.last, Int(range.first) <= Int(last.last) + 1,
        let joined = PortRange(last.first, max(last.last, range.last))
      {
        kept[kept.count - 1] = joined
      } else {
        kept.append(range)
      }
    }
    return NetfilterSelection(kept, isNegated: isNegated)
  }
}
