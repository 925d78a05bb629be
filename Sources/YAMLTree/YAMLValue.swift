/// A value to be written as YAML: no places, no anchors, no comments.
package enum YAMLValue: Sendable, Hashable {
  /// A scalar that is written plain: a number, a boolean, null.
  case plain(String)
  /// A text, quoted where a reader would see something else in it.
  case text(String)
  /// A list; in flow style on one line, else one item a line.
  case list([YAMLValue], isFlow: Bool = false)
  /// Keys and values in order; in flow style on one line, else one key a line.
  case map([Entry], isFlow: Bool = false)

  /// A key and its value.
  package struct Entry: Sendable, Hashable {
    /// The key.
    package var key: String
    /// The value.
    package var value: YAMLValue

    /// Creates an entry.
    package init(_ key: String, _ value: YAMLValue) {
      self.key = key
      self.value = value
    }
  }
}

extension YAMLValue {
  /// Whether a text can be written plain, so that readers of YAML 1.1 and 1.2 alike see the text.
  static func isSafePlain(_ text: String) -> Bool {
    let scalar = YAMLScalar(text: text, isPlain: true)
    guard case .string = CoreValue(plain: text) else { return false }
    return yaml11Reading(scalar) == nil
  }
}
