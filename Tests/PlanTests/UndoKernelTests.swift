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
    let functions = try undo.enumerated().map { "undo_\($0) () { \(try command(for: $1)); }" }
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
        # What the script keeps to undo things itself is no part of the plan.
        rm -rf /run/netwright
        ip netns exec web sleep 100 &
        sleep 0.1
      }
      take_back() { \(calls.joined(separator: "\n")); }
      \(functions.joined(separator: "\n"))

      """
    let outcome = try KernelSandbox.run(
      setUp + text, files: ["up.sh": emitShellScript(plan, options: ScriptOptions(style: .plain))], seconds: 120)
    #expect(
      outcome.status == 0 && outcome.output.hasSuffix("passed\n"),
      "status \(outcome.status)\n\(outcome.output)\(outcome.errors)")
  }

  private func kept(_ inverse: Inverse) -> String? {
    if case .restoreSysctl(.host, let key) = inverse { "keep \(key.path)" } else { nil }
  }

  /// The command for an inverse in the host's namespace.
  private func command(for inverse: Inverse) throws -> String {
    switch inverse {
    case .deleteNamespace(let name): return "ip netns delete \(name)"
    case .deleteLink(let link): return "ip link delete \(link.name)"
    case .clearMaster(let link): return "ip link set \(link.name) nomaster"
    case .restoreAddressGeneration(let link): return "ip link set \(link.name) addrgenmode eui64"
    case .setLinkDown(let link): return "ip link set \(link.name) down"
    case .deleteAddress(let payload): return "ip address delete \(payload.address) dev \(payload.link.name)"
    case .deleteRoute(let payload):
      var words = payload.destination.family == .ipv4 ? "ip -4" : "ip -6"
      words += " route delete"
      if case .blackhole = payload.action { words += " blackhole" }
      return "\(words) \(payload.destination)"
    case .deleteRule(let payload): return "ip rule delete priority \(payload.priority)"
    case .restoreSysctl(_, let key): return "put_back \(key.path)"
    case .deleteQdisc(let link): return "tc qdisc delete dev \(link.name) root"
    case .removeNamespaceFile(let names, let file):
      return names.map { "rm /etc/netns/\($0)/\(file.rawValue); rmdir /etc/netns/\($0)" }.joined(separator: "; ")
    case .deleteBridgeVLAN, .restoreVRFRules:
      throw Unexpected(inverse: inverse)
    }
  }

  /// An inverse that the plan here has no use for.
  private struct Unexpected: Error { var inverse: Inverse }

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
