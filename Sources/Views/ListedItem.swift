import JSONText

/// One thing that a program of iproute2 lists, told once for both of its forms, text and JSON (lib/json_print.c).
struct ListedItem {
  /// The text; whole lines.
  private(set) var text = ""
  private(set) var members: [JSONValue.Member] = []

  /// Adds what both forms say, each in its way.
  mutating func put(_ name: String, _ value: JSONValue, _ text: String) {
    put(name, value)
    self.text += text
  }

  /// Adds what both forms say in the same words, those of the text with a space behind.
  mutating func put(_ name: String, word: String) { put(name, .string(word), "\(word) ") }

  /// Adds what only the JSON says.
  mutating func put(_ name: String, _ value: JSONValue) { members.append(.init(name, value)) }

  /// Adds what only the text says.
  mutating func put(text: String) { self.text += text }
}

extension [ListedItem] {
  /// What the program prints.
  ///
  /// - Parameter isJSON: whether it was asked for JSON (`-j`).
  /// - Returns: the lines, each ended.
  func printed(isJSON: Bool) -> String {
    isJSON ? JSONValue.array(map { .object($0.members) }).compact + "\n" : map(\.text).joined()
  }
}
