import NetworkTypes
import Plan
import Testing

/// A value of a type that is written as text.
func value<T: LosslessStringConvertible>(_ text: String, as: T.Type = T.self) throws -> T { try #require(T(text)) }

/// A device of the host, or of a namespace.
func link(_ name: String, in namespace: String? = nil) throws -> LinkReference {
  LinkReference(try namespace.map { .namespace(try value($0)) } ?? .host, try value(name))
}

/// An origin for operations whose origin doesn't matter.
let somewhere = Origin(subject: "service web", file: "lab/compose.yaml", line: 3, column: 5)

/// A plan of operations whose origins don't matter.
func plan(_ operations: [Operation]) throws -> Plan {
  Plan(instance: try #require(InstanceName("shop")), steps: operations.map { Step($0, origin: somewhere) })
}

/// Operations of every case, with every optional field present in one and absent in another.
func samples(of operation: OperationCase) throws -> [Operation] {
  switch operation {
  case .addNamespace: return [.addNamespace(AddNamespace(name: try value("web-1")))]
  case .addLink:
    return try LinkKindCase.allCases.flatMap(samples).map { .addLink(AddLink(link: try link("dev0"), kind: $0)) } + [
      .addLink(
        AddLink(
          link: try link("eth1", in: "edge"), kind: .dummy, mtu: 1400, address: try value("02:42:ac:11:00:02")))
    ]
  case .addVethPair:
    return [
      .addVethPair(
        AddVethPair(
          .init(try link("v-web")), .init(try link("eth0", in: "web"), address: try value("02:42:ac:11:00:02")),
          mtu: 9000)),
      .addVethPair(AddVethPair(.init(try link("a", in: "one")), .init(try link("b", in: "two")))),
    ]
  case .setMaster: return [.setMaster(SetMaster(link: try link("v-web"), master: try value("br0")))]
  case .addBridgeVLAN:
    return [
      .addBridgeVLAN(
        AddBridgeVLAN(
          link: try link("v-web"), first: try value("10"), last: try value("10"), isPVID: true, isUntagged: true,
          replacesDefault: true)),
      .addBridgeVLAN(
        AddBridgeVLAN(
          link: try link("br0"), isBridge: true, first: try value("20"), last: try value("4094"), isPVID: false,
          isUntagged: false, replacesDefault: false)),
    ]
  case .setHairpin: return [.setHairpin(SetHairpin(link: try link("v-web")))]
  case .setAddressGeneration:
    return try SetAddressGeneration.Mode.allCases.map {
      .setAddressGeneration(SetAddressGeneration(link: try link("eth0", in: "web"), mode: $0))
    }
  case .setLinkUp: return [.setLinkUp(SetLinkUp(link: try link("lo", in: "web")))]
  case .addAddress:
    return [
      .addAddress(AddAddress(link: try link("br0"), address: try value("172.17.0.1/16"))),
      .addAddress(AddAddress(link: try link("eth0", in: "web"), address: try value("2001:db8::10/64"))),
    ]
  case .addRoute: return try RouteActionCase.allCases.flatMap(samples)
  case .addRule: return try RuleActionCase.allCases.flatMap(samples)
  case .setSysctl:
    return [
      .setSysctl(SetSysctl(place: .host, key: try value("net.ipv4.ip_forward"), value: "1")),
      .setSysctl(
        SetSysctl(
          place: .namespace(try value("web")), key: try value("net.ipv4.conf.eth0/10.forwarding"), value: "32768 60999")
      ),
    ]
  case .loadRuleset:
    return [.loadRuleset(try everyRule(in: .host)), .loadRuleset(try everyRule(in: .namespace(value("edge"))))]
  case .addQdisc:
    return try QdiscKindCase.allCases.flatMap(samples).map { .addQdisc(AddQdisc(link: try link("v-web"), kind: $0)) }
  case .writeNamespaceFile:
    return try WriteNamespaceFile.File.allCases.map {
      .writeNamespaceFile(
        WriteNamespaceFile(
          namespaces: [try value("web"), try value("db")], file: $0, lines: ["127.0.0.1\tlocalhost", ""]))
    }
  }
}

/// Kinds of device of a case.
func samples(of kind: LinkKindCase) throws -> [LinkKind] {
  switch kind {
  case .bridge:
    var options = BridgeOptions()
    options.vlanFiltering = true
    options.spanningTree = true
    options.ageingTime = 30
    return [.bridge(BridgeOptions()), .bridge(options)]
  case .dummy: return [.dummy]
  case .bond: return BondMode.allCases.map(LinkKind.bond)
  case .vrf: return [.vrf(table: 10), .vrf(table: .max)]
  case .vlan: return [.vlan(parent: try value("eth0"), id: try value("42"))]
  case .vxlan:
    return [
      .vxlan(VXLANOptions(id: 42, local: nil, remote: nil, device: nil)),
      .vxlan(
        VXLANOptions(
          id: 16_777_215, local: try value("2001:db8::1"), remote: try value("ff05::100"), device: try value("eth0"),
          port: 8472)),
    ]
  case .macvlan: return try MACVLANMode.allCases.map { .macvlan(parent: try link("eth0"), mode: $0) }
  case .ipvlan: return try IPVLANMode.allCases.map { .ipvlan(parent: try link("eth0", in: "edge"), mode: $0) }
  }
}

/// Routes with an action of a case.
func samples(of action: RouteActionCase) throws -> [Operation] {
  let prefix: IPPrefix = try value("10.50.0.0/16")
  switch action {
  case .unicast:
    let plain = NextHop(gateway: try value("172.17.0.1"), device: nil)
    let hop = NextHop(gateway: try value("fe80::1"), device: try value("eth1"), weight: 256, isOnLink: true)
    return [
      .addRoute(AddRoute(place: .host, destination: prefix, action: .unicast([plain]))),
      .addRoute(
        AddRoute(
          place: .namespace(try value("web")), destination: try value("::/0"),
          action: .unicast([hop, NextHop(gateway: nil, device: try value("eth2"))]), metric: 0, table: 1000,
          source: try value("2001:db8::10"))),
    ]
  case .blackhole: return [.addRoute(AddRoute(place: .host, destination: prefix, action: .blackhole))]
  case .unreachable: return [.addRoute(AddRoute(place: .host, destination: prefix, action: .unreachable, metric: 20))]
  case .prohibit: return [.addRoute(AddRoute(place: .host, destination: prefix, action: .prohibit, table: 7))]
  }
}

/// Rules with an action of a case.
func samples(of action: RuleActionCase) throws -> [Operation] {
  func rule(_ action: RuleAction) -> Operation {
    .addRule(AddRule(place: .host, family: .ipv4, priority: 100, action: action))
  }
  switch action {
  case .lookup:
    return [
      rule(.table(.max)),
      .addRule(
        AddRule(
          place: .namespace(try value("edge")), family: .ipv6, priority: .max, from: try value("2001:db8::/32"),
          to: try value("::/0"), inputDevice: try value("eth0"), outputDevice: try value("eth1"), mark: 0,
          action: .table(1))),
    ]
  case .blackhole: return [rule(.blackhole)]
  case .unreachable: return [rule(.unreachable)]
  case .prohibit: return [rule(.prohibit)]
  }
}

/// Queueing disciplines of a case.
func samples(of kind: QdiscKindCase) throws -> [QdiscKind] {
  switch kind {
  case .netem:
    var options = NetemOptions()
    options.delay = try value("10ms")
    options.jitter = try value("1500us")
    options.loss = try value("0.1%")
    options.duplicate = try value("1%")
    options.corrupt = try value("0.0001%")
    options.reorder = try value("100%")
    options.rate = try value("1500kbit")
    return [.netem(NetemOptions()), .netem(options)]
  case .tbf: return [.tbf(TBFOptions(rate: try value("1gbit"), burst: 2000, latency: try value("50ms")))]
  }
}

/// A plan with every sample.
func everySample() throws -> Plan { try plan(try OperationCase.allCases.flatMap(samples)) }
