import NetworkTypes
import Plan
import Testing

/// Hand-made plans.
struct Plans {
  /// The steps so far.
  private(set) var steps: [Step] = []
  private var line = 1

  /// Adds an operation that comes from the next line of `lab.yaml`.
  mutating func add(_ operation: Operation, _ subject: String = "service web") {
    line += 1
    steps.append(Step(operation, origin: Origin(subject: subject, file: "lab.yaml", line: line, column: 3)))
  }

  /// The plan.
  func plan(_ name: String = "lab") throws -> Plan { Plan(instance: try #require(InstanceName(name)), steps: steps) }

  /// Containers on one bridge, as Docker's default network has them.
  static func containers(_ count: Int, prefix: String = "c", instance: String = "lab") throws -> Plan {
    var plans = Plans()
    let bridge = host("\(prefix)-br")
    let namespaces = try (0..<count).map { try #require(NamespaceName("\(prefix)\($0)")) }
    for (index, name) in namespaces.enumerated() {
      plans.add(.addNamespace(AddNamespace(name: name)), "service c\(index)")
    }
    plans.add(.addLink(AddLink(link: bridge, kind: .bridge(BridgeOptions()))), "network default")
    plans.add(.addAddress(AddAddress(link: bridge, address: address("172.17.0.1/16"))), "network default")
    plans.add(.setLinkUp(SetLinkUp(link: bridge)), "network default")
    for (index, name) in namespaces.enumerated() {
      let port = host("\(prefix)v\(index)")
      let bits = 0xAC11_0002 + UInt32(index)
      let own = AddVethPair.End(
        LinkReference(.namespace(name), interface("eth0")), address: MACAddress(bits: 0x0242_0000_0000 | UInt64(bits)))
      plans.add(.addVethPair(AddVethPair(AddVethPair.End(port), own)), "service c\(index)")
      plans.add(.setMaster(SetMaster(link: port, master: bridge.name)), "service c\(index)")
      plans.add(.setAddressGeneration(SetAddressGeneration(link: port, mode: .none)), "service c\(index)")
      plans.add(.setLinkUp(SetLinkUp(link: port)), "service c\(index)")
    }
    for (index, name) in namespaces.enumerated() {
      let link = LinkReference(.namespace(name), interface("eth0"))
      let own = InterfaceAddress(.v4(IPv4Address(bits: 0xAC11_0002 + UInt32(index))), prefixLength: 16)
      plans.add(.setLinkUp(SetLinkUp(link: LinkReference(.namespace(name), .loopback))), "service c\(index)")
      plans.add(.setLinkUp(SetLinkUp(link: link)), "service c\(index)")
      plans.add(.addAddress(AddAddress(link: link, address: try #require(own))), "service c\(index)")
      plans.add(
        .addRoute(
          AddRoute(
            place: .namespace(name), destination: prefixValue("0.0.0.0/0"),
            action: .unicast([NextHop(gateway: IPAddress("172.17.0.1"), device: nil)]))), "service c\(index)")
    }
    return try plans.plan(instance)
  }

  /// One of everything that the kernel of the test machine can do, in the host and in namespaces.
  static func everything() throws -> Plan {
    var plans = Plans()
    let (web, db) = (space("web"), space("db"))
    for name in ["web", "db"] {
      plans.add(.addNamespace(AddNamespace(name: try #require(NamespaceName(name)))), "service \(name)")
    }
    let bridge = host("br-front")
    var options = BridgeOptions()
    options.ageingTime = 60
    plans.add(.addLink(AddLink(link: bridge, kind: .bridge(options), mtu: 1400)), "network front")
    plans.add(.setAddressGeneration(SetAddressGeneration(link: bridge, mode: .none)), "network front")
    plans.add(.addAddress(AddAddress(link: bridge, address: address("10.1.0.1/24"))), "network front")
    plans.add(.addAddress(AddAddress(link: bridge, address: address("fd00:1::1/64"))), "network front")
    plans.add(.setLinkUp(SetLinkUp(link: bridge)), "network front")
    for (name, place) in [("web", web), ("db", db)] {
      let port = host("v-\(name)")
      plans.add(
        .addVethPair(AddVethPair(.init(LinkReference(place, interface("eth0"))), .init(port), mtu: 1400)),
        "service \(name)")
      plans.add(.setMaster(SetMaster(link: port, master: bridge.name)), "service \(name)")
      plans.add(.setAddressGeneration(SetAddressGeneration(link: port, mode: .none)), "service \(name)")
      plans.add(.setLinkUp(SetLinkUp(link: port)), "service \(name)")
    }
    plans.add(
      .addVethPair(
        AddVethPair(.init(LinkReference(web, interface("eth1"))), .init(LinkReference(db, interface("eth1"))))),
      "link web-db")
    let vxlan = VXLANOptions(id: 42, local: IPAddress("10.1.0.1"), remote: IPAddress("10.1.0.9"), device: nil)
    plans.add(.addLink(AddLink(link: host("vx0"), kind: .vxlan(vxlan))), "link far")
    plans.add(
      .addLink(AddLink(link: LinkReference(web, interface("mv0")), kind: .macvlan(parent: bridge, mode: .bridge))),
      "service web")
    plans.add(.setSysctl(SetSysctl(place: .host, key: sysctl("net.ipv4.ip_forward"), value: "1")), "host")
    plans.add(
      .setSysctl(SetSysctl(place: .host, key: sysctl("net.ipv4.ip_local_port_range"), value: "20000 30000")), "host")
    plans.add(.setSysctl(SetSysctl(place: web, key: sysctl("net.ipv4.conf.eth0.rp_filter"), value: "2")))
    plans.add(.setSysctl(SetSysctl(place: db, key: sysctl("net.ipv4.ip_forward"), value: "1")), "service db")
    for (place, last) in [(web, "2"), (db, "3")] {
      for device in ["lo", "eth0", "eth1"] {
        plans.add(.setLinkUp(SetLinkUp(link: LinkReference(place, interface(device)))))
      }
      let eth0 = LinkReference(place, interface("eth0"))
      plans.add(.addAddress(AddAddress(link: eth0, address: address("10.1.0.\(last)/24"))))
      plans.add(.addAddress(AddAddress(link: eth0, address: address("fd00:1::\(last)/64"))))
      plans.add(
        .addAddress(AddAddress(link: LinkReference(place, interface("eth1")), address: address("10.2.0.\(last)/31"))))
      for (all, gateway) in [("0.0.0.0/0", "10.1.0.1"), ("::/0", "fd00:1::1")] {
        let hop = NextHop(gateway: IPAddress(gateway), device: interface("eth0"))
        plans.add(.addRoute(AddRoute(place: place, destination: prefixValue(all), action: .unicast([hop]))))
      }
    }
    plans.addRoutes(in: web)
    plans.add(.addQdisc(AddQdisc(link: LinkReference(web, interface("eth1")), kind: .tbf(try tbf()))))
    plans.add(.addQdisc(AddQdisc(link: host("v-web"), kind: .tbf(try tbf()))))
    plans.addHostRoutes()
    let names = try ["web", "db"].map { try #require(NamespaceName($0)) }
    plans.add(
      .writeNamespaceFile(
        WriteNamespaceFile(namespaces: names, file: .hosts, lines: ["127.0.0.1 localhost", "10.1.0.3\tdb"])))
    plans.add(
      .writeNamespaceFile(WriteNamespaceFile(namespaces: [names[0]], file: .resolvConf, lines: ["nameserver 10.1.0.1"]))
    )
    return try plans.plan()
  }

  private static func tbf() throws -> TBFOptions {
    TBFOptions(
      rate: try #require(BitRate("10mbit")), burst: 5000, latency: TimeSpan(nanoseconds: 50_000_500))
  }

  private mutating func addRoutes(in place: Place) {
    let near = NextHop(gateway: IPAddress("10.1.0.3"), device: nil, weight: 2)
    let other = NextHop(gateway: IPAddress("10.2.0.3"), device: interface("eth1"))
    add(
      .addRoute(
        AddRoute(place: place, destination: prefixValue("10.9.0.0/16"), action: .unicast([near, other]), metric: 7)))
    let onLink = NextHop(gateway: IPAddress("192.0.2.1"), device: interface("eth0"), isOnLink: true)
    add(
      .addRoute(
        AddRoute(
          place: place, destination: prefixValue("10.8.0.0/16"), action: .unicast([onLink]), table: 100,
          source: IPAddress("10.1.0.2"))))
    add(.addRoute(AddRoute(place: place, destination: prefixValue("10.7.0.0/16"), action: .unreachable)))
    add(.addRoute(AddRoute(place: place, destination: prefixValue("fd00:7::/32"), action: .prohibit)))
    add(
      .addRule(
        AddRule(place: place, family: .ipv4, priority: 50, from: prefixValue("10.1.0.0/24"), action: .table(100))))
    add(.addRule(AddRule(place: place, family: .ipv6, priority: 51, mark: 9, action: .unreachable)))
  }

  private mutating func addHostRoutes() {
    add(.addRoute(AddRoute(place: .host, destination: prefixValue("10.66.0.0/16"), action: .blackhole)), "host")
    add(
      .addRoute(AddRoute(place: .host, destination: prefixValue("fd00:66::/32"), action: .blackhole, metric: 9)), "host"
    )
    add(
      .addRule(AddRule(place: .host, family: .ipv4, priority: 60, to: prefixValue("10.1.0.0/24"), action: .table(254))),
      "host")
    add(
      .addRule(
        AddRule(place: .host, family: .ipv6, priority: 61, inputDevice: interface("br-front"), action: .blackhole)),
      "host")
  }
}

/// A device's name; the texts here are names.
func interface(_ text: String) -> InterfaceName {
  guard let name = InterfaceName(text) else { preconditionFailure("\(text) is no device name") }
  return name
}

/// A device in the host's namespace.
func host(_ name: String) -> LinkReference { LinkReference(.host, interface(name)) }

/// A namespace.
func space(_ text: String) -> Place {
  guard let name = NamespaceName(text) else { preconditionFailure("\(text) is no namespace name") }
  return .namespace(name)
}

/// An address with its prefix length.
func address(_ text: String) -> InterfaceAddress {
  guard let address = InterfaceAddress(text) else { preconditionFailure("\(text) is no address") }
  return address
}

/// A prefix.
func prefixValue(_ text: String) -> IPPrefix {
  guard let prefix = IPPrefix(text) else { preconditionFailure("\(text) is no prefix") }
  return prefix
}

/// A kernel parameter.
func sysctl(_ text: String) -> SysctlKey {
  guard let key = SysctlKey(text) else { preconditionFailure("\(text) is no sysctl key") }
  return key
}

/// An operation, where Foundation has an `Operation` too.
typealias PlanOperation = Operation
