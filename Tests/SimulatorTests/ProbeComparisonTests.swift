import Foundation
import Netwright
import NetwrightTestSupport
import Testing

/// What ping and traceroute print in the simulator is what they print in the kernel, but for the times.
@Suite struct ProbeComparisonTests {
  private static let lab = """
    services:
      web: { networks: { front: { ipv4_address: 10.1.0.10 } } }
      db:
        networks: { back: { ipv4_address: 10.2.0.20, ipv6_address: "fd00:2::20" } }
        routes: [{ to: 198.51.100.0/24, type: blackhole }, { to: 198.51.101.0/24, type: unreachable }, { to: 198.51.102.0/24, type: prohibit }]
      near: { networks: { back: { ipv4_address: 10.2.0.21, ipv6_address: "fd00:2::21" } } }
      shut:
        networks: { back: { ipv4_address: 10.2.0.22, ipv6_address: "fd00:2::22" } }
        firewall:
          output: { policy: accept, rules: [{ icmp: echo-request, to: near, action: reject }, { icmp: echo-request, to: db, action: drop }] }
      alone: { network_mode: none }
      many: { scale: 3, networks: [back] }
    routers:
      edge:
        networks: { front: { ipv4_address: 10.1.0.1 }, back: { ipv4_address: 10.2.0.1, ipv6_address: "fd00:2::1" } }
        routes: [{ to: 10.66.0.0/16, type: prohibit }, { to: 10.67.0.0/16, type: blackhole }, { to: 10.68.0.0/16, type: unreachable }, { to: 10.70.0.0/24, via: 10.50.0.2 }]
      core: { routes: [{ to: 10.0.0.0/8, via: 10.50.0.1 }] }
    links: [{ endpoints: ["edge:up", "core:down"], subnet: 10.50.0.0/30, mtu: 1400 }]
    networks:
      front: { ipam: { config: [{ subnet: 10.1.0.0/24, gateway: 10.1.0.1 }] } }
      back:
        enable_ipv6: true
        ipam: { config: [{ subnet: 10.2.0.0/24, gateway: 10.2.0.1 }, { subnet: "fd00:2::/64", gateway: "fd00:2::1" }] }
    """

  /// Who asks, and the command line; each is a step of the simulator too.
  static let probes: [(from: String, command: String)] = [
    ("web", "ping 10.2.0.20 -c 2"), ("web", "ping 10.1.0.1 -c 1 -s 1000"), ("web", "ping 10.2.0.20 -c 1 -t 1"),
    ("web", "ping 10.1.0.99 -c 3"), ("web", "ping 10.66.0.1 -c 1"), ("web", "ping 10.67.0.1 -c 1 -W 1"),
    ("web", "ping 10.68.0.1 -c 1"), ("web", "ping 10.99.0.1 -c 1"), ("web", "ping 10.50.0.2 -c 2 -s 1450"),
    ("web", "ping 10.1.0.1 -c 1 -s 2000 -M do"), ("web", "ping 10.1.0.1 -c 1 -s 3000"),
    ("alone", "ping 10.1.0.10 -c 1"),
    ("db", "ping near -c 1"), ("db", "ping fd00:2::21 -c 1"), ("db", "ping fd00:2::99 -c 1"),
    ("db", "ping fd00:99::1 -c 1"),
    ("db", "ping 198.51.100.1 -c 1"), ("db", "ping 198.51.101.1 -c 1"), ("db", "ping 198.51.102.1 -c 1"),
    ("web", "ping edge -c 1"), ("alone", "ping fd00:2::20 -c 1"), ("host", "ping 127.0.0.1 -c 1"),
    ("shut", "ping 10.2.0.21 -c 2"), ("shut", "ping fd00:2::21 -c 2"), ("shut", "ping 10.2.0.20 -c 1 -W 1"),
    ("shut", "ping fd00:2::20 -c 1 -W 1"),
    ("web", "traceroute 10.2.0.20"), ("web", "traceroute 10.50.0.2"), ("db", "traceroute near"),
    ("db", "traceroute fd00:2::21"), ("web", "traceroute edge"), ("alone", "traceroute 10.1.0.10"),
    ("web", "traceroute 10.1.0.99"),
    // No room for the time in the data; nobody's address; of several those that are nearest by number.
    ("db", "ping near -c 1 -s 8"), ("db", "ping near -c 1 -s 16"), ("web", "ping 0.0.0.0 -c 1"),
    ("db", "traceroute many"), ("near", "traceroute many"), ("db", "ping many -c 1"), ("many-2", "ping many -c 1"),
  ]

  @Test func `they print the same`() throws {
    let compilation = compile([Input(name: "lab.yaml", bytes: Array(Self.lab.utf8))])
    let findings = try compilation.findings(as: .text)
    let simulation = try #require(Simulation(compilation), "\(findings)")
    let script = try #require(compilation.script())
    var text = """
      sh lab.sh up >/dev/null || exit
      export LC_ALL=C
      within() { if [ "$1" = host ]; then shift; "$@"; else ip netns exec "$@"; fi; }
      ip link set lo up
      for netns in $(ls /run/netns); do
        ip netns exec "$netns" sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
      done
      settled >/dev/null
      sleep 2

      """
    for (number, probe) in Self.probes.enumerated() {
      // One after another, each with neighbors that nobody has asked for.
      text += """
        for netns in $(ls /run/netns); do ip -n "$netns" neigh flush all; done
        echo '=== \(number)'; within \(probe.from) timeout 60 \(probe.command) 2>&1

        """
    }
    let differences = try lastingDifferences { try self.differences(from: simulation, script, text) }
    for (probe, text) in differences { Issue.record("\(probe):\n\(text)") }
  }

  /// The machine's own kernel may lack netem.
  @Test func `answers that come again are marked, in the second kernel too`() throws {
    let lab = """
      services: { a: {}, b: {} }
      links: [{ endpoints: ["a:eth0", "b:eth0"], subnet: 10.0.0.0/30, impairment: { duplicate: 100% } }]
      """
    let compilation = compile([Input(name: "lab.yaml", bytes: Array(lab.utf8))])
    var simulation = try #require(Simulation(compilation))
    let outcome = try SecondKernel.run(
      """
      export LC_ALL=C
      sh lab.sh up >/dev/null || exit
      ip netns exec a ping 10.0.0.2 -c 3
      ip netns exec a ping 10.0.0.2 -c 1

      """, files: ["lab.sh": try #require(compilation.script())])
    let steps = try [3, 1].map { try ScenarioStep("ping a 10.0.0.2 -c \($0)") }
    let simulated = try steps.map { try simulation.run($0).text }.joined()
    #expect(simulated.components(separatedBy: "(DUP!)").count == 7, "\(simulated)")
    #expect(Self.masked(simulated) == Self.masked(outcome.output.replacing("passed\n", with: "")), "\(outcome.errors)")
  }

  /// Of the first frame there are tokens for, and 8250 bytes may wait (tc/q_tbf.c): the others' are 7498 and 8232.
  @Test func `as much waits for a rate as its queue takes, in the second kernel too`() throws {
    let lab = """
      services: { a: {}, b: {} }
      links: [{ endpoints: ["a:eth0", "b:eth0"], subnet: 10.0.0.0/30, impairment: { rate: 1mbit } }]
      """
    let compilation = compile([Input(name: "lab.yaml", bytes: Array(lab.utf8))])
    var simulation = try #require(Simulation(compilation))
    let sizes = [56, 8800, 9500]
    let outcome = try SecondKernel.run(
      """
      export LC_ALL=C
      sh lab.sh up >/dev/null || exit
      for size in \(sizes.map(String.init).joined(separator: " ")); do
        ip netns exec a ping 10.0.0.2 -c 1 -s $size
        sleep 1
      done

      """, files: ["lab.sh": try #require(compilation.script())])
    var simulated = ""
    for size in sizes {
      simulated += try simulation.run(try ScenarioStep("ping a 10.0.0.2 -c 1 -s \(size)")).text
      _ = try simulation.run(try ScenarioStep("wait 1s"))
    }
    #expect(simulated.components(separatedBy: " 1 received").count == 4, "\(simulated)")
    #expect(Self.masked(simulated) == Self.masked(outcome.output.replacing("passed\n", with: "")), "\(outcome.errors)")
  }

  /// Tries everything in the kernel and in the simulator.
  ///
  /// - Returns: both texts of what differs, by the probes.
  private func differences(from simulation: Simulation, _ script: String, _ text: String) throws -> [String: String] {
    let outcome = try KernelSandbox.run(text, files: ["lab.sh": script])
    let answers = outcome.output.components(separatedBy: "=== ").dropFirst()
    try #require(answers.count == Self.probes.count, "\(outcome.errors)")
    var result: [String: String] = [:]
    for (probe, answer) in zip(Self.probes, answers) {
      let real = String(answer.drop { $0 != "\n" }.dropFirst()).replacing("passed\n", with: "")
      let words = probe.command.split(separator: " ")
      let step = "\(words[0]) \(probe.from) " + words.dropFirst().joined(separator: " ")
      var copy = simulation
      if probe.from == "host" { _ = try copy.run(try ScenarioStep("set host lo up")) }
      let simulated = try copy.run(try ScenarioStep(step)).text
      if Self.masked(simulated) != Self.masked(real) {
        result["\(probe.from): \(probe.command)"] = "the kernel says\n\(real)\nthe simulator\n\(simulated)"
      }
    }
    return result
  }

  /// A text without the times.
  private static func masked(_ text: String) -> String {
    text.replacing(/time[= ]\d+(\.\d+)? ?ms/) { _ in "time=T" }.replacing(/= \d[\d.\/]* ms/) { _ in "= T" }
      .replacing(/\ \d+\.\d+ ms/) { _ in " T ms" }
  }
}
