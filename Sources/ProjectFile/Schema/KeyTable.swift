import Diagnostics
import YAMLTree

/// A row of a table: a key, what its value is, what it means, and how it is read.
struct Key<Target>: Sendable {
  let name: String
  let shape: ValueShape
  let summary: String
  var standing = KeyStanding.compose
  var isRequired = false
  let read: @Sendable (inout Target, YAMLMapping.Entry, inout Reader) -> Void

  /// Whether the key may stand without a value: compose's can't but for a few (compose-spec.json), ours can.
  ///
  /// An unquoted `null` is the driver `null` to those who write it.
  let takesNull: Bool

  /// A key that is read in a way of its own.
  init(
    _ name: String, _ shape: ValueShape, _ summary: String, _ standing: KeyStanding = .compose, required: Bool = false,
    read: @escaping @Sendable (inout Target, YAMLMapping.Entry, inout Reader) -> Void
  ) {
    self.name = name
    self.shape = shape
    self.summary = summary
    self.standing = standing
    isRequired = required
    self.read = read
    takesNull =
      switch standing {
      case .compose, .ignored: ["command", "entrypoint", "deploy", "develop", "driver"].contains(name)
      case .netwright, .misplaced: true
      }
  }

  /// A key with a single value, which is set.
  ///
  /// An empty text, which a variable may stand for, is to compose as if the key weren't there.
  init<Value>(
    _ name: String, _ kind: ValueKind<Value>, _ summary: String, _ standing: KeyStanding = .compose,
    required: Bool = false, set: @escaping @Sendable (inout Target, Located<Value>) -> Void
  ) {
    let isOptionalText = if case .text = kind.shape { standing == .compose && !required } else { false }
    self.init(name, kind.shape, summary, standing, required: required) { target, entry, reader in
      if isOptionalText, reader.isEmptyText(entry.value) { return }
      if let value = kind.read(entry.value, &reader) { set(&target, value) }
    }
  }

  /// A key with a list of values, which are added; empty texts are left out, as a variable may stand for one.
  init<Value>(
    list name: String, _ kind: ValueKind<Value>, _ summary: String, _ standing: KeyStanding = .compose,
    add: @escaping @Sendable (inout Target, Located<Value>) -> Void
  ) {
    self.init(name, .list(kind.shape), summary, standing) { target, entry, reader in
      for item in reader.list(entry.value) where !reader.isEmptyText(item) {
        if let value = kind.read(item, &reader) { add(&target, value) }
      }
    }
  }

  /// A key with one value or a list of values, which are added; empty texts are left out, as a variable may stand for
  /// one.
  init<Value>(
    oneOrMore name: String, _ kind: ValueKind<Value>, _ summary: String, _ standing: KeyStanding = .compose,
    required: Bool = false, add: @escaping @Sendable (inout Target, Located<Value>) -> Void
  ) {
    self.init(name, .either([kind.shape, .list(kind.shape)]), summary, standing, required: required) {
      target, entry, reader in
      for item in reader.oneOrMore(entry.value) where !reader.isEmptyText(item) {
        if let value = kind.read(item, &reader) { add(&target, value) }
      }
    }
  }
}

/// The keys of a mapping: what reads it, what suggests a key for a misspelt one, and what the schema is made of.
struct KeyTable<Target>: Sendable {
  /// The name of the mapping.
  let name: String
  /// What it is, in a sentence.
  let summary: String
  /// Whether keys that start with `x-` are allowed, and `x-netwright` is merged.
  let takesExtensions: Bool
  /// The rows.
  let keys: [Key<Target>]
  /// The names of those that the mapping can't do without.
  let required: [String]
  private let indices: [String: Int]

  init(
    _ name: String, _ summary: String, takesExtensions: Bool = false, ignoring ignored: [String] = [],
    _ keys: [Key<Target>]
  ) {
    self.name = name
    self.summary = summary
    self.takesExtensions = takesExtensions
    self.keys =
      keys
      + ignored.map { name in
        Key(name, .anything, "Nothing to do with networks: not looked at.", .ignored) { _, _, _ in }
      }
    required = self.keys.filter(\.isRequired).map(\.name)
    indices = Dictionary(uniqueKeysWithValues: self.keys.enumerated().map { ($1.name, $0) })
  }

  /// Where a key's row is: a mapping of thousands of keys is read without a copy of a row for each.
  func index(of name: String) -> Int? { indices[name] }

  /// A key's row.
  subscript(name: String) -> Key<Target>? { indices[name].map { keys[$0] } }

  /// The table without its readers.
  var description: TableDescription {
    TableDescription(
      name: name, summary: summary, takesExtensions: takesExtensions,
      keys: keys.map {
        KeyDescription(
          name: $0.name, shape: $0.shape, summary: $0.summary, standing: $0.standing, isRequired: $0.isRequired)
      })
  }
}
