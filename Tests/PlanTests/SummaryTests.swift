import NetworkTypes
import Plan
import Testing

/// The lines that people read of a plan.
@Suite struct SummaryTests {
  @Test func `every sample has one line, and says what is done`() throws {
    for step in try everySample().steps {
      let summary = step.operation.summary
      #expect(!summary.isEmpty && !summary.contains { $0.isNewline }, "\(summary)")
      #expect(["add", "load", "set", "write"].contains(summary.prefix { $0 != " " }), "\(summary)")
    }
  }

  /// Two operations that differ must not read alike.
  @Test func `different operations have different lines`() throws {
    let link = try link("eth0", in: "web")
    func address(_ text: String) throws -> Operation { .addAddress(AddAddress(link: link, address: try value(text))) }
    func sysctl(_ place: Place, _ text: String) throws -> Operation {
      .setSysctl(SetSysctl(place: place, key: try value("net.ipv4.ip_forward"), value: text))
    }
    let operations = [
      try address("10.0.0.1/24"), try address("10.0.0.1/25"), try sysctl(.host, "0"), try sysctl(.host, "1"),
      try sysctl(link.place, "1"),
    ]
    #expect(Set(operations.map(\.summary)).count == operations.count)
  }

  /// A line as long as thousands of names makes each line of a plan as wide.
  @Test(
    arguments: [
      (1, "n1"), (8, "n1, n2, n3, n4, n5, n6, n7, n8"), (9, "n1, n2, n3 and 6 others"),
      (10000, "n1, n2, n3 and 9997 others"),
    ])
  func `a file of many namespaces names some`(count: Int, names: String) throws {
    let file = WriteNamespaceFile(namespaces: try (1...count).map { try value("n\($0)") }, file: .hosts, lines: [])
    #expect(Operation.writeNamespaceFile(file).summary == "write hosts of \(names)")
  }

  @Test func `the words are those of iproute2`() throws {
    let (host, web) = (try link("v-web"), try link("eth0", in: "web"))
    let pair = AddVethPair(.init(host), .init(web, address: try value("02:42:0a:00:00:02")), mtu: 1400)
    #expect(
      Operation.addVethPair(pair).summary == "add veth pair v-web - eth0 (web), mtu 1400, address 02:42:0a:00:00:02")
    let hop = NextHop(gateway: try value("10.0.0.3"), device: web.name)
    let route = AddRoute(
      place: web.place, destination: try value("10.9.0.0/16"), action: .unicast([hop]), metric: 5, table: 100)
    #expect(
      Operation.addRoute(route).summary == "add route 10.9.0.0/16 via 10.0.0.3 dev eth0 metric 5 table 100 in web")
    let everywhere = AddRoute(place: .host, destination: try value("::/0"), action: .blackhole)
    #expect(Operation.addRoute(everywhere).summary == "add route default blackhole in the host")
    let rule = AddRule(
      place: .host, family: .ipv4, priority: 7, from: try value("10.0.0.0/8"), mark: 3, action: .table(100))
    #expect(Operation.addRule(rule).summary == "add IPv4 rule 7 from 10.0.0.0/8 fwmark 3 table 100 in the host")
    let vlan = AddBridgeVLAN(
      link: host, first: try value("10"), last: try value("10"), isPVID: true, isUntagged: true, replacesDefault: true)
    #expect(Operation.addBridgeVLAN(vlan).summary == "add vlan 10 pvid untagged to v-web")
  }
}
