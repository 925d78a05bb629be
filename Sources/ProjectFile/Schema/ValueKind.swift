import Diagnostics
import YAMLTree

/// A kind of single value: its shape, and how a node becomes one; nil where it can't, which has then been reported.
struct ValueKind<Value>: Sendable {
  let shape: ValueShape
  let read: @Sendable (YAMLNode, inout Reader) -> Located<Value>?

  init(_ shape: ValueShape, read: @escaping @Sendable (YAMLNode, inout Reader) -> Located<Value>?) {
    self.shape = shape
    self.read = read
  }

  /// A kind that is made of a scalar's text.
  ///
  /// - Parameters:
  ///   - shape: the shape.
  ///   - expected: what to say is expected where there is no scalar: `an IP address`.
  ///   - parse: makes the value of the text, or the finding.
  init(
    _ shape: ValueShape, expected: String,
    parse: @escaping @Sendable (String, SourceRange, inout Reader) -> Value?
  ) {
    self.shape = shape
    read = { node, reader in
      guard let text = reader.text(node, expected: expected) else { return nil }
      return parse(text.value, text.range, &reader).map { Located($0, at: text.range) }
    }
  }
}

extension ValueKind where Value == String {
  /// Any text, a number's included.
  static var text: Self { Self(.text("text"), expected: "text") { text, _, _ in text } }

  /// The value of a kernel parameter: printable, on one line.
  static var sysctlValue: Self {
    Self(.text("text"), expected: "a value") { text, range, reader in reader.sysctlValue(text, at: range) }
  }

  /// A word for resolv.conf: printable, without blanks.
  static var resolverWord: Self {
    Self(.text("word", pattern: #"^\S+$"#), expected: "a word") { text, range, reader in
      guard !text.isEmpty, text.unicodeScalars.allSatisfy({ (0x21...0x7e).contains($0.value) }) else {
        reader.report(.invalidValue("`\(text)` can't stand in resolv.conf: one word of printable ASCII can", at: range))
        return nil
      }
      return text
    }
  }

  /// The name of a project, in the form that compose makes of it; nothing where nothing is left of it.
  static var projectName: Self {
    Self(.text("project name"), expected: "a name") { text, _, _ in
      let name = normalizedProjectName(text)
      return name.isEmpty ? nil : name
    }
  }

  /// The word before the names of namespaces and devices.
  static var prefix: Self {
    Self(.text("word", pattern: "^[a-z0-9][a-z0-9_-]*$"), expected: "a word") { text, range, reader in
      guard isNamePrefix(text) else {
        reader.report(
          .invalidValue(
            "`\(text)` can't start the names of devices", at: range,
            help: "use a few lower-case letters, digits, `-` and `_`"))
        return nil
      }
      return text
    }
  }
}

extension ValueKind where Value == Bool {
  /// `true` or `false`, also in quotes, and as YAML 1.1 writes them, as compose casts them.
  static var boolean: Self {
    Self(.boolean, expected: "true or false") { text, range, reader in
      if let truth = truth(of: text) { return truth }
      reader.report(.invalidValue("expected true or false, found `\(text)`", at: range))
      return nil
    }
  }

  /// What a text says; nil where it is no boolean.
  static func truth(of text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "yes", "y", "on", "1": true
    case "false", "no", "n", "off", "0": false
    default: nil
    }
  }
}

extension ValueKind where Value: FixedWidthInteger & Sendable {
  /// A whole number within bounds.
  static func integer(_ bounds: ClosedRange<Int>) -> Self {
    Self(.integer(bounds), expected: "a whole number") { text, range, reader in
      guard case .integer(let number) = CoreValue(plain: text) else {
        reader.report(.invalidValue("expected a whole number, found `\(text)`", at: range))
        return nil
      }
      guard bounds.contains(number), let value = Value(exactly: number) else {
        let limits =
          bounds.upperBound == Int.max
          ? "at least \(bounds.lowerBound)" : "\(bounds.lowerBound) to \(bounds.upperBound)"
        reader.report(.invalidValue("\(number) is out of bounds: \(limits)", at: range))
        return nil
      }
      return value
    }
  }
}

extension ValueKind where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
  /// One of an enumeration's words.
  static var choice: Self { choice(.choice(Value.allCases.map(\.rawValue))) { $0 } }

  /// One of an enumeration's words, as it is written in another form.
  ///
  /// - Parameters:
  ///   - shape: the forms, for the schema.
  ///   - word: what a text says: the word that it stands for, if it stands for one.
  /// - Returns: the kind.
  static func choice(_ shape: ValueShape, word: @escaping @Sendable (String) -> String) -> Self {
    let words = Value.allCases.map(\.rawValue)
    return Self(shape, expected: "one of \(words.joined(separator: ", "))") { text, range, reader in
      if let value = Value(rawValue: word(text)) { return value }
      let near = suggestion(for: word(text), among: words)
      reader.report(
        .invalidValue(
          "`\(text)` is none of \(words.joined(separator: ", "))", at: range, help: near.map { "did you mean `\($0)`?" }
        ))
      return nil
    }
  }
}
