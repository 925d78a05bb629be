import Diagnostics
import YAMLTree

// The wording of what can be wrong with keys and with the types of values.
extension Diagnostic {
  static func unknownKey(
    _ key: Located<String>, in table: TableDescription, isService: Bool = false
  ) -> Diagnostic {
    if isService, table.name == KeyTable<ProjectFile>.root.name {
      return Diagnostic(
        FileCode.unknownKey, "the service `\(key.value)` stands at the top of the file", at: key.range,
        help: "put it under `services:`; only a file without any other key, version 1, has its services here")
    }
    let names = table.keys.lazy.map(\.name)
    func meant(_ name: String) -> String { "did you mean `\(name)`?" }
    // A letter or two off is a slip; a key of another mapping stands in the wrong place; beyond that it is a guess.
    let help =
      suggestion(for: key.value, among: names, within: 2).map(meant) ?? belonging(of: key.value)
      ?? suggestion(for: key.value, among: names).map(meant)
      ?? (table.takesExtensions
        ? "what is only for people or other tools can stand under a key that starts with `x-`"
        : "it takes \(table.keys.map { "`\($0.name)`" }.joined(separator: ", "))")
    return Diagnostic(
      FileCode.unknownKey, "`\(key.value)` is no key of \(withArticle(table.name))", at: key.range,
      caption: "unknown here", help: help)
  }

  /// Which mappings have a key, where they are few enough to tell.
  private static func belonging(of key: String) -> String? {
    let names = TableDescription.all.filter { table in
      table.keys.contains { $0.name == key && $0.standing != .misplaced }
    }.map { withArticle($0.name) }
    guard let last = names.last, names.count <= 3 else { return nil }
    let list = names.count == 1 ? last : "\(names.dropLast().joined(separator: ", ")) or \(last)"
    return "`\(key)` is a key of \(list)"
  }

  /// A mapping's name after `a` or `an`, or after nothing where it is several.
  private static func withArticle(_ name: String) -> String {
    name.hasSuffix("s") ? name : "aeiou".contains(name.prefix(1)) ? "an \(name)" : "a \(name)"
  }

  static func missingKey(_ key: String, in table: String, _ range: SourceRange) -> Diagnostic {
    Diagnostic(
      FileCode.missingKey, "\(withArticle(table)) needs `\(key)`", at: range, help: "add `\(key): …`")
  }

  static func conflictingKeys(_ inner: Located<String>, _ outer: Located<String>) -> Diagnostic {
    Diagnostic(
      FileCode.conflictingKeys, "`\(inner.value)` stands both under x-netwright and beside it", at: inner.range,
      labels: [Label(outer.range, "here too")], help: "keep one of them")
  }

  static func wrongType(_ node: YAMLNode, expected: String, of name: String?) -> Diagnostic {
    let found =
      switch node.content {
      case .mapping: "a mapping"
      case .sequence: "a list"
      case .scalar(let scalar): node.isNull ? "nothing" : "`\(scalar.text.prefix(40))`"
      }
    let subject = name.map { " for \(withArticle($0))" } ?? ""
    return Diagnostic(FileCode.wrongType, "expected \(expected)\(subject), found \(found)", at: node.range)
  }

  static func missingValue(_ key: Located<String>) -> Diagnostic {
    Diagnostic(
      FileCode.wrongType, "`\(key.value)` has no value", at: key.range, help: "give it one, or take the key out")
  }

  static func invalidValue(_ message: String, at range: SourceRange, help: String? = nil) -> Diagnostic {
    Diagnostic(FileCode.invalidValue, message, at: range, help: help)
  }

  static func repeatedItem(_ name: String, at range: SourceRange, first: SourceRange) -> Diagnostic {
    Diagnostic(
      FileCode.repeatedItem, "`\(name)` is listed twice", at: range, labels: [Label(first, "first here")],
      help: "take one of them out")
  }

  static func unsetVariable(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      FileCode.unsetVariable, "the variable \(name) isn't set, and stands for nothing", at: range,
      help: "set it in the environment or in .env, or give a default: ${\(name):-…}")
  }

  static func malformedInterpolation(_ error: InterpolationError, at range: SourceRange) -> Diagnostic {
    switch error {
    case .malformed(let part):
      Diagnostic(
        FileCode.malformedInterpolation, "`\(part)` is no variable", at: range,
        help: "write $$ for a dollar sign, $NAME or ${NAME} for a variable")
    case .required(let name, let message):
      Diagnostic(
        FileCode.malformedInterpolation,
        "the variable \(name) is required and isn't set\(message.isEmpty ? "" : ": \(message)")", at: range,
        help: "set it in the environment or in .env")
    case .tooDeep:
      Diagnostic(
        FileCode.malformedInterpolation, "variables stand in each other's words more than \(maximumNesting) deep",
        at: range, help: "set one of them in .env")
    }
  }
}
