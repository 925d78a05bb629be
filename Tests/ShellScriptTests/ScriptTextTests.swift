import Foundation
import NetworkTypes
import Plan
import ShellScript
import Testing

/// The text of scripts.
@Suite struct ScriptTextTests {
  /// An operation and the commands that it becomes.
  private struct Expectation {
    var operation: PlanOperation
    var lines: [String]
  }

  private static func netem() throws -> NetemOptions {
    var options = NetemOptions()
    options.delay = TimeSpan("10ms")
    options.jitter = TimeSpan(nanoseconds: 1_500)
    options.loss = Percentage("0.1%")
    options.duplicate = Percentage("1%")
    options.corrupt = Percentage("2%")
    options.reorder = Percentage("25%")
    options.rate = BitRate("100mbit")
    return options
  }

  private static func vlan(_ number: Int) throws -> VLANID { try #require(VLANID(number: number)) }

  /// Operations and the commands that ip(8), bridge(8) and tc(8) describe for them.
  private static func commands() throws -> [Expectation] {
    let web = space("web")
    func link(_ kind: LinkKind, _ name: String = "x0") -> PlanOperation {
      .addLink(AddLink(link: LinkReference(web, interface(name)), kind: kind))
    }
    func vlans(_ first: Int, _ last: Int, bridge: Bool, pvid: Bool, replaces: Bool) throws -> PlanOperation {
      .addBridgeVLAN(
        AddBridgeVLAN(
          link: LinkReference(web, interface("p0")), isBridge: bridge, first: try vlan(first), last: try vlan(last),
          isPVID: pvid, isUntagged: pvid, replacesDefault: replaces))
    }
    var filtering = BridgeOptions()
    filtering.vlanFiltering = true
    var spanning = BridgeOptions()
    spanning.spanningTree = true
    spanning.ageingTime = 10
    let multicast = VXLANOptions(
      id: 7, local: nil, remote: IPAddress("239.1.1.1"), device: interface("eth0"), port: 8472)
    var cases: [Expectation] = []
    func expect(_ operation: PlanOperation, _ lines: String...) {
      cases.append(Expectation(operation: operation, lines: lines))
    }
    expect(link(.dummy), "ip -n web link add name x0 type dummy")
    expect(link(.bond(.activeBackup)), "ip -n web link add name x0 type bond miimon 100 mode active-backup")
    let hostVRF = AddLink(link: host("vrf1"), kind: .vrf(table: 11))
    expect(.addLink(hostVRF), "note_vrf_rule", "ip link add name vrf1 group 1314951830 type vrf table 11")
    expect(link(.vrf(table: 10)), "ip -n web link add name x0 type vrf table 10")
    let parent = interface("eth0")
    expect(
      link(.vlan(parent: parent, id: try vlan(10)), "eth0.10"),
      "ip -n web link add link eth0 name eth0.10 type vlan id 10")
    expect(link(.vxlan(multicast)), "ip -n web link add name x0 type vxlan id 7 group 239.1.1.1 dev eth0 dstport 8472")
    expect(
      link(.ipvlan(parent: host("eth9"), mode: .l3s)),
      "ip link add link eth9 name netwright-1 netns web type ipvlan mode l3s",
      "ip -n web link set dev netwright-1 name x0")
    expect(link(.bridge(filtering)), "ip -n web link add name x0 type bridge forward_delay 0 vlan_filtering 1")
    expect(
      link(.bridge(spanning)),
      "ip -n web link add name x0 type bridge stp_state 1 forward_delay 200 ageing_time 1000")
    expect(
      try vlans(10, 20, bridge: false, pvid: false, replaces: true), "bridge -n web vlan del dev p0 vid 1",
      "bridge -n web vlan add dev p0 vid 10-20")
    expect(
      try vlans(1, 1, bridge: true, pvid: true, replaces: true),
      "bridge -n web vlan add dev p0 vid 1 pvid untagged self")
    expect(
      .setHairpin(SetHairpin(link: host("v-web"))), "ip link set dev v-web type bridge_slave hairpin on")
    let qdisc = AddQdisc(link: LinkReference(web, parent), kind: .netem(try netem()))
    expect(
      .addQdisc(qdisc),
      "tc -n web qdisc add dev eth0 root netem delay 10ms 1.500us loss 0.1% duplicate 1% corrupt 2% reorder 25% "
        + "rate 100mbit")
    return cases
  }

  @Test func `operations become the commands of the manual pages`() throws {
    for expectation in try Self.commands() {
      var plans = Plans()
      plans.add(.addNamespace(AddNamespace(name: try #require(NamespaceName("web")))))
      plans.add(expectation.operation)
      let script = emitShellScript(try plans.plan(), options: ScriptOptions(style: .plain))
      let lines = script.split(separator: "\n").map(String.init).drop { $0 != "record_namespaces" }.dropFirst(2)
        .filter { $0 != "hold_signals" }
      #expect(Array(lines.prefix(expectation.lines.count)) == expectation.lines)
    }
  }

  @Test func `steps of one device share a message, and lines of one place a process`() throws {
    let script = emitShellScript(try Plans.containers(2))
    #expect(
      script.contains(
        """
        # service c1 (lab.yaml:11)
        link add name cv1 group 1314951830 master c-br type veth peer name eth0 netns c1 address 02:42:ac:11:00:03
        link set dev cv1 addrgenmode none up
        """))
    let calls = script.split(separator: "\n").filter { $0.hasPrefix("block_") && $0.contains("||") }
    #expect(
      calls == [
        "block_1 ip -batch - || failed block_1 ip -batch -",
        "block_2 ip -n c0 -batch - || failed block_2 ip -n c0 -batch -",
        "block_3 ip -n c1 -batch - || failed block_3 ip -n c1 -batch -",
      ])
  }

  @Test func `a member of a bond joins before it is up`() throws {
    var plans = Plans()
    plans.add(.addLink(AddLink(link: host("bond0"), kind: .bond(.lacp))))
    plans.add(.addLink(AddLink(link: host("d0"), kind: .dummy)))
    plans.add(.setMaster(SetMaster(link: host("d0"), master: interface("bond0"))))
    plans.add(.setLinkUp(SetLinkUp(link: host("d0"))))
    let script = emitShellScript(try plans.plan())
    #expect(script.contains("name d0 group 1314951830 master bond0 type dummy\n"))
    #expect(script.contains("\nlink set dev d0 up\n"))
  }

  @Test func `the same plan gives the same bytes`() throws {
    for style in ScriptOptions.Style.allCases {
      let options = ScriptOptions(style: style)
      #expect(
        emitShellScript(try Plans.everything(), options: options)
          == emitShellScript(try Plans.everything(), options: options))
    }
  }

  @Test func `lines move without making another plan`() throws {
    let plan = try Plans.containers(1)
    var moved = plan
    for (index, step) in moved.steps.enumerated() {
      let old = step.origin
      moved.steps[index].origin = Origin(
        subject: old.subject, file: old.file, line: old.line + 40, column: old.column)
    }
    func digest(_ plan: Plan) -> Substring? {
      emitShellScript(plan).split(separator: "\n").first { $0.hasPrefix("digest=") }
    }
    #expect(digest(plan) == digest(moved))
    #expect(digest(plan) != digest(try Plans.containers(2)))
  }

  @Test func `shellcheck has nothing to say`() throws {
    var scripts = [
      emitDownScript(instance: try #require(InstanceName("lab"))),
      emitStatusScript(instance: try #require(InstanceName("lab"))),
    ]
    var plans = [
      try Plans.everything(), try Plans.containers(30), Plan(instance: try #require(InstanceName("lab")), steps: []),
    ]
    for expectation in try Self.commands() {
      plans.append(
        Plan(
          instance: try #require(InstanceName("lab")),
          steps: [Step(expectation.operation, origin: Origin(subject: "x", file: "f", line: 1, column: 1))]))
    }
    for plan in plans {
      for style in ScriptOptions.Style.allCases {
        scripts.append(emitShellScript(plan, options: ScriptOptions(style: style)))
      }
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: "netwright-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var paths: [String] = []
    for (index, script) in scripts.enumerated() {
      #expect(!script.contains("shellcheck"))
      #expect(!script.split(separator: "\n").contains { $0.utf8.last == UInt8(ascii: " ") })
      paths.append(folder.appending(path: "\(index).sh").path)
      try script.write(toFile: paths[index], atomically: false, encoding: .utf8)
    }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["shellcheck", "--norc"] + paths
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(output.prefix(3000))")
  }
}
