import Diagnostics
import YAMLTree

extension Reader {
  /// A node with another laid over it, by compose's rules (compose-go, override/merge.go): mappings key by key, lists
  /// one after the other, scalars replaced; null leaves what was there; `!reset` takes away, `!override` replaces.
  ///
  /// A `!reset` stays in the result, so that it takes away what is put below later; `withoutResets` takes it out.
  ///
  /// - Parameters:
  ///   - base: what is below.
  ///   - over: what is laid over it.
  ///   - path: the keys that lead there from the root of the file.
  /// - Returns: both as one.
  mutating func merge(_ base: YAMLNode, _ over: YAMLNode, path: [String]) -> YAMLNode {
    if over.isReset || over.tag == "!override" { return over }
    if base.isReset || base.isNull { return over }
    // What is written once and comes by two ways, included twice for instance, is there once.
    if base.range == over.range { return over }
    if over.isNull { return base }
    switch MergeRule(path) {
    case .replace: return over
    case .namedList: return mergeByType(mappingOfNames(base), mappingOfNames(over), path)
    case .keyedItems: return mergeItems(base, over, key: keyText)
    case .distinctItems: return mergeItems(base, over, key: { silentlyInterpolated($0) })
    case .allItems: return mergeItems(base, over) { _ in nil }
    case .pools: return mergePools(base, over, path)
    case .byType: return mergeByType(base, over, path)
    }
  }

  private mutating func mergeByType(_ base: YAMLNode, _ over: YAMLNode, _ path: [String]) -> YAMLNode {
    switch (base.content, over.content) {
    case (.mapping(let lower), .mapping(let upper)): return mergeMappings(base, lower, upper, path)
    case (.sequence, .sequence): return mergeItems(base, over) { _ in nil }
    case (.scalar, _): return over
    case (.mapping, _), (.sequence, _):
      report(
        Diagnostic(
          FileCode.incompatibleMerge, "this can't be laid over what stands below it", at: over.range,
          labels: [.init(base.range, "of another type")], help: "put the tag !override before it to replace the whole"))
      return base
    }
  }

  private mutating func mergeMappings(
    _ base: YAMLNode, _ lower: YAMLMapping, _ upper: YAMLMapping, _ path: [String]
  ) -> YAMLNode {
    var entries = lower.entries
    var index: [String: Int] = [:]
    for (position, entry) in entries.enumerated() { index[entry.key.value] = position }
    for entry in upper.entries {
      if let position = index[entry.key.value] {
        entries[position].value = merge(entries[position].value, entry.value, path: path + [entry.key.value])
      } else {
        index[entry.key.value] = entries.count
        entries.append(entry)
      }
    }
    var result = base
    result.content = .mapping(YAMLMapping(entries: entries))
    return result
  }

  /// The items of both, one after the other; one with the key of an earlier one takes the last such one's place.
  private func mergeItems(_ base: YAMLNode, _ over: YAMLNode, key: (YAMLNode) -> String?) -> YAMLNode {
    var merged = items(of: base)
    var positions: [String: Int] = [:]
    for (position, item) in merged.enumerated() {
      if let text = key(item) { positions[text] = position }
    }
    for item in items(of: over) {
      let text = key(item)
      if let text, let position = positions[text] {
        merged[position] = item
      } else {
        if let text { positions[text] = merged.count }
        merged.append(item)
      }
    }
    var result = base
    result.content = .sequence(merged)
    return result
  }

  /// The text of a scalar up to an `=`.
  private func keyText(_ node: YAMLNode) -> String? {
    silentlyInterpolated(node).map { String($0.prefix { $0 != "=" }) }
  }

  /// The items of a list; a mapping of settings is a list of KEY=VALUE to compose, and a single value a list of one.
  private func items(of node: YAMLNode) -> [YAMLNode] {
    switch node.content {
    case .sequence(let items): items
    case .scalar: [node]
    case .mapping(let mapping): mapping.entries.flatMap(settings)
    }
  }

  /// A key and its value as KEY=VALUE, one for each of several values.
  ///
  /// There are no variables in keys.
  private func settings(_ entry: YAMLMapping.Entry) -> [YAMLNode] {
    let key = entry.key.value.replacing("$", with: "$$")
    let values: [YAMLNode] = if case .sequence(let values) = entry.value.content { values } else { [entry.value] }
    return values.map { value in
      var text = key
      if case .scalar(let scalar) = value.content, !value.isNull { text += "=\(scalar.text)" }
      return YAMLNode(content: .scalar(YAMLScalar(text: text, isPlain: false)), range: value.range)
    }
  }

  /// A list of names as a mapping from them, each once.
  private mutating func mappingOfNames(_ node: YAMLNode) -> YAMLNode {
    guard case .sequence(let items) = node.content else { return node }
    var entries: [YAMLMapping.Entry] = []
    var places: [String: SourceRange] = [:]
    for item in items {
      guard let name = silentlyInterpolated(item) else { continue }
      if let first = places.updateValue(item.range, forKey: name) {
        report(.repeatedItem(name, at: item.range, first: first))
      } else {
        let null = YAMLNode(content: .scalar(YAMLScalar(text: "", isPlain: true)), range: item.range)
        entries.append(YAMLMapping.Entry(key: Located(name, at: item.range), value: null))
      }
    }
    var result = node
    result.content = .mapping(YAMLMapping(entries: entries))
    return result
  }

  /// `ipam.config`: a pool is laid over the one of the same subnet, and takes the place of others of its family and of
  /// those without a subnet.
  ///
  /// Of these compose keeps none that the later file doesn't name (compose-go, override/merge.go: mergeIPAMConfig), and
  /// a bridge has one a family. The other family's stay, as what nothing is said of.
  private mutating func mergePools(_ base: YAMLNode, _ over: YAMLNode, _ path: [String]) -> YAMLNode {
    let (lower, upper) = (items(of: base), items(of: over))
    let families = Set(upper.compactMap { isIPv6(subnetText(of: $0)) })
    var pools = lower.filter { pool in
      guard let family = isIPv6(subnetText(of: pool)) else { return upper.isEmpty }
      return !families.contains(family)
    }
    let written = lower.compactMap { pool in subnetText(of: pool).map { ($0, pool) } }
    let bySubnet = Dictionary(written, uniquingKeysWith: { first, _ in first })
    for pool in upper {
      let below = subnetText(of: pool).flatMap { bySubnet[$0] }
      pools.append(below.map { mergeByType($0, pool, path + ["*"]) } ?? pool)
    }
    var result = base
    result.content = .sequence(pools)
    return result
  }

  private func isIPv6(_ subnet: String?) -> Bool? { subnet.map { $0.contains(":") } }

  private func subnetText(of node: YAMLNode) -> String? {
    guard case .mapping(let mapping) = node.content else { return nil }
    return mapping["subnet"].flatMap { silentlyInterpolated($0) }
  }
}

extension YAMLNode {
  /// Whether it takes away what stands below it.
  fileprivate var isReset: Bool { tag == "!reset" }

  /// The tree without what is tagged `!reset`, items of lists included.
  var withoutResets: YAMLNode {
    var result = self
    switch content {
    case .scalar: break
    case .sequence(let items): result.content = .sequence(items.filter { !$0.isReset }.map(\.withoutResets))
    case .mapping(let mapping):
      let kept = mapping.entries.filter { !$0.value.isReset }
      result.content = .mapping(
        YAMLMapping(entries: kept.map { YAMLMapping.Entry(key: $0.key, value: $0.value.withoutResets) }))
    }
    return result
  }
}
