import FoundationEssentials

extension Step: Codable {
  private enum Key: String, CodingKey { case origin }

  /// Decodes an operation with its origin beside it.
  package init(from decoder: any Decoder) throws {
    operation = try Operation(from: decoder)
    origin = try decoder.container(keyedBy: Key.self).decode(Origin.self, forKey: .origin)
  }

  /// Encodes the operation with its origin beside it.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(origin, forKey: .origin)
    try operation.encode(to: encoder)
  }
}

extension Plan: Codable {
  /// The version of the JSON form; a reader refuses any other.
  static let formatVersion = 1

  private enum Key: String, CodingKey { case version, instance, steps }

  /// Decodes a plan of this version.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let version = try container.decode(Int.self, forKey: .version)
    guard version == Self.formatVersion else {
      throw DecodingError.dataCorruptedError(
        forKey: .version, in: container,
        debugDescription: "a plan of version \(version); this program reads version \(Self.formatVersion)")
    }
    instance = try container.decode(InstanceName.self, forKey: .instance)
    steps = try container.decode([Step].self, forKey: .steps)
  }

  /// Encodes with the version.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(Self.formatVersion, forKey: .version)
    try container.encode(instance, forKey: .instance)
    try container.encode(steps, forKey: .steps)
  }

  /// The plan as JSON by Schemas/plan-v1.schema.json, keys sorted, so that the same plan gives the same bytes.
  ///
  /// - Throws: `EncodingError`; no plan leads to one.
  package func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
