import NetworkTypes

// Enumerations with payloads in a flat form: what tells the case apart stands beside the case's own fields.

extension Place: Codable {
  /// Decodes null as the host, and a text as a namespace's name.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    self = container.decodeNil() ? .host : .namespace(try container.decode(NamespaceName.self))
  }

  /// Encodes the host as null, and a namespace as its name.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .host: try container.encodeNil()
    case .namespace(let name): try container.encode(name)
    }
  }
}

extension LinkKind: Codable {
  private enum Name: String, CaseName {
    case bridge, dummy, bond, vrf, vlan, vxlan, macvlan, ipvlan

    static let noun = "kind of device"
  }
  private enum Key: String, CodingKey { case kind, mode, table, parent, id }

  /// Decodes `{"kind": NAME, …}`.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    switch try container.decodeName(Name.self, forKey: .kind) {
    case .bridge: self = .bridge(try BridgeOptions(from: decoder))
    case .dummy: self = .dummy
    case .bond: self = .bond(try container.decode(BondMode.self, forKey: .mode))
    case .vrf: self = .vrf(table: try container.decode(UInt32.self, forKey: .table))
    case .vlan:
      self = .vlan(
        parent: try container.decode(InterfaceName.self, forKey: .parent),
        id: try container.decode(VLANID.self, forKey: .id))
    case .vxlan: self = .vxlan(try VXLANOptions(from: decoder))
    case .macvlan:
      self = .macvlan(
        parent: try container.decode(LinkReference.self, forKey: .parent),
        mode: try container.decode(MACVLANMode.self, forKey: .mode))
    case .ipvlan:
      self = .ipvlan(
        parent: try container.decode(LinkReference.self, forKey: .parent),
        mode: try container.decode(IPVLANMode.self, forKey: .mode))
    }
  }

  /// Encodes as `{"kind": NAME, …}`.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .bridge(let options):
      try container.encode(Name.bridge, forKey: .kind)
      try options.encode(to: encoder)
    case .dummy: try container.encode(Name.dummy, forKey: .kind)
    case .bond(let mode):
      try container.encode(Name.bond, forKey: .kind)
      try container.encode(mode, forKey: .mode)
    case .vrf(let table):
      try container.encode(Name.vrf, forKey: .kind)
      try container.encode(table, forKey: .table)
    case .vlan(let parent, let id):
      try container.encode(Name.vlan, forKey: .kind)
      try container.encode(parent, forKey: .parent)
      try container.encode(id, forKey: .id)
    case .vxlan(let options):
      try container.encode(Name.vxlan, forKey: .kind)
      try options.encode(to: encoder)
    case .macvlan(let parent, let mode):
      try container.encode(Name.macvlan, forKey: .kind)
      try container.encode(parent, forKey: .parent)
      try container.encode(mode, forKey: .mode)
    case .ipvlan(let parent, let mode):
      try container.encode(Name.ipvlan, forKey: .kind)
      try container.encode(parent, forKey: .parent)
      try container.encode(mode, forKey: .mode)
    }
  }
}

extension RouteAction: Codable {
  private enum Name: String, CaseName {
    case unicast, blackhole, unreachable, prohibit

    static let noun = "type of route"
  }
  private enum Key: String, CodingKey { case type, nextHops }

  /// Decodes `{"type": NAME, …}`.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    switch try container.decodeName(Name.self, forKey: .type) {
    case .unicast: self = .unicast(try container.decode([NextHop].self, forKey: .nextHops))
    case .blackhole: self = .blackhole
    case .unreachable: self = .unreachable
    case .prohibit: self = .prohibit
    }
  }

  /// Encodes as `{"type": NAME, …}`.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .unicast(let hops):
      try container.encode(Name.unicast, forKey: .type)
      try container.encode(hops, forKey: .nextHops)
    case .blackhole: try container.encode(Name.blackhole, forKey: .type)
    case .unreachable: try container.encode(Name.unreachable, forKey: .type)
    case .prohibit: try container.encode(Name.prohibit, forKey: .type)
    }
  }
}

extension RuleAction: Codable {
  private enum Name: String, CaseName {
    case lookup, blackhole, unreachable, prohibit

    static let noun = "type of rule"
  }
  private enum Key: String, CodingKey { case type, table }

  /// Decodes `{"type": NAME, …}`.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    switch try container.decodeName(Name.self, forKey: .type) {
    case .lookup: self = .table(try container.decode(UInt32.self, forKey: .table))
    case .blackhole: self = .blackhole
    case .unreachable: self = .unreachable
    case .prohibit: self = .prohibit
    }
  }

  /// Encodes as `{"type": NAME, …}`.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .table(let table):
      try container.encode(Name.lookup, forKey: .type)
      try container.encode(table, forKey: .table)
    case .blackhole: try container.encode(Name.blackhole, forKey: .type)
    case .unreachable: try container.encode(Name.unreachable, forKey: .type)
    case .prohibit: try container.encode(Name.prohibit, forKey: .type)
    }
  }
}

extension QdiscKind: Codable {
  private enum Name: String, CaseName {
    case netem, tbf

    static let noun = "queueing discipline"
  }
  private enum Key: String, CodingKey { case kind }

  /// Decodes `{"kind": NAME, …}`.
  package init(from decoder: any Decoder) throws {
    switch try decoder.container(keyedBy: Key.self).decodeName(Name.self, forKey: .kind) {
    case .netem: self = .netem(try NetemOptions(from: decoder))
    case .tbf: self = .tbf(try TBFOptions(from: decoder))
    }
  }

  /// Encodes as `{"kind": NAME, …}`.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .netem(let options):
      try container.encode(Name.netem, forKey: .kind)
      try options.encode(to: encoder)
    case .tbf(let options):
      try container.encode(Name.tbf, forKey: .kind)
      try options.encode(to: encoder)
    }
  }
}
