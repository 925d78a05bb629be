import NetworkTypes
import Plan
import ShellScript
import Simulator
import Testing

/// What the kernel's own tests try of netfilter, and what container networks do, in the simulator and in the kernel.
///
/// The topologies are those of tools/testing/selftests/net/netfilter; what comes of them is the kernel's to say.
@Suite struct NetfilterScenarioTests {
  /// A network, its rules, and what is tried.
  struct Scenario: Sendable {
    let name: String
    let yaml: String
    let rules: @Sendable () throws -> [LoadRuleset]
    let probes: [(space: String, kind: FilteredLab.Probe.Kind, target: String, port: UInt16, size: Int)]
  }

  @Test func `the kernel does the same`() throws {
    let labs = try Self.all.flatMap { scenario in
      var lab = try #require(FilteredLab(scenario.yaml), "\(scenario.name)")
      lab.rulesets = try scenario.rules()
      lab.probes = try scenario.probes.enumerated().map { number, probe in
        FilteredLab.Probe(
          number: number, space: probe.space, kind: probe.kind, target: try value(probe.target), port: probe.port,
          own: UInt16(probe.kind == .icmp ? 5000 + number : 40_000 + (probe.size == 1 ? 0 : number)),
          size: probe.size == 1 ? 56 : probe.size)
      }
      var other = lab
      other.firewall = .iptables
      return [(name: scenario.name, lab: lab), (name: "\(scenario.name)-iptables", lab: other)]
    }
    // A probe whose outcome is missing counts as one that differs.
    try NetfilterComparisonTests.compare(labs)
  }

  // MARK: Networks

  private static let chain = """
    services:
      a: { networks: { left: { ipv4_address: 10.1.0.10, ipv6_address: "fd00:1::10" } } }
      b: { networks: { left: { ipv4_address: 10.1.0.11, ipv6_address: "fd00:1::11" } } }
      c: { networks: { right: { ipv4_address: 10.9.0.10, ipv6_address: "fd00:9::10" } } }
    networks:
      left: { enable_ipv6: true, ipam: { config: [{ subnet: 10.1.0.0/24, gateway: 10.1.0.1 },
              { subnet: "fd00:1::/64", gateway: "fd00:1::1" }] } }
      right: { enable_ipv6: true, mtu: MTU, ipam: { config: [{ subnet: 10.9.0.0/24, gateway: 10.9.0.1 },
              { subnet: "fd00:9::/64", gateway: "fd00:9::1" }] } }
    routers:
      r0:
        networks: { left: { ipv4_address: 10.1.0.1, ipv6_address: "fd00:1::1" } }
        routes: [{ to: 10.9.0.0/24, via: 10.50.0.2 }, { to: "fd00:9::/64", via: "fd00:50::2" }]
      r1:
        networks: { right: { ipv4_address: 10.9.0.1, ipv6_address: "fd00:9::1" } }
        routes: [{ to: 10.1.0.0/24, via: 10.50.0.1 }, { to: "fd00:1::/64", via: "fd00:50::1" }]
    links: [{ endpoints: ["r0:east", "r1:west"], subnet: [10.50.0.0/24, "fd00:50::/64"] }]
    """

  private static func bridged(callsRules: Bool) -> String {
    """
    services:
      web: { networks: { front: { ipv4_address: 10.1.0.10 } } }
      cli: { networks: { front: { ipv4_address: 10.1.0.11 } } }
      far: { networks: { wan: { ipv4_address: 10.9.0.10 } } }
    networks:
      front: { ipam: { config: [{ subnet: 10.1.0.0/24 }] } }
      wan: { ipam: { config: [{ subnet: 10.9.0.0/24 }] } }
    host: { sysctls: { net.ipv4.ip_forward: 1\(callsRules ? ", net.bridge.bridge-nf-call-iptables: 1" : "") } }
    """
  }

  // MARK: Rules

  private static func rule(_ matches: [NetfilterMatch], _ verdict: NetfilterVerdict? = nil) throws -> NetfilterRule {
    NetfilterRule(
      matches, verdict, comment: try value("rule"),
      origin: Origin(subject: "rules", file: "lab.yaml", line: 1, column: 1))
  }

  private static func chain(
    _ hook: NetfilterHook, _ priority: NetfilterPriority, drops: Bool = false, _ rules: [NetfilterRule]
  ) throws -> NetfilterChain {
    NetfilterChain(
      name: try value("\(hook.rawValue)-\(priority.rawValue)"), base: .init(hook, priority, dropsByDefault: drops),
      rules: rules)
  }

  private static func load(_ place: String, _ chains: [NetfilterChain]) throws -> LoadRuleset {
    LoadRuleset(
      place: place == "host" ? .host : .namespace(try value(place)),
      tables: [NetfilterTable(family: .inet, chains: chains)])
  }

  private static func to(_ address: String, _ ports: String? = nil) throws -> NetfilterTranslation {
    NetfilterTranslation(try value(address), ports: try ports.map { try value($0) })
  }

  private static func destination(_ prefix: String) throws -> NetfilterMatch {
    .destination(.init([try value(prefix)]))
  }

  private static func port(_ transport: TransportProtocol, _ port: UInt16) -> [NetfilterMatch] {
    [.transport(transport), .destinationPort(.init([PortRange(port)]))]
  }

  private static func counts(_ states: [ConnectionState]) throws -> [NetfilterRule] {
    try states.map { try rule([.connectionState([$0])]) }
  }

  private static let everyState: [ConnectionState] = [.new, .established, .related, .invalid]

  // MARK: Scenarios

  static let all: [Scenario] = [
    Scenario(
      // nft_nat.sh: a machine's own packets go elsewhere, by address and by port alone.
      name: "output-translation", yaml: chain.replacing("MTU", with: "1500"),
      rules: {
        [
          try load(
            "r0",
            [
              chain(
                .output, .dstnat,
                [
                  rule([destination("10.1.0.10/32"), .icmp(.ipv4)], .dnat(to("10.9.0.10"))),
                  rule([destination("fd00:1::10/128"), .icmp(.ipv6)], .dnat(to("fd00:9::10"))),
                  rule([destination("10.1.0.11/32")] + port(.tcp, 8080), .dnat(to("10.1.0.11", "81"))),
                  rule([destination("10.1.0.11/32")] + port(.udp, 82), .redirect(ports: PortRange(81))),
                ]),
              chain(.output, .filter, counts(everyState)), chain(.input, .filter, counts(everyState)),
            ])
        ]
      },
      probes: [
        ("r0", .icmp, "10.1.0.10", 0, 56), ("r0", .icmp, "fd00:1::10", 0, 56), ("r0", .tcp, "10.1.0.11", 8080, 0),
        ("r0", .udp, "10.1.0.11", 82, 0), ("r0", .tcp, "10.1.0.11", 81, 0), ("a", .icmp, "10.1.0.1", 0, 56),
      ]),
    Scenario(
      // A machine's answers about its addresses pass its rules (ndisc_send_skb).
      name: "refused-advertisements", yaml: chain.replacing("MTU", with: "1500"),
      rules: {
        [
          try load(
            "b", [chain(.output, .filter, [rule([.icmp(.ipv6), .icmpType(.init([136]))], .drop)])])
        ]
      },
      probes: [
        ("a", .icmp, "fd00:1::11", 0, 56), ("a", .icmp, "10.1.0.11", 0, 56), ("a", .icmp, "fd00:1::1", 0, 56),
      ]),
    Scenario(
      // nft_nat.sh: masquerade and redirect, both families.
      name: "masquerade-redirect", yaml: chain.replacing("MTU", with: "1500"),
      rules: {
        [
          try load(
            "r0",
            [
              chain(
                .prerouting, .dstnat,
                [
                  rule([destination("10.50.0.2/32"), .icmp(.ipv4)], .redirect(ports: nil)),
                  rule([.family(.ipv6)] + port(.tcp, 8080), .redirect(ports: PortRange(81))),
                ]),
              chain(
                .postrouting, .srcnat,
                [
                  rule([.output(.init([value("east")])), .transport(.tcp)], .masquerade(ports: PortRange(2000, 2001))),
                  rule([.output(.init([value("east")]))], .masquerade(ports: nil)),
                ]),
              chain(.forward, .filter, counts(everyState)),
            ])
        ]
      },
      probes: [
        ("a", .icmp, "10.9.0.10", 0, 56), ("a", .icmp, "fd00:9::10", 0, 56), ("a", .icmp, "10.50.0.2", 0, 56),
        ("a", .tcp, "fd00:9::10", 8080, 0), ("a", .udp, "10.9.0.10", 81, 1), ("b", .udp, "10.9.0.10", 81, 1),
        ("a", .tcp, "10.9.0.10", 81, 0), ("b", .tcp, "10.9.0.10", 81, 0), ("b", .tcp, "10.9.0.10", 81, 0),
        ("a", .icmp, "10.9.0.10", 0, 3000), ("a", .icmp, "fd00:9::10", 0, 3000),
      ]),
    Scenario(
      // conntrack_icmp_related.sh: errors about masqueraded packets are related, and reach who sent them.
      name: "related-errors", yaml: chain.replacing("MTU", with: "1280"),
      rules: {
        [
          try load(
            "r0",
            [
              chain(.postrouting, .srcnat, [rule([.output(.init([value("east")]))], .masquerade(ports: nil))]),
              chain(.forward, .filter, counts(everyState)), chain(.input, .filter, counts([.related, .invalid])),
            ]),
          try load("r1", [chain(.forward, .filter, counts([.related])), chain(.output, .filter, counts(everyState))]),
        ]
      },
      probes: [
        ("a", .icmp, "10.9.0.10", 0, 1400), ("a", .icmp, "fd00:9::10", 0, 1400), ("a", .icmp, "10.9.0.10", 0, 1400),
        ("a", .udp, "10.9.0.10", 82, 0), ("a", .udp, "fd00:9::10", 82, 0), ("a", .tcp, "10.9.0.10", 82, 0),
      ]),
    Scenario(
      // A published port, reached from beyond, from the network, from the host and from the container itself.
      name: "published", yaml: bridged(callsRules: false),
      rules: {
        [try load("host", try published())]
      }, probes: publishedProbes),
    Scenario(
      // br_netfilter.sh: what a bridge passes on meets the rules of packets, translation included.
      name: "published-bridge-nf", yaml: bridged(callsRules: true),
      rules: {
        [try load("host", try published())]
      }, probes: publishedProbes),
    Scenario(
      // A limit on resets counts what can be reset alone.
      name: "limited-resets", yaml: chain.replacing("MTU", with: "1500"),
      rules: {
        [
          try load(
            "r0",
            [
              chain(
                .forward, .filter,
                [rule([.limit(.init(packets: 1, per: .day, burst: 1))], .reject(.tcpReset)), rule([])])
            ])
        ]
      },
      probes: [
        ("a", .icmp, "10.9.0.10", 0, 56), ("a", .udp, "10.9.0.10", 81, 0), ("a", .tcp, "10.9.0.10", 81, 0),
        ("a", .tcp, "10.9.0.10", 81, 0),
      ]),
    Scenario(
      // Two senders with one port, and one port for both: the second connection can't be told from the first.
      name: "port-clash", yaml: chain.replacing("MTU", with: "1500"),
      rules: {
        [
          try load(
            "r0",
            [
              chain(
                .postrouting, .srcnat,
                [rule([.output(.init([value("east")])), .transport(.udp)], .masquerade(ports: PortRange(2000)))])
            ])
        ]
      },
      probes: [("a", .udp, "10.9.0.10", 81, 1), ("b", .udp, "10.9.0.10", 81, 1), ("b", .udp, "10.9.0.10", 8081, 0)]),
  ]

  private static func published() throws -> [NetfilterChain] {
    let front = NetfilterSelection<InterfaceName>([try value("br-front")])
    let notFront = NetfilterSelection<InterfaceName>([try value("br-front")], isNegated: true)
    let local: [NetfilterMatch] = [.family(.ipv4), .destinationIsLocal(true)]
    return [
      try chain(.prerouting, .dstnat, [rule(local + port(.tcp, 8080), .dnat(to("10.1.0.10", "81")))]),
      try chain(.output, .dstnat, [rule(local + port(.tcp, 8080), .dnat(to("10.1.0.10", "81")))]),
      try chain(
        .postrouting, .srcnat,
        [
          rule([.source(.init([value("10.1.0.0/24")])), .output(notFront)], .masquerade(ports: nil)),
          rule(
            [.source(.init([value("10.1.0.10/32")])), destination("10.1.0.10/32")] + port(.tcp, 81),
            .masquerade(ports: nil)),
        ]),
      try chain(
        .forward, .filter, drops: true,
        counts(everyState) + [
          rule([.connectionState([.established, .related])], .accept), rule([.input(front), .output(front)], .accept),
          rule([.destinationWasTranslated(true)], .accept), rule([.input(front)], .accept),
        ]),
    ]
  }

  private static let publishedProbes:
    [(space: String, kind: FilteredLab.Probe.Kind, target: String, port: UInt16, size: Int)] =
      [
        ("far", .tcp, "10.9.0.1", 8080, 0), ("far", .tcp, "10.1.0.10", 81, 0), ("host", .tcp, "10.9.0.1", 8080, 0),
        ("host", .tcp, "127.0.0.1", 8080, 0), ("web", .icmp, "10.1.0.11", 0, 56), ("cli", .tcp, "10.1.0.10", 81, 0),
        ("cli", .tcp, "10.1.0.1", 8080, 0), ("cli", .tcp, "10.9.0.1", 8080, 0), ("web", .tcp, "10.1.0.1", 8080, 0),
        ("web", .icmp, "10.9.0.10", 0, 56), ("web", .udp, "10.9.0.10", 81, 0), ("cli", .icmp, "10.1.0.10", 0, 3000),
      ]
}

/// A value that a test spells out; what can't be read fails the test.
private func value<Value: LosslessStringConvertible>(_ text: String) throws -> Value { try #require(Value(text)) }
