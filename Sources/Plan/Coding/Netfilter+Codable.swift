import NetworkTypes

// What tells the case apart stands beside the case's own fields.

extension NetfilterMatch: Codable {
  private enum Name: String, CaseName {
    case family, input, output, source, destination, sourceIsLocal, destinationIsLocal, transport, sourcePort
    case destinationPort, icmp, icmpType, connectionState, destinationWasTranslated, limit

    static let noun = "match"
  }
  private enum Key: String, CodingKey { case match, family, `is`, `protocol`, states }

  /// Decodes `{"match": NAME, …}`.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    switch try container.decodeName(Name.self, forKey: .match) {
    case .family: self = .family(try container.decode(AddressFamily.self, forKey: .family))
    case .input: self = .input(try NetfilterSelection(from: decoder))
    case .output: self = .output(try NetfilterSelection(from: decoder))
    case .source: self = .source(try NetfilterSelection(from: decoder))
    case .destination: self = .destination(try NetfilterSelection(from: decoder))
    case .sourceIsLocal: self = .sourceIsLocal(try container.decode(Bool.self, forKey: .is))
    case .destinationIsLocal: self = .destinationIsLocal(try container.decode(Bool.self, forKey: .is))
    case .transport: self = .transport(try container.decode(TransportProtocol.self, forKey: .protocol))
    case .sourcePort: self = .sourcePort(try NetfilterSelection(from: decoder))
    case .destinationPort: self = .destinationPort(try NetfilterSelection(from: decoder))
    case .icmp: self = .icmp(try container.decode(AddressFamily.self, forKey: .family))
    case .icmpType: self = .icmpType(try NetfilterSelection(from: decoder))
    case .connectionState: self = .connectionState(try container.decode([ConnectionState].self, forKey: .states))
    case .destinationWasTranslated: self = .destinationWasTranslated(try container.decode(Bool.self, forKey: .is))
    case .limit: self = .limit(try NetfilterLimit(from: decoder))
    }
  }

  /// Encodes as `{"match": NAME, …}`.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .match)
    switch self {
    case .family(let family), .icmp(let family): try container.encode(family, forKey: .family)
    case .input(let selection), .output(let selection): try selection.encode(to: encoder)
    case .source(let selection), .destination(let selection): try selection.encode(to: encoder)
    case .sourcePort(let selection), .destinationPort(let selection): try selection.encode(to: encoder)
    case .icmpType(let selection): try selection.encode(to: encoder)
    case .sourceIsLocal(let flag), .destinationIsLocal(let flag), .destinationWasTranslated(let flag):
      try container.encode(flag, forKey: .is)
    case .transport(let transport): try container.encode(transport, forKey: .protocol)
    case .connectionState(let states): try container.encode(states, forKey: .states)
    case .limit(let limit): try limit.encode(to: encoder)
    }
  }

  private var name: Name {
    switch self {
    case .family: .family
    case .input: .input
    case .output: .output
    case .source: .source
    case .destination: .destination
    case .sourceIsLocal: .sourceIsLocal
    case .destinationIsLocal: .destinationIsLocal
    case .transport: .transport
    case .sourcePort: .sourcePort
    case .destinationPort: .destinationPort
    case .icmp: .icmp
    case .icmpType: .icmpType
    case .connectionState: .connectionState
    case .destinationWasTranslated: .destinationWasTranslated
    case .limit: .limit
    }
  }
}

extension NetfilterVerdict: Codable {
  private enum Name: String, CaseName {
    case accept, drop, reject, jump, `return`, dnat, snat, masquerade, redirect

    static let noun = "verdict"
  }
  private enum Key: String, CodingKey { case verdict, kind, chain, address, ports }

  /// Decodes `{"verdict": NAME, …}`.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    func translation() throws -> NetfilterTranslation {
      NetfilterTranslation(
        try container.decode(IPAddress.self, forKey: .address),
        ports: try container.decodeIfPresent(PortRange.self, forKey: .ports))
    }
    switch try container.decodeName(Name.self, forKey: .verdict) {
    case .accept: self = .accept
    case .drop: self = .drop
    case .reject: self = .reject(try container.decode(NetfilterRejection.self, forKey: .kind))
    case .jump: self = .jump(try container.decode(ChainName.self, forKey: .chain))
    case .return: self = .return
    case .dnat: self = .dnat(try translation())
    case .snat: self = .snat(try translation())
    case .masquerade: self = .masquerade(ports: try container.decodeIfPresent(PortRange.self, forKey: .ports))
    case .redirect: self = .redirect(ports: try container.decodeIfPresent(PortRange.self, forKey: .ports))
    }
  }

  /// Encodes as `{"verdict": NAME, …}`.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    func encode(_ translation: NetfilterTranslation) throws {
      try container.encode(translation.address, forKey: .address)
      try container.encodeIfPresent(translation.ports, forKey: .ports)
    }
    try container.encode(name, forKey: .verdict)
    switch self {
    case .accept, .drop, .return: break
    case .reject(let kind): try container.encode(kind, forKey: .kind)
    case .jump(let chain): try container.encode(chain, forKey: .chain)
    case .dnat(let translation), .snat(let translation): try encode(translation)
    case .masquerade(let ports), .redirect(let ports): try container.encodeIfPresent(ports, forKey: .ports)
    }
  }

  private var name: Name {
    switch self {
    case .accept: .accept
    case .drop: .drop
    case .reject: .reject
    case .jump: .jump
    case .return: .return
    case .dnat: .dnat
    case .snat: .snat
    case .masquerade: .masquerade
    case .redirect: .redirect
    }
  }
}
