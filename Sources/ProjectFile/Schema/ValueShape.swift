/// The shape of a value, enough to describe it in a JSON Schema and in the reference.
package indirect enum ValueShape: Sendable {
  /// A text in a form that a regular expression (ECMA 262) describes where there is one.
  case text(String, pattern: String? = nil)
  /// A number with its unit, which is text even where the unit is left out.
  case quantity(String, pattern: String)
  /// A whole number within bounds.
  case integer(ClosedRange<Int>)
  /// `true` or `false`, also in quotes, as compose casts them.
  case boolean
  /// One of some words.
  case choice([String])
  /// A list.
  case list(ValueShape)
  /// A mapping with free keys.
  case map(ValueShape)
  /// A mapping with the keys of a table, by the table's name.
  case mapping(String)
  /// One of several shapes.
  case either([ValueShape])
  /// Nothing after the key.
  case null
  /// Anything: it isn't looked at.
  case anything
}

/// Who knows a key, and what it does.
package enum KeyStanding: Sendable {
  /// A key of compose that is honoured.
  case compose
  /// A key of Netwright's own.
  case netwright
  /// A key of compose that has nothing to do with networks.
  case ignored
  /// A key that people write here and that belongs elsewhere: its reader says where.
  case misplaced
}

/// A key as the schema and the reference describe it.
package struct KeyDescription: Sendable {
  /// The key.
  package let name: String
  /// The shape of its value.
  package let shape: ValueShape
  /// What it means, in a sentence.
  package let summary: String
  /// Who knows it.
  package let standing: KeyStanding
  /// Whether the mapping can't do without it.
  package let isRequired: Bool
}

/// A mapping as the schema and the reference describe it.
package struct TableDescription: Sendable {
  /// The name of the mapping: `service`, `network`.
  package let name: String
  /// What it is, in a sentence.
  package let summary: String
  /// Whether keys that start with `x-` are allowed, and `x-netwright` is merged.
  package let takesExtensions: Bool
  /// The keys.
  package let keys: [KeyDescription]
}
