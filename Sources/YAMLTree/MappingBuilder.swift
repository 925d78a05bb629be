import Diagnostics

/// The entries of a mapping that is being read.
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

  private var entries: [YAMLMapping.Entry] = []
  /// The entries' indices by key, kept once there are too many to look through.
  private var indices: [String: Int] = [:]
  /// The key that has been read, if its value hasn't.
  private var key: PendingKey?
  /// Where the merge key is, and the mappings it merges, those that win first.
  private var merge: (key: SourceRange, sources: [YAMLMapping])?

  /// Up to this many keys, comparing with each is faster than hashing.
  private static let linearLimit = 16

  /// The text of the key whose value comes next.
  var pendingText: String? {
    if case .key(let text) = key { text.value } else { nil }
  }

  /// Takes the next key or value, nil for one that could not be read; returns what is wrong with it.
  mutating func take(_ node: YAMLNode?, at place: SourceRange) -> Diagnostic? {
    switch key {
    case nil: return takeKey(node, at: place)
    case .key(let text):
      key = nil
      if let node { append(YAMLMapping.Entry(key: text, value: node)) }
    case .merge(let range):
      key = nil
      if let node { return takeMerge(node, key: range, at: place) }
    case .refused: key = nil
    }
    return nil
  }

  private mutating func takeKey(_ node: YAMLNode?, at place: SourceRange) -> Diagnostic? {
    key = .refused
    guard let node else { return nil }
    guard case .scalar(let scalar) = node.content else {
      return Diagnostic(
        YAMLCode.nonScalarKey, "a key must be a single value, not a list or a mapping", at: place,
        help: "text that starts with `{` or `[` goes in quotes: \"{{ name }}\"")
    }
    if scalar.text == "<<", scalar.isPlain, node.tag == nil || node.tag == "tag:yaml.org,2002:merge" {
      if let merge {
        return duplicate("<<", at: place, first: merge.key, help: "merge several with one key: `<<: [*first, *second]`")
      }
      merge = (place, [])
      key = .merge(place)
    } else if let first = index(of: scalar.text) {
      return duplicate(scalar.text, at: place, first: entries[first].key.range, help: nil)
    } else {
      key = .key(Located(scalar.text, at: place))
    }
    return nil
  }

  private func duplicate(_ key: String, at place: SourceRange, first: SourceRange, help: String?) -> Diagnostic {
    Diagnostic(
      YAMLCode.duplicateKey, "the key `\(key)` is in this mapping twice", at: place,
      caption: "again here", labels: [.init(first, "first defined here")], help: help)
  }

  private mutating func takeMerge(_ node: YAMLNode, key: SourceRange, at place: SourceRange) -> Diagnostic? {
    switch node.content {
    case .mapping(let mapping): merge = (key, [mapping])
    case .sequence(let items):
      let sources = items.compactMap { item in
        if case .mapping(let mapping) = item.content { mapping } else { nil }
      }
      merge = (key, sources)
      if sources.count != items.count { return badMerge(at: place) }
    case .scalar: return badMerge(at: place)
    }
    return nil
  }

  private func badMerge(at place: SourceRange) -> Diagnostic {
    Diagnostic(
      YAMLCode.badMergeKey, "`<<` merges a mapping or a list of mappings, and this is something else", at: place,
      help: "write `<<: *name` where `&name` marks a mapping, or put \"<<\" in quotes if it is an ordinary key")
  }

  /// The mapping, merged entries after the written ones.
  consuming func finished() -> YAMLMapping {
    for source in merge?.sources ?? [] {
      for entry in source.entries where index(of: entry.key.value) == nil { append(entry) }
    }
    return YAMLMapping(entries: entries)
  }

  private mutating func append(_ entry: YAMLMapping.Entry) {
    entries.append(entry)
    if entries.count > Self.linearLimit {
      if indices.isEmpty {
        for (index, entry) in entries.enumerated() { indices[entry.key.value] = index }
      } else {
        indices[entry.key.value] = entries.count - 1
      }
    }
  }

  private func index(of key: String) -> Int? {
    if indices.isEmpty { entries.firstIndex { $0.key.value == key } } else { indices[key] }
  }
}
