import class Foundation.FileManager
import class Foundation.JSONDecoder
import class Foundation.Pipe
import class Foundation.Process
import class Foundation.ProcessInfo
import struct Foundation.Data
import struct Foundation.URL
import struct Foundation.UUID
import NetworkTypes
import Testing

@testable import Plan

/// The JSON form: what goes out comes back, and a schema describes it.
@Suite struct PlanCodingTests {
  @Test func `every operation and kind comes back as it went`() throws {
    let plan = try Self.everything()
    let json = try plan.json()
    #expect(try JSONDecoder().decode(Plan.self, from: Data(json.utf8)) == plan)
    #expect(try plan.json() == json)
  }

  @Test func `another version and an unknown operation are refused`() throws {
    let json = try Self.everything().json()
    for (old, new) in [("\"version\" : 1", "\"version\" : 2"), ("addNamespace", "addNothing")] {
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(Plan.self, from: Data(json.replacing(old, with: new).utf8))
      }
    }
  }

  @Test func `the schema takes it, and nothing else`() throws {
    let json = try Self.everything().json()
    #expect(try validate(json) == "")
    let broken = [
      ("\"version\" : 1", "\"version\" : \"1\""), ("\"addNamespace\"", "\"addNothing\""),
      ("\"weight\" : 1", "\"wait\" : 1"),
      ("\"kind\" : \"dummy\"", "\"kind\" : \"dumb\""), ("10.0.0.1/24", "10.0.0.1"),
    ]
    for (old, new) in broken {
      #expect(json.contains(old))
      #expect(try validate(json.replacing(old, with: new)) != "", "\(new)")
    }
  }

  @Test func `summaries name what is done`() throws {
    let summaries = try Self.everything().steps.map(\.operation.summary)
    #expect(summaries.contains("add veth pair v-web - eth0 (web), mtu 1400, address 02:42:0a:00:00:02"))
    #expect(summaries.contains("add route 10.9.0.0/16 via 10.0.0.3 dev eth0 metric 5 table 100 in web"))
    #expect(Set(summaries).count == summaries.count)
  }

  /// What the validator says of a document: nothing if it is valid.
  private func validate(_ json: String) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let document = FileManager.default.temporaryDirectory.appending(path: "plan-\(UUID().uuidString).json")
    try json.write(to: document, atomically: false, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: document) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    let python = ProcessInfo.processInfo.environment["NETWRIGHT_PYTHON"] ?? "python3"
    process.arguments = [
      python, root.appending(path: "Tests/Support/validate-json-schema.py").path,
      root.appending(path: "Schemas/plan-v1.schema.json").path, document.path,
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return process.terminationStatus == 0 ? "" : output + "status \(process.terminationStatus)"
  }

  // MARK: One of each

  static func everything() throws -> Plan {
    let origin = Origin(subject: "service web", file: "a.yaml", line: 3, column: 5)
    let instance = try #require(InstanceName("shop"))
    return Plan(instance: instance, steps: try operations().map { Step($0, origin: origin) })
  }

  private static func operations() throws -> [Operation] {
    let web = try #require(NamespaceName("web"))
    let eth0 = try #require(InterfaceName("eth0"))
    let host = try #require(InterfaceName("v-web"))
    let link = LinkReference(.namespace(web), eth0)
    let mac = try #require(MACAddress("02:42:0a:00:00:02"))
    let vlan = try #require(VLANID(number: 10))
    let prefix = try #require(IPPrefix("10.9.0.0/16"))
    let hop = NextHop(gateway: IPAddress("10.0.0.3"), device: eth0)
    var operations: [Operation] = [
      .addNamespace(AddNamespace(name: web)),
      .addVethPair(AddVethPair(.init(LinkReference(.host, host)), .init(link, address: mac), mtu: 1400)),
      .setMaster(SetMaster(link: LinkReference(.host, host), master: eth0)),
      .addBridgeVLAN(
        AddBridgeVLAN(link: link, first: vlan, last: vlan, isPVID: true, isUntagged: true, replacesDefault: true)),
      .setAddressGeneration(SetAddressGeneration(link: link, mode: .none)),
      .setLinkUp(SetLinkUp(link: link)),
      .addAddress(AddAddress(link: link, address: try #require(InterfaceAddress("10.0.0.1/24")))),
      .setSysctl(SetSysctl(place: .host, key: try #require(SysctlKey("net.ipv4.ip_forward")), value: "1")),
      .writeNamespaceFile(WriteNamespaceFile(namespaces: [web], file: .hosts, lines: ["127.0.0.1\tlocalhost"])),
    ]
    for kind in try linkKinds(link, vlan) { operations.append(.addLink(AddLink(link: link, kind: kind, address: mac))) }
    for (metric, action) in [RouteAction.unicast([hop]), .blackhole, .unreachable, .prohibit].enumerated() {
      operations.append(
        .addRoute(
          AddRoute(
            place: .namespace(web), destination: prefix, action: action, metric: UInt32(metric + 5), table: 100)))
    }
    for (index, action) in [RuleAction.table(100), .blackhole, .unreachable, .prohibit].enumerated() {
      operations.append(
        .addRule(AddRule(place: .host, family: .ipv4, priority: UInt32(index), from: prefix, mark: 7, action: action)))
    }
    var netem = NetemOptions()
    netem.delay = TimeSpan("10ms")
    netem.loss = Percentage("0.1%")
    let rate = try #require(BitRate("10mbit"))
    let tbf = TBFOptions(rate: rate, burst: 5000, latency: TimeSpan(nanoseconds: 50_000_000))
    operations.append(.addQdisc(AddQdisc(link: link, kind: .netem(netem))))
    operations.append(.addQdisc(AddQdisc(link: link, kind: .tbf(tbf))))
    // A new case must be added above: this switch names what is there.
    for operation in operations {
      switch operation {
      case .addNamespace, .addLink, .addVethPair, .setMaster, .addBridgeVLAN, .setAddressGeneration, .setLinkUp,
        .addAddress, .addRoute, .addRule, .setSysctl, .addQdisc, .writeNamespaceFile:
        continue
      }
    }
    return operations
  }

  private static func linkKinds(_ link: LinkReference, _ vlan: VLANID) throws -> [LinkKind] {
    var bridge = BridgeOptions()
    bridge.vlanFiltering = true
    bridge.ageingTime = 10
    let vxlan = VXLANOptions(id: 42, local: IPAddress("192.0.2.1"), remote: nil, device: link.name)
    let kinds: [LinkKind] = [
      .bridge(bridge), .dummy, .bond(.activeBackup), .vrf(table: 10), .vlan(parent: link.name, id: vlan), .vxlan(vxlan),
      .macvlan(parent: link, mode: .bridge), .ipvlan(parent: LinkReference(.host, link.name), mode: .l3),
    ]
    for kind in kinds {
      switch kind {
      case .bridge, .dummy, .bond, .vrf, .vlan, .vxlan, .macvlan, .ipvlan: continue
      }
    }
    return kinds
  }
}
