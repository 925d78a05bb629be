package import Diagnostics

/// A node of a YAML document's tree, with the place it was written at.
///
/// An alias is replaced by what its anchor names, keeping the ranges of the anchored text; merge keys are merged.
package struct YAMLNode: Sendable {
  /// What a node holds.
  package enum Content: Sendable {
    /// A single value.
    case scalar(YAMLScalar)
    /// A list.
    case sequence([YAMLNode])
    /// Keys and values.
    case mapping(YAMLMapping)
  }

  /// What it holds.
  package var content: Content
  /// The text of the node, without comments around it.
  package var range: SourceRange
  /// The explicit tag, resolved: `tag:yaml.org,2002:str`, `!reset`; nil where none was written.
  package var tag: String?
  /// How many nodes the tree below and including this one has, aliases counted as often as they are used.
  package var size: Int

  /// Creates a node.
  package init(content: Content, range: SourceRange, tag: String? = nil, size: Int = 1) {
    self.content = content
    self.range = range
    self.tag = tag
    self.size = size
  }
}

/// A scalar: its text and how it was written.
package struct YAMLScalar: Sendable, Hashable {
  /// The text, escapes and folding resolved.
  package var text: String
  /// Whether it was written plain, so that its text may mean a number, a boolean or null (YAML 1.2 §10.3.2).
  package var isPlain: Bool

  /// Creates a scalar.
  package init(text: String, isPlain: Bool) {
    self.text = text
    self.isPlain = isPlain
  }
}

/// A mapping with scalar keys, each at most once, in the order written; merged keys (`<<`) come after the written ones.
package struct YAMLMapping: Sendable {
  /// A key and its value.
  package struct Entry: Sendable {
    /// The key's text.
    package var key: Located<String>
    /// The value.
    package var value: YAMLNode

    /// Creates an entry.
    package init(key: Located<String>, value: YAMLNode) {
      self.key = key
      self.value = value
    }
  }

  /// The entries, keys unique.
  package var entries: [Entry]

  /// Creates a mapping; keys must be unique.
  package init(entries: [Entry]) { self.entries = entries }

  /// The value of a key.
  ///
  /// - Complexity: O(number of entries)
  package subscript(key: String) -> YAMLNode? { entries.first { $0.key.value == key }?.value }
}

/// What a plain scalar means under the YAML 1.2 core schema (YAML 1.2 §10.3.2).
package enum CoreValue: Sendable, Hashable {
  /// `null`, `~` or nothing.
  case null
  /// `true`, `false` and their capitalised forms.
  case boolean(Bool)
  /// Decimal, `0o` octal or `0x` hexadecimal, within 64 bits.
  case integer(Int)
  /// A floating-point number, an integer beyond 64 bits included.
  case float(Double)
  /// Anything else, and everything quoted.
  case string(String)
}
