import Diagnostics
import YAMLTree

extension Reader {
  /// The documents as one, each laid over those before it; nil for none.
  mutating func merged(_ documents: [YAMLNode]) -> YAMLNode? {
    guard var result = documents.first else { return nil }
    for document in documents.dropFirst() { result = merge(result, document, path: []) ?? result }
    return result
  }

  /// A node with another laid over it, by compose's rules (compose-go, override/merge.go): mappings key by key, lists one
  /// after the other, scalars replaced; null leaves what was there; `!reset` takes away, `!override` replaces.
  ///
  /// - Returns: nil where the key is taken away.
  private mutating func merge(_ base: YAMLNode, _ over: YAMLNode, path: [String]) -> YAMLNode? {
    if over.tag == "!reset" { return nil }
    if over.tag == "!override" || base.coreValue == .null { return over }
    if over.coreValue == .null { return base }
    switch MergeRule(path) {
    case .replace: return over
    case .namedList: return mergeByType(mappingOfNames(base), mappingOfNames(over), path)
    case .distinctItems: return mergeLists(base, over, dropsRepeated: true)
    case .pools: return mergePools(base, over, path)
    case .byType: return mergeByType(base, over, path)
    }
  }

  private mutating func mergeByType(_ base: YAMLNode, _ over: YAMLNode, _ path: [String]) -> YAMLNode {
    switch (base.content, over.content) {
    case (.mapping(let lower), .mapping(let upper)): return mergeMappings(base, lower, upper, path)
    case (.sequence, .sequence): return mergeLists(base, over, dropsRepeated: false)
    case (.scalar, .scalar): return over
    case (.mapping, _), (.sequence, _), (.scalar, _):
      report(
        Diagnostic(
          FileCode.incompatibleMerge, "this can't be laid over what an earlier file has here", at: over.range,
          labels: [.init(base.range, "of another type")], help: "put the tag !override before it to replace the whole"))
      return base
    }
  }

  private mutating func mergeMappings(
    _ base: YAMLNode, _ lower: YAMLMapping, _ upper: YAMLMapping, _ path: [String]
  ) -> YAMLNode {
    var entries = lower.entries
    var index = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.key.value, $0) })
    var removed: Set<Int> = []
    for entry in upper.entries {
      if let position = index[entry.key.value] {
        if let value = merge(entries[position].value, entry.value, path: path + [entry.key.value]) {
          entries[position].value = value
        } else {
          removed.insert(position)
        }
      } else if entry.value.tag != "!reset" {
        index[entry.key.value] = entries.count
        entries.append(entry)
      }
    }
    var result = base
    result.content = .mapping(
      YAMLMapping(entries: entries.enumerated().filter { !removed.contains($0.offset) }.map(\.element)))
    return result
  }

  /// The items of both, one after the other.
  private func mergeLists(_ base: YAMLNode, _ over: YAMLNode, dropsRepeated: Bool) -> YAMLNode {
    let lower = items(of: base)
    let known = Set(dropsRepeated ? lower.compactMap(plainText) : [])
    var result = base
    result.content = .sequence(
      lower + items(of: over).filter { item in !(plainText(item).map(known.contains) ?? false) })
    return result
  }

  private func plainText(_ node: YAMLNode) -> String? {
    guard case .scalar(let scalar) = node.content else { return nil }
    return scalar.text
  }

  /// The items of a list; a mapping of settings is a list of KEY=VALUE to compose, and a single value a list of one.
  private func items(of node: YAMLNode) -> [YAMLNode] {
    switch node.content {
    case .sequence(let items): items
    case .scalar: [node]
    case .mapping(let mapping):
      mapping.entries.map { entry in
        YAMLNode(
          content: .scalar(
            YAMLScalar(text: "\(entry.key.value)=\(plainText(entry.value) ?? "")", isPlain: false)),
          range: entry.key.range)
      }
    }
  }

  /// A list of names as a mapping from them.
  private func mappingOfNames(_ node: YAMLNode) -> YAMLNode {
    guard case .sequence(let items) = node.content else { return node }
    var result = node
    result.content = .mapping(
      YAMLMapping(
        entries: items.compactMap { item in
          guard let name = plainText(item) else { return nil }
          let null = YAMLNode(content: .scalar(YAMLScalar(text: "", isPlain: true)), range: item.range)
          return YAMLMapping.Entry(key: Located(name, at: item.range), value: null)
        }))
    return result
  }

  /// `ipam.config`: pools of the same subnet are merged, others added.
  private mutating func mergePools(_ base: YAMLNode, _ over: YAMLNode, _ path: [String]) -> YAMLNode {
    var pools = items(of: base)
    for pool in items(of: over) {
      let subnet = subnetText(of: pool)
      if let position = pools.firstIndex(where: { subnet != nil && subnetText(of: $0) == subnet }) {
        pools[position] = mergeByType(pools[position], pool, path + ["*"])
      } else {
        pools.append(pool)
      }
    }
    var result = base
    result.content = .sequence(pools)
    return result
  }

  private func subnetText(of node: YAMLNode) -> String? {
    guard case .mapping(let mapping) = node.content else { return nil }
    return mapping["subnet"].flatMap(plainText)
  }
}
