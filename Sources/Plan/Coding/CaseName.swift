/// The JSON names of an enumeration's cases.
protocol CaseName: RawRepresentable<String>, CaseIterable, Encodable {
  /// What the names are names of, for messages: `operation`.
  static var noun: String { get }
}

extension KeyedDecodingContainer {
  /// Decodes the name that says which case it is.
  ///
  /// - Throws: `DecodingError.dataCorrupted` for an unknown name, with the known ones in its description.
  func decodeName<Name: CaseName>(_ type: Name.Type, forKey key: Key) throws -> Name {
    let text = try decode(String.self, forKey: key)
    guard let name = Name(rawValue: text) else {
      let known = Name.allCases.map(\.rawValue).joined(separator: ", ")
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "unknown \(Name.noun) `\(text)`; known are \(known)")
    }
    return name
  }
}
