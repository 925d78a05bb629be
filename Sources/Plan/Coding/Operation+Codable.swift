/// The names of operations in JSON.
private enum OperationName: String, CaseName {
  case addNamespace, addLink, addVethPair, setMaster, addBridgeVLAN, setHairpin, setAddressGeneration, setLinkUp
  case addAddress, addRoute, addRule, setSysctl, loadRuleset, addQdisc, writeNamespaceFile

  static let noun = "operation"
}

private enum OperationKey: String, CodingKey { case operation }

extension Operation: Codable {
  /// Decodes `{"operation": NAME, …}` with the payload's fields beside the name.
  package init(from decoder: any Decoder) throws {
    let name = try decoder.container(keyedBy: OperationKey.self).decodeName(OperationName.self, forKey: .operation)
    switch name {
    case .addNamespace: self = .addNamespace(try AddNamespace(from: decoder))
    case .addLink: self = .addLink(try AddLink(from: decoder))
    case .addVethPair: self = .addVethPair(try AddVethPair(from: decoder))
    case .setMaster: self = .setMaster(try SetMaster(from: decoder))
    case .addBridgeVLAN: self = .addBridgeVLAN(try AddBridgeVLAN(from: decoder))
    case .setHairpin: self = .setHairpin(try SetHairpin(from: decoder))
    case .setAddressGeneration: self = .setAddressGeneration(try SetAddressGeneration(from: decoder))
    case .setLinkUp: self = .setLinkUp(try SetLinkUp(from: decoder))
    case .addAddress: self = .addAddress(try AddAddress(from: decoder))
    case .addRoute: self = .addRoute(try AddRoute(from: decoder))
    case .addRule: self = .addRule(try AddRule(from: decoder))
    case .setSysctl: self = .setSysctl(try SetSysctl(from: decoder))
    case .loadRuleset: self = .loadRuleset(try LoadRuleset(from: decoder))
    case .addQdisc: self = .addQdisc(try AddQdisc(from: decoder))
    case .writeNamespaceFile: self = .writeNamespaceFile(try WriteNamespaceFile(from: decoder))
    }
  }

  /// Encodes as `{"operation": NAME, …}` with the payload's fields beside the name.
  package func encode(to encoder: any Encoder) throws {
    let (name, payload): (OperationName, any Encodable) =
      switch self {
      case .addNamespace(let payload): (.addNamespace, payload)
      case .addLink(let payload): (.addLink, payload)
      case .addVethPair(let payload): (.addVethPair, payload)
      case .setMaster(let payload): (.setMaster, payload)
      case .addBridgeVLAN(let payload): (.addBridgeVLAN, payload)
      case .setHairpin(let payload): (.setHairpin, payload)
      case .setAddressGeneration(let payload): (.setAddressGeneration, payload)
      case .setLinkUp(let payload): (.setLinkUp, payload)
      case .addAddress(let payload): (.addAddress, payload)
      case .addRoute(let payload): (.addRoute, payload)
      case .addRule(let payload): (.addRule, payload)
      case .setSysctl(let payload): (.setSysctl, payload)
      case .loadRuleset(let payload): (.loadRuleset, payload)
      case .addQdisc(let payload): (.addQdisc, payload)
      case .writeNamespaceFile(let payload): (.writeNamespaceFile, payload)
      }
    var container = encoder.container(keyedBy: OperationKey.self)
    try container.encode(name, forKey: .operation)
    try payload.encode(to: encoder)
  }
}
