/// Why variables can't be replaced.
enum InterpolationError: Error, Hashable {
  /// A `${` that starts no variable, with what follows.
  case malformed(String)
  /// A variable that `?` requires, with the message that the file gives.
  case required(name: String, message: String)
  /// Variables stand in each other's words deeper than `maximumNesting`.
  case tooDeep
}

/// How deep a variable may stand in the words of others; what people write has one or two.
let maximumNesting = 100

/// Replaces the variables of a text as compose does.
///
/// Known are (compose-go, template/template.go; compose-spec, 12-interpolation.md) `$NAME`, `${NAME}`, and
/// `${NAME<op>word}` with the operators `:-`, `-`, `:?`, `?`, `:+`, `+`; `$$` is a dollar sign. The word is itself
/// replaced. A `$` before anything else, as in `$5`, stands for itself.
///
/// - Parameters:
///   - text: the text.
///   - environment: the variables.
///   - unset: gets the names of the variables that stand for nothing because they aren't set.
/// - Returns: the text with the values in it.
/// - Throws: `InterpolationError`.
func interpolate(
  _ text: String, environment: [String: String], unset: inout [String]
) throws(InterpolationError) -> String {
  try replaced(text, environment, &unset, depth: 0)
}

private func replaced(
  _ text: String, _ environment: [String: String], _ unset: inout [String], depth: Int
) throws(InterpolationError) -> String {
  guard depth <= maximumNesting else { throw .tooDeep }
  var result: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let byte = rest.popFirst() {
    guard byte == UInt8(ascii: "$") else {
      result.append(byte)
      continue
    }
    switch rest.first {
    case UInt8(ascii: "$"):
      rest.removeFirst()
      result.append(byte)
    case UInt8(ascii: "{"):
      guard let end = closingBrace(of: rest) else { throw .malformed(clipped("$", rest)) }
      let inside = rest[(rest.startIndex + 1)..<end]
      result += try expanded(inside, environment, &unset, depth).utf8
      rest = rest[(end + 1)...]
    default:
      let name = rest.prefix(while: isNameByte)
      guard let first = name.first, !isDigit(first) else {
        result.append(byte)
        continue
      }
      result += value(of: String(decoding: name, as: UTF8.self), environment, &unset).utf8
      rest = rest.dropFirst(name.count)
    }
  }
  return String(decoding: result, as: UTF8.self)
}

/// The value of what stands between braces.
private func expanded(
  _ inside: ArraySlice<UInt8>, _ environment: [String: String], _ unset: inout [String], _ depth: Int
) throws(InterpolationError) -> String {
  let nameBytes = inside.prefix(while: isNameByte)
  let name = String(decoding: nameBytes, as: UTF8.self)
  guard let first = nameBytes.first, !isDigit(first) else { throw .malformed(clipped("${", inside) + "}") }
  var rest = inside.dropFirst(nameBytes.count)
  guard !rest.isEmpty else { return value(of: name, environment, &unset) }
  let countsEmpty = rest.first == UInt8(ascii: ":")
  if countsEmpty { rest = rest.dropFirst() }
  guard let operation = rest.popFirst() else { throw .malformed(clipped("${", inside) + "}") }
  let value = environment[name]
  let isMissing = value == nil || (countsEmpty && value == "")
  let word = String(decoding: rest, as: UTF8.self)
  switch operation {
  case UInt8(ascii: "-"):
    return isMissing ? try replaced(word, environment, &unset, depth: depth + 1) : value ?? ""
  case UInt8(ascii: "+"):
    return isMissing ? "" : try replaced(word, environment, &unset, depth: depth + 1)
  case UInt8(ascii: "?"):
    guard isMissing else { return value ?? "" }
    throw .required(name: name, message: try replaced(word, environment, &unset, depth: depth + 1))
  default: throw .malformed(clipped("${", inside) + "}")
  }
}

private func value(of name: String, _ environment: [String: String], _ unset: inout [String]) -> String {
  if let value = environment[name] { return value }
  if !unset.contains(name) { unset.append(name) }
  return ""
}

/// Where the brace ends that a text starts with.
///
/// Braces inside it are counted in pairs, those of variables and others: `${JSON:-{"a": {}}}`. Where they don't pair,
/// the last brace of the text is meant.
private func closingBrace(of text: ArraySlice<UInt8>) -> Int? {
  var depth = 0
  for (index, byte) in zip(text.indices, text) {
    if byte == UInt8(ascii: "{") { depth += 1 }
    if byte == UInt8(ascii: "}") { depth -= 1 }
    if depth == 0 { return index }
  }
  return text.lastIndex(of: UInt8(ascii: "}"))
}

private func clipped(_ start: String, _ rest: ArraySlice<UInt8>) -> String {
  start + String(String(decoding: rest, as: UTF8.self).prefix(30))
}

private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

private func isNameByte(_ byte: UInt8) -> Bool {
  isDigit(byte) || byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
}
