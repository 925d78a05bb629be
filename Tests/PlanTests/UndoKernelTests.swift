import NetworkTypes
import NetwrightTestSupport
import Plan
import ShellScript
import Testing

/// `Plan.undo` on the real kernel: every command of it succeeds, nothing stays, and none is one too many.
@Suite struct UndoKernelTests {
  @Test func `undoing succeeds step by step and leaves nothing`() throws {
    try expectPass(
      try Self.everything(withIPv6: true),
      """
      up
      take_back -1
      same 'what was before is back' "$before" "$(state)"
      """)
  }

  /// Without IPv6 on `wan0`: setting the device down takes those addresses too, though only where it was down before.
  @Test func `no inverse can be left out`() throws {
    let plan = try Self.everything(withIPv6: false)
    try #require(plan.undo.count >= 10)
    // Each in a sandbox of its own: what is undone late, and so out of order, doesn't lead back.
    for index in plan.undo.indices {
      try expectPass(
        plan,
        """
        up
        take_back \(index)
        check 'something stays without \(plan.undo[index])' refuses 1 [ "$before" = "$(state)" ]
        """)
    }
  }

  /// Runs a text with `up`, which builds the plan, and `take_back N`, which undoes all of it but the Nth.
  ///
  /// A process stays in the namespace all the while, so that the kernel can't dismantle it.
  private func expectPass(_ plan: Plan, _ text: String) throws {
    let undo = plan.undo
    let functions = try undo.enumerated().map { "undo_\($0) () { \(try $1.command()); }" }
    let calls = undo.indices.map { "[ $1 = \($0) ] || check 'undo \($0): \(undo[$0])' undo_\($0)" }
    let setUp = """
      ip link add wan0 type veth peer name wan1
      ip link add port0 type veth peer name port1
      # Once up, a device keeps its queueing discipline when it is down; the first namespace makes /run/netns a mount.
      ip link set wan0 up; ip link set wan0 down
      ip netns add first; ip netns delete first; mkdir /etc/netns
      echo 1 >/proc/sys/net/ipv4/conf/wan0/forwarding
      state() { snapshot; cat /proc/sys/net/ipv4/conf/wan0/forwarding; }
      mkdir kept
      keep() { cat "/proc/sys/$1" >"kept/${1//\\//+}"; }
      put_back() { cat "kept/${1//\\//+}" >"/proc/sys/$1"; }
      before=$(state)
      \(undo.compactMap(kept).joined(separator: "\n"))
      up() {
        check up sh up.sh
        # What the script keeps to undo things itself is no part of the plan, nor that it keeps the files there.
        for link in /etc/netns/*; do
          [ -L "$link" ] || continue
          cp -rL "$link" "$link.files"; rm "$link"; mv "$link.files" "$link"
        done
        rm -rf /run/netwright
        ip netns exec web sleep 100 &
        sleep 0.1
      }
      take_back() { \(calls.joined(separator: "\n")); }
      \(functions.joined(separator: "\n"))

      """
    let outcome = try KernelSandbox.run(
      setUp + text, files: ["up.sh": emitShellScript(plan, options: ScriptOptions(style: .plain))])
    #expect(
      outcome.status == 0 && outcome.output.hasSuffix("passed\n"),
      "status \(outcome.status)\n\(outcome.output)\(outcome.errors)")
  }

  private func kept(_ inverse: Inverse) -> String? {
    if case .restoreSysctl(.host, let key) = inverse { "keep \(key.path)" } else { nil }
  }

  /// What the machine's own kernel may lack: the rules of a VRF, the VLANs of a port, devices on a device.
  @Test func `rules of a VRF and VLANs of a port come back in the second kernel`() throws {
    let (parent, port) = (try link("d0"), try link("port0"))
    let kinds: [(String, LinkKind)] = [
      ("red", .vrf(table: 10)), ("blue", .vrf(table: 20)), ("d0", .dummy),
      ("d0.5", .vlan(parent: parent.name, id: try value("5"))), ("mv0", .macvlan(parent: parent, mode: .bridge)),
    ]
    let (first, last): (VLANID, VLANID) = (try value("10"), try value("12"))
    let devices = try kinds.map { Operation.addLink(AddLink(link: try link($0.0), kind: $0.1)) }
    let plan = try plan(
      devices + [
        .addBridgeVLAN(
          AddBridgeVLAN(link: port, first: first, last: last, isPVID: false, isUntagged: false, replacesDefault: true))
      ])
    let undo = try plan.undo.map { "check '\($0)' eval '\(try $0.command())'" }
    // Three VLANs and a VRF's rules; both VRFs; the dummy, without what sits on it.
    try #require(undo.count == 5)
    let outcome = try SecondKernel.run(
      """
      ip link add brx type bridge vlan_filtering 1
      ip link add port0 type veth peer name port1; ip link set port0 master brx
      state() { settled; bridge vlan show; }
      before=$(state)
      ip link add red type vrf table 10; ip link add blue type vrf table 20
      ip link add d0 type dummy; ip link add link d0 name d0.5 type vlan id 5
      ip link add link d0 name mv0 type macvlan mode bridge
      bridge vlan delete dev port0 vid 1; bridge vlan add dev port0 vid 10-12
      check 'the rule of the VRFs' grep -q '^1000:' <<<"$(ip rule)"
      check 'the VLANs' grep -q -w 12 <<<"$(bridge vlan show dev port0)"
      check 'the VLAN device' ip link show d0.5
      \(undo.joined(separator: "\n"))
      same 'what was before is back' "$before" "$(state)"
      """, files: [:])
    #expect(
      outcome.status == 0 && outcome.output.contains("passed\n"),
      "status \(outcome.status)\n\(outcome.output)\(outcome.errors)")
  }

  // MARK: The plan

  /// A container on a bridge, a port and a device that were there before and stay, and what hangs on all of them.
  private static func everything(withIPv6: Bool) throws -> Plan {
    let (wan, bridge, port) = (try link("wan0"), try link("br0"), try link("v-web"))
    let (web, inside): (NamespaceName, LinkReference) = (try value("web"), try link("eth0", in: "web"))
    func address(_ link: LinkReference, _ text: String) throws -> Operation {
      .addAddress(AddAddress(link: link, address: try value(text)))
    }
    func route(_ destination: String, _ action: RouteAction) throws -> Operation {
      .addRoute(AddRoute(place: .host, destination: try value(destination), action: action))
    }
    func sysctl(_ key: String, _ text: String) throws -> Operation {
      .setSysctl(SetSysctl(place: .host, key: try value(key), value: text))
    }
    func hop(_ gateway: String, _ link: LinkReference) throws -> NextHop {
      NextHop(gateway: try value(gateway), device: link.name)
    }
    var operations: [Operation] = [
      .addNamespace(AddNamespace(name: web)),
      // Switches wan0's forwarding too, which then is set by itself; both have to come back.
      try sysctl("net.ipv4.ip_forward", "1"), try sysctl("net.ipv4.conf.wan0.forwarding", "0"),
      .addLink(AddLink(link: bridge, kind: .bridge(BridgeOptions()))),
      try address(bridge, "10.1.0.1/24"), .setLinkUp(SetLinkUp(link: bridge)),
      .addVethPair(AddVethPair(.init(inside), .init(port))),
      .setMaster(SetMaster(link: port, master: bridge.name)), .setLinkUp(SetLinkUp(link: port)),
      .setMaster(SetMaster(link: try link("port0"), master: bridge.name)),
      try address(inside, "10.1.0.2/24"), .setLinkUp(SetLinkUp(link: inside)),
      .setAddressGeneration(SetAddressGeneration(link: wan, mode: .none)),
      try address(wan, "192.0.2.1/24"), .setLinkUp(SetLinkUp(link: wan)),
    ]
    if withIPv6 { operations.append(try address(wan, "2001:db8::1/64")) }
    operations += [
      .addQdisc(
        AddQdisc(
          link: wan, kind: .tbf(TBFOptions(rate: try value("1gbit"), burst: 20000, latency: try value("50ms"))))),
      try route("10.9.0.0/16", .unicast([hop("10.1.0.2", bridge), hop("192.0.2.2", wan)])),
      try route("10.66.0.0/16", .blackhole),
      .addRule(AddRule(place: .host, family: .ipv4, priority: 77, inputDevice: bridge.name, action: .table(100))),
      .writeNamespaceFile(WriteNamespaceFile(namespaces: [web], file: .hosts, lines: ["127.0.0.1\tlocalhost"])),
    ]
    return try plan(operations)
  }
}
