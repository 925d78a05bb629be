import NetworkTypes
import Plan
import Testing

/// What `Plan.undo` holds, by what the kernel takes away of itself.
@Suite struct UndoTests {
  private func up(_ name: String, in namespace: String? = nil) throws -> Operation {
    .setLinkUp(SetLinkUp(link: try link(name, in: namespace)))
  }

  private func address(_ text: String, on name: String, in namespace: String? = nil) throws -> Operation {
    .addAddress(AddAddress(link: try link(name, in: namespace), address: try value(text)))
  }

  private func add(_ name: String, _ kind: LinkKind, in namespace: String? = nil) throws -> Operation {
    .addLink(AddLink(link: try link(name, in: namespace), kind: kind))
  }

  private func namespace(_ name: String) throws -> Operation { .addNamespace(AddNamespace(name: try value(name))) }

  private func veth(_ first: LinkReference, _ second: LinkReference) -> Operation {
    .addVethPair(AddVethPair(.init(first), .init(second)))
  }

  private func master(_ name: String, _ master: String) throws -> Operation {
    .setMaster(SetMaster(link: try link(name), master: try value(master)))
  }

  private func vlan(_ name: String, _ id: String) throws -> Operation {
    .addBridgeVLAN(
      AddBridgeVLAN(
        link: try link(name), first: try value(id), last: try value(id), isPVID: true, isUntagged: true,
        replacesDefault: true))
  }

  private func route(_ destination: String, _ action: RouteAction, in namespace: String? = nil) throws -> Operation {
    .addRoute(
      AddRoute(
        place: try namespace.map { .namespace(try value($0)) } ?? .host, destination: try value(destination),
        action: action))
  }

  private func hop(_ device: String?) throws -> NextHop {
    NextHop(gateway: try value("10.3.0.2"), device: try device.map { try value($0) })
  }

  private func sysctl(_ key: String, in namespace: String? = nil) throws -> Operation {
    .setSysctl(
      SetSysctl(place: try namespace.map { .namespace(try value($0)) } ?? .host, key: try value(key), value: "1"))
  }

  private func deletion(_ name: String) throws -> Inverse { .deleteLink(try link(name)) }

  @Test(arguments: OperationCase.allCases) func `every operation has an inverse`(_ operation: OperationCase) throws {
    for sample in try samples(of: operation) {
      switch (sample, sample.inverse) {
      case (.addNamespace(let payload), .deleteNamespace(let name)): #expect(name == payload.name)
      case (.addLink(let payload), .deleteLink(let link)): #expect(link == payload.link)
      case (.addVethPair(let payload), .deleteLink(let link)): #expect(link == payload.first.link)
      case (.setMaster(let payload), .clearMaster(let link)): #expect(link == payload.link)
      case (.addBridgeVLAN(let payload), .deleteBridgeVLAN(let same)): #expect(same == payload)
      case (.setAddressGeneration(let payload), .restoreAddressGeneration(let link)): #expect(link == payload.link)
      case (.setLinkUp(let payload), .setLinkDown(let link)): #expect(link == payload.link)
      case (.addAddress(let payload), .deleteAddress(let same)): #expect(same == payload)
      case (.addRoute(let payload), .deleteRoute(let same)): #expect(same == payload)
      case (.addRule(let payload), .deleteRule(let same)): #expect(same == payload)
      case (.setSysctl(let payload), .restoreSysctl(let place, let key)):
        #expect(place == payload.place && key == payload.key)
      case (.setHairpin(let payload), .clearHairpin(let link)): #expect(link == payload.link)
      case (.loadRuleset(let payload), .deleteRuleset(let place)): #expect(place == payload.place)
      case (.addQdisc(let payload), .deleteQdisc(let link)): #expect(link == payload.link)
      case (.writeNamespaceFile(let payload), .removeNamespaceFile(let names, let file)):
        #expect(names == payload.namespaces && file == payload.file)
      default: Issue.record("\(sample) is taken back by \(sample.inverse)")
      }
    }
  }

  @Test func `containers on a bridge go with their devices and namespaces`() throws {
    let file = WriteNamespaceFile(namespaces: [try value("web")], file: .hosts, lines: [])
    let plan = try plan([
      namespace("web"), sysctl("net.ipv4.ip_forward", in: "web"), sysctl("net.ipv4.ip_forward"),
      add("br0", .bridge(BridgeOptions())), address("172.17.0.1/16", on: "br0"), up("br0"),
      veth(try link("v-web"), try link("eth0", in: "web")), master("v-web", "br0"), up("v-web"), vlan("v-web", "10"),
      up("lo", in: "web"), address("172.17.0.2/16", on: "eth0", in: "web"), up("eth0", in: "web"),
      route("0.0.0.0/0", .unicast([hop(nil)]), in: "web"), .writeNamespaceFile(file),
    ])
    #expect(
      plan.undo == [
        try deletion("v-web"), try deletion("br0"), .deleteNamespace(try value("web")),
        .removeNamespaceFile([try value("web")], .hosts), .restoreSysctl(.host, try value("net.ipv4.ip_forward")),
      ])
  }

  @Test func `the end of a veth pair that stays is the one deleted`() throws {
    let (host, web, db) = (try link("v0"), try link("eth0", in: "web"), try link("eth0", in: "db"))
    let both = [try namespace("web"), try namespace("db")]
    let namespaces: [Inverse] = [.deleteNamespace(try value("db")), .deleteNamespace(try value("web"))]
    #expect(try plan(both + [veth(web, host)]).undo == [.deleteLink(host)] + namespaces)
    #expect(try plan(both + [veth(web, db)]).undo == namespaces)
    #expect(try plan([veth(host, try link("v1"))]).undo == [.deleteLink(host)])
    // A namespace that the plan doesn't add stays.
    #expect(try plan([veth(web, host)]).undo == [.deleteLink(web)])
  }

  @Test func `what sits on a device goes with it`() throws {
    let bridge = try add("br0", .bridge(BridgeOptions()))
    let vlan = try add("br0.5", .vlan(parent: try value("br0"), id: try value("5")))
    let upper = try add("mv0", .macvlan(parent: try link("br0.5"), mode: .bridge))
    let remote: IPAddress = try value("10.9.9.9")
    let vxlan = try add(
      "vx0", .vxlan(VXLANOptions(id: 5, local: nil, remote: remote, device: try value("br0"))))
    #expect(try plan([bridge, vlan, upper, vxlan]).undo == [try deletion("br0")])
    // On a device that stays, they are deleted, the last first.
    #expect(try plan([vlan, vxlan]).undo == [try deletion("vx0"), try deletion("br0.5")])
  }

  @Test func `a parent in a namespace is not waited for`() throws {
    let child = try add("mv0", .macvlan(parent: try link("dev0", in: "web"), mode: .bridge))
    let plan = try plan([namespace("web"), add("dev0", .dummy, in: "web"), child])
    #expect(plan.undo == [try deletion("mv0"), .deleteNamespace(try value("web"))])
  }

  @Test func `a port that stays leaves the bridge with it`() throws {
    let bridge = try add("br0", .bridge(BridgeOptions()))
    let joins = [try master("eth1", "br0"), try vlan("eth1", "10")]
    #expect(try plan([bridge] + joins).undo == [try deletion("br0")])
    guard case .addBridgeVLAN(let payload) = joins[1] else { return }
    #expect(try plan(joins).undo == [.deleteBridgeVLAN(payload), .clearMaster(try link("eth1"))])
  }

  /// Setting a device down takes its IPv6 addresses, so that deleting one afterwards fails.
  @Test func `addresses go before their device is down`() throws {
    let operations = [
      try address("2001:db8::1/64", on: "eth1"), try up("eth1"), try address("10.0.0.1/8", on: "eth1"), try up("eth1"),
      try route("10.50.0.0/16", .unicast([hop("eth1")])),
      .setAddressGeneration(SetAddressGeneration(link: try link("eth1"), mode: .none)),
      .addQdisc(AddQdisc(link: try link("eth1"), kind: .netem(NetemOptions()))),
    ]
    let expected = [operations[6], operations[4], operations[2], operations[0], operations[5], operations[1]]
    #expect(try plan(operations).undo == expected.map(\.inverse))
  }

  @Test func `routes go as the kernel lets them`() throws {
    let bridge = try add("br0", .bridge(BridgeOptions()))
    let gone = [try deletion("br0")]
    func undone(_ destination: String, _ action: RouteAction) throws -> Bool {
      let route = try route(destination, action)
      let undo = try plan([bridge, route]).undo
      #expect(undo == gone || undo == [route.inverse] + gone, "\(undo)")
      return undo != gone
    }
    #expect(try !undone("10.50.0.0/16", .unicast([hop("br0")])))
    #expect(try undone("10.50.0.0/16", .unicast([hop("eth1")])))
    #expect(try undone("10.50.0.0/16", .unicast([hop(nil)])))
    #expect(try !undone("10.50.0.0/16", .unicast([hop("eth1"), hop("br0")])))
    #expect(try undone("2001:db8::/32", .unicast([hop("eth1"), hop("br0")])))
    #expect(try !undone("2001:db8::/32", .unicast([hop("br0"), hop("br0")])))
    #expect(try undone("10.50.0.0/16", .blackhole))
  }

  /// A rule stays, detached, when its device goes (`detach_rules`, net/core/fib_rules.c).
  @Test func `rules of the host are always deleted`() throws {
    func rule(_ place: Place) throws -> AddRule {
      AddRule(place: place, family: .ipv4, priority: 77, inputDevice: try value("br0"), action: .table(100))
    }
    let here = try rule(.host)
    let plan = try plan([
      namespace("web"), add("br0", .bridge(BridgeOptions())), .addRule(here),
      .addRule(try rule(.namespace(try value("web")))),
    ])
    #expect(plan.undo == [.deleteRule(here), try deletion("br0"), .deleteNamespace(try value("web"))])
  }

  @Test func `the rule that a VRF comes with is put back once`() throws {
    let plan = try plan([
      namespace("web"), add("red", .vrf(table: 10)), add("blue", .vrf(table: 20)),
      add("own", .vrf(table: 30), in: "web"),
    ])
    #expect(
      plan.undo == [
        try deletion("blue"), try deletion("red"), .restoreVRFRules(.host), .deleteNamespace(try value("web")),
      ])
  }

  @Test func `parameters that set others are put back first`() throws {
    let keys = [
      "net.ipv4.conf.eth1.forwarding", "net.ipv4.conf.default.forwarding", "net.ipv4.ip_forward", "net.core.somaxconn",
      "net.ipv6.conf.all.forwarding", "net.ipv4.conf.br0/5.rp_filter", "net.ipv4.ip_forward",
    ]
    let vlan = try add("br0.5", .vlan(parent: try value("eth1"), id: try value("5")))
    let plan = try plan([vlan] + keys.map { try sysctl($0) })
    let order = [keys[4], keys[2], keys[1], keys[3], keys[0]]
    #expect(plan.undo == [try deletion("br0.5")] + (try order.map { .restoreSysctl(.host, try value($0)) }))
  }
}
