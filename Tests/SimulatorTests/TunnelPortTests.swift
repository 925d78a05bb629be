import NetworkTypes
import NetwrightTestSupport
import Plan
import Simulator
import Testing

/// Which VXLAN devices may have one UDP port, in the simulator and in the second kernel, which has VRFs.
@Suite struct TunnelPortTests {
  /// A VXLAN device: its number, its other end, and the device below; u is in red, w in blue, n in none.
  struct Tunnel: Sendable {
    var id = 1
    var remote = "10.0.0.9"
    var lower: String?
    var port = 4789
  }

  static let pairs: [(Tunnel, Tunnel)] = [
    (Tunnel(), Tunnel(id: 2)), (Tunnel(lower: "n"), Tunnel(id: 2, lower: "u")), (Tunnel(lower: "u"), Tunnel(id: 2)),
    (Tunnel(), Tunnel(id: 2, lower: "red")), (Tunnel(lower: "u"), Tunnel(id: 2, lower: "w")),
    (Tunnel(lower: "u"), Tunnel(id: 2, lower: "red")), (Tunnel(), Tunnel(id: 2, lower: "u", port: 4790)),
    (Tunnel(remote: "fd00::9"), Tunnel(id: 2, lower: "u")), (Tunnel(), Tunnel(remote: "fd00::9")),
    (Tunnel(lower: "w"), Tunnel(lower: "u")), (Tunnel(), Tunnel(lower: "u", port: 4790)), (Tunnel(), Tunnel()),
  ]

  @Test func `tunnels that share a port`() throws {
    var text = ""
    var simulated: [String] = []
    for (one, other) in Self.pairs {
      let steps = try Self.start() + [Self.add("x", one), Self.add("y", other), Self.up("x"), Self.up("y")]
      simulated.append(Self.firstError(of: steps.map(\.0)))
      text += steps.map { "ip link \($0.1) 2>&1" }.joined(separator: " &&\n") + "\necho ---\n"
      text += "for i in x y u w n red blue; do ip link del dev $i 2>/dev/null; done\n"
    }
    let outcome = try SecondKernel.run(text, files: [:])
    let real = outcome.output.split(separator: "---\n", omittingEmptySubsequences: false).dropLast()
    #expect(real.count == Self.pairs.count, "\(outcome)")
    for (index, (simulated, real)) in zip(simulated, real).enumerated() {
      let real = real.hasSuffix("\n") ? real.dropLast() : real
      #expect(simulated == real, "\(Self.pairs[index])")
    }
    #expect(simulated.count { $0.contains("in use") } == 3)
    #expect(simulated.count { $0.contains("already exists") } == 2)
  }

  private static func firstError(of operations: [Operation]) -> String {
    var kernel = Kernel()
    for operation in operations {
      do throws(KernelError) { try kernel.perform(operation) } catch { return error.message }
    }
    return ""
  }

  /// Three devices, one in each of two VRFs.
  private static func start() throws -> [(Operation, String)] {
    var steps: [(Operation, String)] = []
    for name in ["u", "w", "n"] { steps.append(try add(name, .dummy, "type dummy")) }
    for (name, table, member) in [("red", 10, "u"), ("blue", 20, "w")] {
      steps += [
        try add(name, .vrf(table: UInt32(table)), "type vrf table \(table)"),
        (
          .setMaster(SetMaster(link: LinkReference(.host, try value(member)), master: try value(name))),
          "set dev \(member) master \(name)"
        ),
      ]
    }
    return steps
  }

  private static func add(_ name: String, _ kind: LinkKind, _ words: String) throws -> (Operation, String) {
    (.addLink(AddLink(link: LinkReference(.host, try value(name)), kind: kind)), "add name \(name) \(words)")
  }

  private static func add(_ name: String, _ tunnel: Tunnel) throws -> (Operation, String) {
    let options = VXLANOptions(
      id: UInt32(tunnel.id), local: nil, remote: try value(tunnel.remote),
      device: try tunnel.lower.map { try value($0) },
      port: UInt16(tunnel.port))
    let lower = tunnel.lower.map { " dev \($0)" } ?? ""
    return try add(
      name, .vxlan(options),
      "type vxlan id \(tunnel.id) remote \(tunnel.remote)\(lower) dstport \(tunnel.port)")
  }

  private static func up(_ name: String) throws -> (Operation, String) {
    (.setLinkUp(SetLinkUp(link: LinkReference(.host, try value(name)))), "set dev \(name) up")
  }

  private static func value<Value: LosslessStringConvertible>(_ text: String) throws -> Value {
    try #require(Value(text))
  }
}
