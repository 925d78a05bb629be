import FoundationEssentials
import ProjectFile

/// The JSON Schema (2020-12) of the file, made from the tables that read it: usable as it is in editors, through
/// yaml-language-server.
///
/// - Returns: the schema as JSON, keys sorted.
/// - Throws: `EncodingError`; no table leads to one.
func fileSchema() throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(SchemaWriter(tables: TableDescription.all).schema), as: UTF8.self) + "\n"
}

/// A part of a schema, as JSON; its keys are sorted when it is written.
private enum SchemaValue: Encodable {
  case text(String)
  case number(Int)
  case boolean(Bool)
  case list([SchemaValue])
  case object([String: SchemaValue])

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .boolean(let value): try container.encode(value)
    case .list(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }
}

/// Makes the schema: a definition for each table.
private struct SchemaWriter {
  let tables: [TableDescription]

  var schema: SchemaValue {
    var definitions: [String: SchemaValue] = [:]
    for table in tables {
      let object = schema(of: table, isInner: false)
      definitions[identifier(table.name)] = object
      if table.takesExtensions { definitions[identifier(table.name) + "-extension"] = schema(of: table, isInner: true) }
    }
    return .object([
      "$schema": .text("https://json-schema.org/draft/2020-12/schema"),
      "title": .text("Netwright"),
      "description": .text(
        "A network to be compiled by Netwright: a compose file, or one with routers, links and more."),
      "$ref": .text("#/$defs/\(identifier(tables.first?.name ?? ""))"),
      "$defs": .object(definitions),
    ])
  }

  private func identifier(_ name: String) -> String {
    name.replacing(" ", with: "-").replacing("'", with: "")
  }

  /// The schema of a mapping.
  ///
  /// Null stands for an empty one. As `x-netwright` it may lack what the mapping around it has.
  private func schema(of table: TableDescription, isInner: Bool) -> SchemaValue {
    var properties: [String: SchemaValue] = [:]
    for key in table.keys where !isRefused(key.standing) {
      properties[key.name] = described(schema(of: key.shape), key.summary)
    }
    var object: [String: SchemaValue] = [
      "type": .list([.text("object"), .text("null")]),
      "description": .text(table.summary),
      "properties": .object(properties),
      "additionalProperties": .boolean(takesAnyKey(table)),
    ]
    if table.takesExtensions, !isInner {
      properties["x-netwright"] = .object(["$ref": .text("#/$defs/\(identifier(table.name))-extension")])
      object["properties"] = .object(properties)
      object["patternProperties"] = .object(["^x-(?!netwright$)": .boolean(true)])
    }
    // A key that is required may stand under x-netwright instead, where the mapping has that.
    let required = table.keys.filter(\.isRequired).map { SchemaValue.text($0.name) }
    if !required.isEmpty, !isInner, !table.takesExtensions { object["required"] = .list(required) }
    return .object(object)
  }

  /// Docker ignores driver options that it doesn't know.
  private func takesAnyKey(_ table: TableDescription) -> Bool { table.name == "driver options" }

  private func isRefused(_ standing: KeyStanding) -> Bool {
    switch standing {
    case .misplaced: true
    case .compose, .netwright, .ignored: false
    }
  }

  private func described(_ value: SchemaValue, _ summary: String) -> SchemaValue {
    guard case .object(var object) = value else { return .object(["description": .text(summary)]) }
    object["description"] = .text(summary)
    return .object(object)
  }

  /// The schema of a value.
  ///
  /// Where text is read as a number or a boolean, so is a variable: `${PORT}`.
  private func schema(of shape: ValueShape) -> SchemaValue {
    switch shape {
    case .text(_, let pattern):
      var object: [String: SchemaValue] = ["type": .list([.text("string"), .text("number"), .text("boolean")])]
      if let pattern { object["pattern"] = .text("\(pattern)|\\$") }
      return .object(object)
    case .quantity(_, let pattern):
      return .object(["type": .text("string"), "pattern": .text("\(pattern)|\\$")])
    case .integer(let bounds):
      let number = SchemaValue.object([
        "type": .text("integer"), "minimum": .number(bounds.lowerBound), "maximum": .number(bounds.upperBound),
      ])
      return either([number, .object(["type": .text("string"), "pattern": .text(#"^-?[0-9]+$|\$"#)])])
    case .boolean:
      return either([
        .object(["type": .text("boolean")]),
        .object([
          "type": .text("string"),
          "pattern": .text(#"^([Tt]rue|TRUE|[Ff]alse|FALSE|[Yy]es|[Nn]o|[Oo]n|[Oo]ff|y|n|0|1)$|\$"#),
        ]),
      ])
    case .choice(let words):
      return either([
        .object(["enum": .list(words.map(SchemaValue.text))]),
        .object(["type": .text("string"), "pattern": .text(#"\$"#)]),
      ])
    case .list(let item): return .object(["type": .list([.text("array"), .text("null")]), "items": schema(of: item)])
    case .map(let value):
      return .object(["type": .list([.text("object"), .text("null")]), "additionalProperties": schema(of: value)])
    case .mapping(let name):
      return tables.contains { $0.name == name }
        ? .object(["$ref": .text("#/$defs/\(identifier(name))")]) : .object(["type": .text("object")])
    case .either(let shapes): return either(shapes.map(schema(of:)))
    case .null: return .object(["type": .text("null")])
    case .anything: return .object([:])
    }
  }

  private func either(_ values: [SchemaValue]) -> SchemaValue { .object(["anyOf": .list(values)]) }
}
