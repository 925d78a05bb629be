package import Diagnostics

/// Reads the variables of an `.env` file (compose-go, dotenv/parser.go).
///
/// A line is `KEY=value` or `KEY: value`, with `export` before it or not; a bare `KEY` takes the value that is known
/// already. A line that starts with `#` is a comment, and so is ` #` and what follows in a value without quotes. Values
/// in single quotes are taken as they are; in double quotes escapes are known; both may span lines. Variables are
/// replaced but in single quotes.
///
/// - Parameters:
///   - text: the file.
///   - id: the file's identifier, for the findings.
///   - environment: the variables that are known already, which win over the file's own in replacements.
/// - Returns: the variables that the file sets, and what can't be read: the line is left out, and what follows a quote
///   that isn't closed.
package func environmentPairs(
  of text: SourceText, id: SourceID, environment: [String: String]
) -> (pairs: [String: String], diagnostics: [Diagnostic]) {
  var parser = EnvironmentParser(bytes: text.bytes, environment: environment)
  var errors: [EnvironmentFileError] = []
  while !parser.isAtEnd {
    do throws(EnvironmentFileError) {
      try parser.parseStatement()
    } catch {
      errors.append(error)
      parser.skipLine()
    }
  }
  guard !errors.isEmpty else { return (parser.pairs, []) }
  let table = LineTable(text)
  let diagnostics = errors.map { error in
    let place = SourceRange(
      source: id, start: table.position(ofByte: error.start), end: table.position(ofByte: error.end))
    return Diagnostic(FileCode.malformedEnvironmentFile, error.message, at: place, help: error.help)
  }
  return (parser.pairs, diagnostics)
}

/// What is wrong with a line of an environment file, and the bytes it concerns.
private struct EnvironmentFileError: Error {
  var message: String
  var help: String
  var start: Int
  var end: Int
}

private struct EnvironmentParser {
  let bytes: [UInt8]
  let environment: [String: String]
  private(set) var pairs: [String: String] = [:]
  /// What variables stand for: the file's own so far, under those of the environment.
  private var known: [String: String]
  private var index = 0

  init(bytes: [UInt8], environment: [String: String]) {
    self.bytes = bytes
    self.environment = environment
    known = environment
  }

  /// Whether all has been read.
  var isAtEnd: Bool { index == bytes.count }

  /// Goes on with the next line.
  mutating func skipLine() { skip { $0 != 10 } }

  /// Reads an assignment or a comment, and the empty lines before it.
  mutating func parseStatement() throws(EnvironmentFileError) {
    skip { isBlank($0) || $0 == 10 }
    guard !isAtEnd else { return }
    guard bytes[index] != UInt8(ascii: "#") else { return skipLine() }
    skipExport()
    let start = index
    skip { isKeyByte($0) || isBlank($0) }
    guard isAtEnd || [UInt8(ascii: "="), UInt8(ascii: ":"), 10].contains(bytes[index]) else {
      throw keyError(start, index + 1)
    }
    let key = trimmed(start..<index)
    guard !key.utf8.contains(where: isBlank) else { throw keyError(start, index) }
    guard !isAtEnd, bytes[index] != 10 else {
      pairs[key] = environment[key] ?? pairs[key]
      return
    }
    index += 1
    skip(while: isBlank)
    let value = try parseValue()
    pairs[key] = value
    if environment[key] == nil { known[key] = value }
  }

  private mutating func skipExport() {
    let word = Array("export".utf8)
    guard bytes[index...].starts(with: word), index + word.count < bytes.count, isBlank(bytes[index + word.count])
    else { return }
    index += word.count
    skip(while: isBlank)
  }

  private mutating func parseValue() throws(EnvironmentFileError) -> String {
    let start = index
    guard index < bytes.count, bytes[index] == UInt8(ascii: "'") || bytes[index] == UInt8(ascii: "\"") else {
      skip { $0 != 10 }
      let line = Array(bytes[start..<index])
      let end = line.indices.first { line[$0] == UInt8(ascii: "#") && $0 > 0 && line[$0 - 1] == 32 } ?? line.count
      return try replaced(trimmed(start..<(start + end)), start, index)
    }
    let quote = bytes[index]
    let value = try quoted(quote)
    return quote == UInt8(ascii: "'") ? value : try replaced(expandingEscapes(of: value), start, index)
  }

  /// The text between two quotes; a backslash before a quote keeps it from ending the text.
  private mutating func quoted(_ quote: UInt8) throws(EnvironmentFileError) -> String {
    let start = index
    index += 1
    var value: [UInt8] = []
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == quote { return String(decoding: value, as: UTF8.self) }
      if byte == UInt8(ascii: "\\"), index < bytes.count {
        if bytes[index] != quote { value.append(byte) }
        value.append(bytes[index])
        index += 1
      } else {
        value.append(byte)
      }
    }
    throw EnvironmentFileError(
      message: "the value has no closing quote", help: "end it with \(Character(UnicodeScalar(quote)))", start: start,
      end: bytes[start...].firstIndex(of: 10) ?? bytes.count)
  }

  private func replaced(_ value: String, _ start: Int, _ end: Int) throws(EnvironmentFileError) -> String {
    do throws(InterpolationError) {
      var unset: [String] = []
      return try interpolate(value, environment: known, unset: &unset)
    } catch {
      throw EnvironmentFileError(
        message: "the variables in this value can't be replaced",
        help: "write $$ for a dollar sign, or put the value in single quotes", start: start, end: end)
    }
  }

  private func keyError(_ start: Int, _ end: Int) -> EnvironmentFileError {
    EnvironmentFileError(
      message: "a variable's name has letters, digits, `_`, `.` and `-` only",
      help: "write NAME=value, or # for a comment",
      start: start, end: max(end, start + 1))
  }

  private mutating func skip(while condition: (UInt8) -> Bool) {
    while index < bytes.count, condition(bytes[index]) { index += 1 }
  }

  private func trimmed(_ range: Range<Int>) -> String {
    let text = bytes[range].drop(while: isBlank)
    let end = text.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? text.startIndex
    return String(decoding: text[..<end], as: UTF8.self)
  }
}

private func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) && byte != 10 }

/// Whether a byte may be in a variable's name; letters beyond ASCII are.
private func isKeyByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "a")...UInt8(ascii: "z"), 0x80...:
    true
  default: "_.-[]".utf8.contains(byte)
  }
}

/// The text with its escapes replaced.
///
/// They are those of Go's strings that compose knows, `\0` before up to three octal digits, and `\$` as the `$$` of
/// interpolation. Others stay as they are.
private func expandingEscapes(of text: String) -> String {
  var result: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() else {
      result.append(byte)
      continue
    }
    switch escaped {
    case UInt8(ascii: "a"): result.append(7)
    case UInt8(ascii: "b"): result.append(8)
    case UInt8(ascii: "f"): result.append(12)
    case UInt8(ascii: "n"): result.append(10)
    case UInt8(ascii: "r"): result.append(13)
    case UInt8(ascii: "t"): result.append(9)
    case UInt8(ascii: "v"): result.append(11)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): result.append(escaped)
    case UInt8(ascii: "$"): result += [escaped, escaped]
    case UInt8(ascii: "0"):
      let digits = rest.prefix(3).prefix { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }
      if digits.count == 3, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8) {
        result += String(UnicodeScalar(value)).utf8
        rest = rest.dropFirst(3)
      } else {
        result += [byte, escaped]
      }
    default: result += [byte, escaped]
    }
  }
  return String(decoding: result, as: UTF8.self)
}
