/// A value whose JSON form is its text form: `"172.17.0.2/16"`.
package protocol TextCodable: LosslessStringConvertible, Codable {}

extension TextCodable {
  /// Decodes from the text form.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let value = Self(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "malformed \(Self.self): \(text)")
    }
    self = value
  }

  /// Encodes as the text form.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension IPv4Address: TextCodable {}
extension IPv6Address: TextCodable {}
extension IPAddress: TextCodable {}
extension IPPrefix: TextCodable {}
extension InterfaceAddress: TextCodable {}
extension MACAddress: TextCodable {}
extension InterfaceName: TextCodable {}
extension NamespaceName: TextCodable {}
extension HostName: TextCodable {}
extension SysctlKey: TextCodable {}
extension PortRange: TextCodable {}
extension TimeSpan: TextCodable {}
extension BitRate: TextCodable {}
extension Percentage: TextCodable {}
