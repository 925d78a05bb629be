import Foundation
import NetwrightTestSupport
import Testing

/// The same checks in the simulator and, with real sockets, in the kernel.
@Suite struct LiveTests {
  private static let lab = """
    name: live
    services:
      web: { networks: { front: { ipv4_address: 10.1.0.10, addresses: [10.1.0.11/24] } }, expose: ["80", "53/udp"] }
      db: { networks: { back: { ipv4_address: 10.2.0.10, ipv6_address: "fd00:2::10" } }, expose: ["5432"] }
      near: { networks: [back] }
      alone: { network_mode: none }
    routers:
      edge:
        networks: { front: { ipv4_address: 10.1.0.1 }, back: { ipv4_address: 10.2.0.1 } }
        routes: [{ to: 10.66.0.0/16, type: prohibit }, { to: 10.67.0.0/16, type: blackhole }]
    networks:
      front: { ipam: { config: [{ subnet: 10.1.0.0/24, gateway: 10.1.0.1 }] } }
      back:
        enable_ipv6: true
        ipam: { config: [{ subnet: 10.2.0.0/24, gateway: 10.2.0.1 }, { subnet: "fd00:2::/64" }] }
    checks:
      - { from: web, to: 10.2.0.10, expect: reachable }
      - { from: db, to: "10.1.0.10:80", expect: reachable }
      - { from: db, to: "10.1.0.10:53/udp", expect: reachable }
      - { from: db, to: "10.1.0.11:53/udp", expect: reachable }
      - { from: db, to: "10.1.0.10:54/udp", expect: refused }
      - { from: db, to: "10.1.0.10:81", expect: refused }
      - { from: web, to: "db:5432", expect: reachable }
      - { from: near, to: "[fd00:2::10]:5432", expect: reachable }
      - { from: near, to: "fd00:2::10", expect: reachable }
      - { from: near, to: "fd00:2::99", expect: unreachable }
      - { from: web, to: 10.1.0.99, expect: unreachable }
      - { from: web, to: 10.66.0.1, expect: filtered }
      - { from: web, to: 10.67.0.1, expect: filtered }
      - { from: alone, to: 10.1.0.10, expect: unreachable }
      - { from: host, to: 10.1.0.10, expect: unreachable }

    """

  /// More errors in a row than a machine sends to one at once (ip_error: ip_rt_error_burst).
  private static let many =
    """
    name: many
    services: { a: { networks: [n] } }
    networks: { n: { ipam: { config: [{ subnet: 10.0.0.0/24, gateway: 10.0.0.1 }] } } }
    routers: { r: { networks: { n: { ipv4_address: 10.0.0.1 } } } }
    checks:

    """
    + (1...8).map { "  - { from: a, to: \"10.\($0).0.1\($0 % 2 == 0 ? ":80" : "")\", expect: unreachable }\n" }
    .joined()

  @Test func `errors are waited for that a machine may not send yet`() throws {
    let outcome = try live(Self.many)
    #expect(outcome.output.contains("8 checks, 0 failed\n"), "\(outcome.output)\(outcome.errors)")
  }

  @Test func `the kernel passes what the simulator does`() throws {
    let simulated = try Command.run("test -f -", input: Self.lab)
    #expect(simulated.status == 0, "\(simulated.output)\(simulated.errors)")
    let text = """
      "$NETWRIGHT" test --live -f lab.yaml; echo "status $?"
      ip link set lo up
      "$NETWRIGHT" up -f lab.yaml >/dev/null 2>&1 || echo failed
      settled >/dev/null
      "$NETWRIGHT" test --live -f lab.yaml; echo "status $?"
      ip -n db link set eth0 down
      "$NETWRIGHT" test --live -f lab.yaml --format tap | head -n 3
      "$NETWRIGHT" down -f lab.yaml >/dev/null 2>&1 || echo failed

      """
    let outcome = try KernelSandbox.run(
      "NETWRIGHT='\(Command.path)'\n" + text, files: ["lab.yaml": Self.lab])
    // Before it is up there is nothing to try.
    #expect(outcome.errors.contains("the namespace web isn't there") && outcome.output.hasPrefix("status 3\n"))
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.contains("15 checks, 0 failed") && lines.contains("status 0"), "\(outcome.output)\(outcome.errors)")
    // Real sockets notice what was changed behind the plan's back.
    #expect(lines.contains { $0.hasPrefix("not ok 1 - web -> 10.2.0.10") }, "\(outcome.output)")
  }

  /// A service that is called `host`, which is on one network alone, and routes of the asker's own that lead nowhere.
  private static let own =
    """
    name: own
    services:
      host: { networks: { one: { ipv4_address: 10.1.0.10 } }, expose: ["80"] }
      near:
        networks: { one: { ipv4_address: 10.1.0.11, ipv6_address: "fd01::11" } }
        routes:
          - { to: 10.66.0.0/16, type: prohibit }
          - { to: 10.67.0.0/16, type: unreachable }
          - { to: 10.68.0.0/16, type: blackhole }
          - { to: "fd66::/64", type: prohibit }
          - { to: "fd67::/64", type: unreachable }
          - { to: "fd68::/64", type: blackhole }
      web: { networks: { two: { ipv4_address: 10.2.0.10 } } }
    networks:
      one: { enable_ipv6: true, ipam: { config: [{ subnet: 10.1.0.0/24 }, { subnet: "fd01::/64" }] } }
      two: { ipam: { config: [{ subnet: 10.2.0.0/24 }] } }
    checks:
      - { from: host, to: 10.1.0.11, expect: reachable, as: host }
      - { from: host, to: 10.2.0.10, expect: filtered }
      - { from: near, to: "host:80", expect: reachable, as: near }

    """
    + [6, 7, 8].flatMap { number in
      ["10.6\(number).0.1", "10.6\(number).0.1:80", "10.6\(number).0.1:53/udp"]
        + ["fd6\(number)::1", "[fd6\(number)::1]:80", "[fd6\(number)::1]:53/udp"]
    }.map { "  - { from: near, to: \"\($0)\", expect: unreachable }\n" }.joined()

  @Test func `a service called host, and routes of the asker's own`() throws {
    let simulated = try Command.run("test -f -", input: Self.own)
    #expect(simulated.output.hasSuffix("21 checks, 0 failed\n"), "\(simulated.output)\(simulated.errors)")
    let outcome = try live(Self.own)
    #expect(outcome.output.contains("21 checks, 0 failed\n"), "\(outcome.output)\(outcome.errors)")
  }

  /// Builds a file's network in a sandbox and runs its checks there.
  private func live(_ file: String) throws -> KernelSandbox.Outcome {
    try KernelSandbox.run(
      """
      NETWRIGHT='\(Command.path)'
      ip link set lo up
      "$NETWRIGHT" up -f lab.yaml >/dev/null 2>&1 || echo failed
      settled >/dev/null
      "$NETWRIGHT" test --live -f lab.yaml

      """, files: ["lab.yaml": file])
  }
}
