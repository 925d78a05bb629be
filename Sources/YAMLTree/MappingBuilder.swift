import Diagnostics

/// A mapping that is being read.
struct MappingBuilder {
  /// The key whose value comes next.
  enum PendingKey {
    /// A key.
    case key(Located<String>)
    /// The merge key `<<`.
    case merge(SourceRange)
    /// One that was refused; its value is left out too.
    case refused
  }

  /// The keys whose values have been read, with those.
  private(set) var entries: [YAMLMapping.Entry] = []
  /// The nodes in the entries, keys included.
  private(set) var size = 0
  /// The entries' indices by key, kept once there are too many to look through; that of the pending key among them.
  private var indices: [String: Int] = [:]
  /// The key that has been read, if its value hasn't.
  private var pending: PendingKey?
  /// Where the merge key is, and the mappings it merges, those that win first.
  private var merge: (key: SourceRange, sources: [YAMLMapping])?

  /// Up to this many keys, comparing with each is faster than hashing.
  private static let linearLimit = 16

  /// Makes room for a number of entries.
  mutating func reserveCapacity(_ count: Int) { entries.reserveCapacity(count) }

  /// Whether a key comes next rather than a value.
  var expectsKey: Bool { pending == nil }

  /// The text of the key whose value comes next.
  var pendingText: String? {
    if case .key(let text) = pending { text.value } else { nil }
  }

  /// Takes the next key, unless it is there already.
  mutating func takeKey(
    _ key: YAMLScalar, tag: String?, at place: SourceRange, _ diagnostics: inout [Diagnostic]
  ) {
    if key.isPlain, key.text == "<<", tag == nil || tag == "tag:yaml.org,2002:merge" {
      if let merge {
        let help = "merge several with one key: `<<: [*first, *second]`"
        diagnostics.append(duplicate("<<", at: place, first: merge.key, help: help))
        pending = .refused
      } else {
        merge = (place, [])
        pending = .merge(place)
      }
    } else if let earlier = takeIndex(of: key.text) {
      diagnostics.append(duplicate(key.text, at: place, first: entries[earlier].key.range, help: nil))
      pending = .refused
    } else {
      pending = .key(Located(key.text, at: place))
    }
  }

  /// Refuses a list or a mapping as the next key.
  mutating func refuseKey(at place: SourceRange, _ diagnostics: inout [Diagnostic]) {
    pending = .refused
    diagnostics.append(
      Diagnostic(
        YAMLCode.nonScalarKey, "a key must be a single value, not a list or a mapping", at: place,
        help: "text that starts with `{` or `[` goes in quotes: \"{{ name }}\""))
  }

  /// Takes the value of the key before it.
  mutating func takeValue(
    _ node: consuming YAMLNode, at place: SourceRange, _ diagnostics: inout [Diagnostic]
  ) {
    switch pending.take() {
    case .key(let text): append(YAMLMapping.Entry(key: text, value: node))
    case .merge(let range):
      if !takeMerge(node, key: range) { diagnostics.append(badMerge(at: place)) }
    case .refused, nil: break
    }
  }

  /// Takes note of a key or value that could not be read.
  mutating func takeNothing() {
    if case .key(let text) = pending { indices[text.value] = nil }
    pending = expectsKey ? .refused : nil
  }

  private func duplicate(_ key: String, at place: SourceRange, first: SourceRange, help: String?) -> Diagnostic {
    Diagnostic(
      YAMLCode.duplicateKey, "the key `\(key)` is in this mapping twice", at: place,
      caption: "again here", labels: [.init(first, "first defined here")], help: help)
  }

  /// Keeps the mappings to merge; false if there is anything else among them.
  private mutating func takeMerge(_ node: YAMLNode, key: SourceRange) -> Bool {
    switch node.content {
    case .mapping(let mapping):
      merge = (key, [mapping])
      return true
    case .sequence(let items):
      let sources = items.compactMap { item in
        if case .mapping(let mapping) = item.content { mapping } else { nil }
      }
      merge = (key, sources)
      return sources.count == items.count
    case .scalar: return false
    }
  }

  private func badMerge(at place: SourceRange) -> Diagnostic {
    Diagnostic(
      YAMLCode.badMergeKey, "`<<` merges a mapping or a list of mappings, and this is something else", at: place,
      help: "write `<<: *name` where `&name` marks a mapping, or put \"<<\" in quotes if it is an ordinary key")
  }

  /// The mapping, with the merged entries, over which the written ones win, at the end.
  mutating func finish() -> YAMLMapping {
    if let merge {
      for source in merge.sources {
        for entry in source.entries where takeIndex(of: entry.key.value) == nil { append(entry) }
      }
    }
    return YAMLMapping(entries: entries)
  }

  private mutating func append(_ entry: consuming YAMLMapping.Entry) {
    size += 1 + entry.value.size
    entries.append(entry)
  }

  /// The index of the entry that has a key; where none has, the key gets the next.
  private mutating func takeIndex(of key: String) -> Int? {
    guard entries.count >= Self.linearLimit else {
      for index in entries.indices where entries[index].key.value == key { return index }
      return nil
    }
    if indices.isEmpty {
      for index in entries.indices { indices[entries[index].key.value] = index }
    }
    guard let earlier = indices.updateValue(entries.count, forKey: key) else { return nil }
    indices[key] = earlier
    return earlier
  }
}
