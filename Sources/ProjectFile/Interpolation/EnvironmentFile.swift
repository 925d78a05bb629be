/// Reads the variables of an `.env` file (compose-go, dotenv).
///
/// A line is `KEY=value`, `KEY: value`, with `export` before it;
/// a bare `KEY` takes the process's value; `#` starts a comment, after a blank in unquoted values. Values in single
/// quotes are taken as they are; in double quotes escapes are known; both may span lines. Variables are replaced but in
/// single quotes. Lines that can't be read are passed over: they are the business of the container's own environment.
///
/// - Parameters:
///   - text: the file's text.
///   - environment: the process's variables, which win over the file's own in replacements.
/// - Returns: the variables that the file sets.
package func environmentPairs(of text: String, environment: [String: String]) -> [String: String] {
  var parser = EnvironmentParser(rest: Array(text.utf8)[...], environment: environment)
  while parser.parseLine() {}
  return parser.pairs
}

private struct EnvironmentParser {
  var rest: ArraySlice<UInt8>
  let environment: [String: String]
  var pairs: [String: String] = [:]

  /// Reads one assignment, comment or empty line; false at the end.
  mutating func parseLine() -> Bool {
    skip { $0 == 32 || $0 == 9 || $0 == 10 || $0 == 13 }
    guard let first = rest.first else { return false }
    guard first != UInt8(ascii: "#") else {
      skip { $0 != 10 }
      return true
    }
    var key = word { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ":") && $0 != 10 }
    if key.hasPrefix("export ") { key = trimmed(String(key.dropFirst(7))) }
    key = trimmed(key)
    guard rest.first == UInt8(ascii: "=") || rest.first == UInt8(ascii: ":") else {
      if let value = environment[key] { pairs[key] = value }
      return true
    }
    rest.removeFirst()
    skip { $0 == 32 || $0 == 9 }
    if let value = parseValue(), !key.isEmpty, !key.contains(" ") { pairs[key] = value }
    return true
  }

  private mutating func parseValue() -> String? {
    switch rest.first {
    case UInt8(ascii: "'"):
      rest.removeFirst()
      let value = word { $0 != UInt8(ascii: "'") }
      rest = rest.dropFirst()
      skip { $0 != 10 }
      return value
    case UInt8(ascii: "\""):
      rest.removeFirst()
      let value = doubleQuoted()
      skip { $0 != 10 }
      return replaced(value)
    default:
      let line = word { $0 != 10 }
      let value = line.commentStart.map { String(line[..<$0]) } ?? line
      return replaced(trimmed(value))
    }
  }

  private mutating func doubleQuoted() -> String {
    var bytes: [UInt8] = []
    while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
      guard byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() else {
        bytes.append(byte)
        continue
      }
      switch escaped {
      case UInt8(ascii: "n"): bytes.append(10)
      case UInt8(ascii: "r"): bytes.append(13)
      case UInt8(ascii: "t"): bytes.append(9)
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "'"): bytes.append(escaped)
      case UInt8(ascii: "$"): bytes += [UInt8(ascii: "$"), UInt8(ascii: "$")]
      default: bytes += [byte, escaped]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func replaced(_ value: String) -> String {
    var unset: [String] = []
    let known = environment.merging(pairs) { own, _ in own }
    return (try? interpolate(value, environment: known, unset: &unset)) ?? value
  }

  private mutating func skip(while condition: (UInt8) -> Bool) { rest = rest.drop(while: condition) }

  private mutating func word(while condition: (UInt8) -> Bool) -> String {
    let bytes = rest.prefix(while: condition)
    rest = rest.dropFirst(bytes.count)
    return String(decoding: bytes, as: UTF8.self)
  }
}

private func trimmed(_ text: String) -> String {
  let isBlank = { (character: Character) in character == " " || character == "\t" || character == "\r" }
  return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
}

extension String {
  /// Where a comment starts in an unquoted value: at a `#` that is first or follows a blank.
  fileprivate var commentStart: String.Index? {
    var previous: Character = " "
    for index in indices {
      if self[index] == "#", previous == " " || previous == "\t" { return index }
      previous = self[index]
    }
    return nil
  }
}
