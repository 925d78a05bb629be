import Netwright
import Testing

/// What happens over time, and with devices that not every kernel has; the expectations are the kernel's documented
/// behaviour.
@Suite struct ScenarioTests {
  /// Carries out steps and compares: what follows `=>` must stand in what the step prints, what follows `!>` must not.
  private func run(_ yaml: String, _ script: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let compilation = compile([Input(name: "lab.yaml", bytes: Array(yaml.utf8))])
    let findings = try compilation.findings(as: .text)
    var simulation = try #require(Simulation(compilation), "\(findings)", sourceLocation: sourceLocation)
    #expect(!simulation.hasFailures, "\(simulation.stepsText(showsAll: false))", sourceLocation: sourceLocation)
    var printed = ""
    for line in script.split(separator: "\n") {
      if line.hasPrefix("=> ") {
        #expect(printed.contains(line.dropFirst(3)), "\(printed)", sourceLocation: sourceLocation)
      } else if line.hasPrefix("!> ") {
        #expect(!printed.contains(line.dropFirst(3)), "\(printed)", sourceLocation: sourceLocation)
      } else {
        printed = try simulation.run(try ScenarioStep(String(line))).text
      }
    }
  }

  private static let pair = """
    services:
      a: { networks: { lan: { ipv4_address: 10.0.0.10 } } }
      b: { networks: { lan: { ipv4_address: 10.0.0.11 } } }
    networks: { lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } } }
    """

  @Test func `neighbors pass through their states`() throws {
    // 30 s reachable, then stale; used, it waits 5 s and asks again, three times a second apart (RFC 4861 §7.3.3).
    try run(
      Self.pair,
      """
      ping a b
      show a ip neigh
      => 10.0.0.11 dev eth0 lladdr 02:42:0a:00:00:0b REACHABLE
      wait 29s
      show a ip neigh
      => REACHABLE
      wait 2s
      show a ip neigh
      => STALE
      ping a b
      show a ip neigh
      => DELAY
      wait 6s
      show a ip neigh
      => REACHABLE
      set b eth0 down
      wait 31s
      ping a b -W 1
      wait 6s
      show a ip neigh
      => PROBE
      wait 4s
      show a ip neigh
      => 10.0.0.11 dev eth0 FAILED
      """)
  }

  @Test(arguments: ["balance-tlb", "balance-alb"])
  func `what a bond shares out by load isn't guessed`(_ mode: String) throws {
    try run(
      """
      routers:
        a:
          interfaces:
            bond0: { type: bond, mode: \(mode), members: [one, two], addresses: [10.30.0.1/24] }
        b:
          interfaces:
            bond0: { type: bond, mode: \(mode), members: [one, two], addresses: [10.30.0.2/24] }
      links:
        - { endpoints: ["a:one", "b:one"] }
        - { endpoints: ["a:two", "b:two"] }
      """,
      """
      trace a 10.30.0.2
      => a bond in mode \(mode)
      set a two down
      set b two down
      ping a 10.30.0.2
      => 1 received
      """)
  }

  @Test func `bridges forget after five minutes`() throws {
    // The last frame is b's question whether a is still there, five seconds after the ping.
    try run(
      Self.pair,
      """
      ping a b
      show host bridge fdb
      => 02:42:0a:00:00:0a dev v-a-eth0 master br-lan
      wait 299s
      show host bridge fdb
      => 02:42:0a:00:00:0a dev v-a-eth0 master br-lan
      wait 7s
      show host bridge fdb
      !> 02:42:0a:00:00:0a dev v-a-eth0
      => dev v-a-eth0 master br-lan permanent
      """)
  }

  @Test func `the spanning tree opens a ring`() throws {
    // Of two cables between two bridges one is blocked; when the other goes, it takes over.
    try run(
      """
      services:
        a: { networks: { one: { ipv4_address: 10.0.0.10 } } }
        b: { networks: { two: { ipv4_address: 10.1.0.10 } } }
      networks:
        one: { stp: true, ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
        two: { stp: true, ipam: { config: [{ subnet: 10.1.0.0/24 }] } }
      links:
        - { endpoints: [one, two] }
        - { endpoints: [two, one] }
      """,
      """
      show host bridge link
      => state blocking
      => state forwarding
      ping a 10.0.0.99
      !> 64 bytes
      """)
  }

  @Test func `routes are taken when a link goes`() throws {
    try run(
      """
      services:
        a: { networks: { lan: { ipv4_address: 10.0.0.10 } }, routes: [{ to: 10.9.0.0/24, via: 10.0.0.1 }] }
      routers:
        r: { networks: { lan: { ipv4_address: 10.0.0.1 } } }
        s: { routes: [{ to: 10.0.0.0/24, via: 10.9.0.1 }] }
      links: [{ endpoints: ["r:east", "s:west"], subnet: 10.9.0.0/30 }]
      networks: { lan: { ipam: { config: [{ subnet: 10.0.0.0/24, gateway: 10.0.0.1 }] } } }
      """,
      """
      traceroute a 10.9.0.2
      =>  1  r (10.0.0.1)
      =>  2  10.9.0.2 (10.9.0.2)
      ping a 10.9.0.2
      => 64 bytes from 10.9.0.2: icmp_seq=1 ttl=63
      set r east down
      show r ip route
      !> 10.9.0.0/30
      ping a 10.9.0.2
      => From 10.0.0.1 icmp_seq=1 Destination Net Unreachable
      """)
  }

  @Test func `a path's MTU is learned`() throws {
    // The first packet is refused by the router, those after it are fragmented (RFC 1191).
    try run(
      """
      services:
        a: { networks: { lan: { ipv4_address: 10.0.0.10 } } }
      routers:
        r: { networks: { lan: { ipv4_address: 10.0.0.1 } } }
        s: { routes: [{ to: 10.0.0.0/24, via: 10.9.0.1 }] }
      links: [{ endpoints: ["r:east", "s:west"], subnet: 10.9.0.0/30, mtu: 1400 }]
      networks: { lan: { ipam: { config: [{ subnet: 10.0.0.0/24, gateway: 10.0.0.1 }] } } }
      """,
      """
      ping a 10.9.0.2 -c 2 -s 1450
      => From 10.0.0.1 icmp_seq=1 Frag needed and DF set (mtu = 1400)
      => 1458 bytes from 10.9.0.2: icmp_seq=2
      ping a 10.9.0.2 -s 1450 -M do
      => ping: local error: message too long, mtu=1400
      wait 601s
      ping a 10.9.0.2 -s 1450 -M do
      => Frag needed and DF set (mtu = 1400)
      """)
  }

  @Test func `what was learned of a path belongs to the way`() throws {
    // nhc_exceptions of struct fib_nh_common.
    try run(
      """
      services:
        a: { routes: [{ to: 10.9.0.0/24, via: 10.1.0.1 }, { to: 10.9.0.0/24, via: 10.2.0.1, metric: 200 }] }
      routers:
        r1: { routes: [{ to: 10.9.0.0/24, via: 10.11.0.2 }] }
        r2: { routes: [{ to: 10.9.0.0/24, via: 10.12.0.2 }] }
        x:
          routes: [{ to: 10.1.0.0/24, via: 10.11.0.1 }, { to: 10.2.0.0/24, via: 10.12.0.1 }]
          interfaces: { br: { type: bridge, addresses: [10.9.0.2/24] } }
      links:
        - { endpoints: [{ node: a, interface: e1, addresses: [10.1.0.2/24] }, { node: r1, interface: e0, addresses: [10.1.0.1/24] }] }
        - { endpoints: [{ node: a, interface: e2, addresses: [10.2.0.2/24] }, { node: r2, interface: e0, addresses: [10.2.0.1/24] }] }
        - { mtu: 1300, endpoints: [{ node: r1, interface: e1, addresses: [10.11.0.1/24] }, { node: x, interface: e1, addresses: [10.11.0.2/24] }] }
        - { endpoints: [{ node: r2, interface: e1, addresses: [10.12.0.1/24] }, { node: x, interface: e2, addresses: [10.12.0.2/24] }] }
      """,
      """
      ping a 10.9.0.2 -s 1400 -M do
      => From 10.1.0.1 icmp_seq=1 Frag needed and DF set (mtu = 1300)
      ping a 10.9.0.2 -s 1400 -M do
      => message too long, mtu=1300
      set a e1 down
      ping a 10.9.0.2 -s 1400 -M do
      => 1408 bytes from 10.9.0.2: icmp_seq=1 ttl=63
      """)
  }

  @Test func `no program speaks to a broadcast address unasked`() throws {
    // What ping(8) and traceroute(8) print (__ip4_datagram_connect: EACCES).
    try run(
      Self.pair,
      """
      ping a 10.0.0.255
      => ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules
      traceroute a 10.0.0.255
      => connect: Permission denied
      """)
  }

  /// A path with a narrow end, with a parameter set on both its sender and its first router.
  private static func path(_ parameter: String) -> String {
    """
    services:
      a: { routes: [{ to: 10.0.0.0/8, via: 10.1.0.1 }], sysctls: { PARAMETER } }
    routers:
      r1: { routes: [{ to: 10.9.0.0/24, via: 10.2.0.2 }], sysctls: { PARAMETER } }
      r2: { routes: [{ to: 10.1.0.0/24, via: 10.2.0.1 }] }
      x: { routes: [{ to: 10.0.0.0/8, via: 10.9.0.1 }] }
    links:
      - endpoints:
          - { node: a, interface: e1, addresses: [10.1.0.2/24] }
          - { node: r1, interface: e0, addresses: [10.1.0.1/24] }
      - endpoints:
          - { node: r1, interface: e1, addresses: [10.2.0.1/24] }
          - { node: r2, interface: e0, addresses: [10.2.0.2/24] }
      - mtu: 1300
        endpoints:
          - { node: r2, interface: e1, addresses: [10.9.0.1/24] }
          - { node: x, interface: e1, addresses: [10.9.0.2/24] }
    """.replacing("PARAMETER", with: parameter)
  }

  @Test func `a router goes by what it learned of a path if it is told to`() throws {
    // ip_dst_mtu_maybe_forward.
    let learned = """
      ping r1 10.9.0.2 -s 1400 -M do
      => From 10.2.0.2 icmp_seq=1 Frag needed and DF set (mtu = 1300)
      ping a 10.9.0.2 -s 1400 -M do

      """
    try run(Self.path("net.ipv4.ip_forward_use_pmtu: 0"), learned + "=> From 10.2.0.2")
    try run(Self.path("net.ipv4.ip_forward_use_pmtu: 1"), learned + "=> From 10.1.0.1")
    // What is more than the links take counts in any case.
    try run(
      Self.path("net.ipv4.route.min_pmtu: 1350"),
      learned + "=> From 10.1.0.1 icmp_seq=1 Frag needed and DF set (mtu = 1350)")
  }

  @Test func `the fastest rate that can be written is one`() throws {
    // 18446744tbit in bytes times a wait is more than any register holds.
    try run(
      """
      services:
        a: { networks: { lan: { impairment: { rate: 18446744tbit } } } }
        b: { networks: [lan] }
      networks: { lan: {} }
      """,
      """
      ping a b
      => 64 bytes from b
      wait 1h
      ping a b
      => 64 bytes from b
      """)
  }

  @Test(arguments: [
    ("net.ipv4.icmp_ratelimit", 1000), ("net.ipv4.icmp_ratemask", 6168), ("net.ipv4.tcp_syn_retries", 6),
    ("net.ipv6.icmp.ratelimit", 100), ("net.ipv4.ip_default_ttl", 64),
  ])
  func `what is modelled is listed among all parameters, written or not`(_ key: String, _ initial: Int) throws {
    let pair = Self.pair.replacing("a: {", with: "a: { sysctls: { \(key): 17 },")
    try run(
      pair,
      """
      show a sysctl -a
      => \(key) = 17
      show b sysctl -a
      => \(key) = \(initial)
      """)
  }

  @Test func `VLANs keep apart`() throws {
    try run(
      """
      services:
        a: { networks: { sw: { ipv4_address: 10.0.0.10, vlan: 10 } } }
        b: { networks: { sw: { ipv4_address: 10.0.0.11, vlan: 10 } } }
        c: { networks: { sw: { ipv4_address: 10.0.0.12, vlan: 20 } } }
      networks: { sw: { vlan_filtering: true, ipam: { config: [{ subnet: 10.0.0.0/24 }] } } }
      """,
      """
      ping a b
      => 64 bytes from b
      ping a c
      => Destination Host Unreachable
      show host bridge vlan
      => v-c-eth0          20 PVID Egress Untagged
      """)
  }

  @Test func `a bridge's MTU follows its ports, and IPv6 the MTU`() throws {
    // Seed 5553: below 1280 bytes there is no IPv6, and the first port raised the MTU.
    try run(
      """
      services: { a: { networks: [lan] } }
      networks:
        lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
        small: { mtu: 1200, ipam: { config: [{ subnet: 10.1.0.0/24 }] } }
      links: [{ endpoints: [lan, small] }]
      """,
      """
      show host ip -6 route show table local
      => multicast ff00::/8 dev br-small proto kernel metric 256
      show host ip link
      => br-small: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500
      """)
  }

  @Test func `who has an address answers before who only knows the way`() throws {
    // Seed 5807: p answers for all that it has a route to by another device.
    try run(
      """
      services:
        a: { networks: { lan: { ipv4_address: 10.0.0.10 } } }
        p: { networks: [lan, other], sysctls: { net.ipv4.conf.all.proxy_arp: 1, net.ipv4.ip_forward: 1 },
             routes: [{ to: 10.0.0.11/32, via: 10.1.0.1 }, { to: 10.0.0.99/32, via: 10.1.0.1 }] }
        b: { networks: { lan: { ipv4_address: 10.0.0.11 } } }
      networks:
        lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
        other: { ipam: { config: [{ subnet: 10.1.0.0/24, gateway: 10.1.0.1 }] } }
      """,
      """
      ping a b
      => 64 bytes from b (10.0.0.11): icmp_seq=1 ttl=64
      show a ip neigh
      => 10.0.0.11 dev eth0 lladdr 02:42:0a:00:00:0b REACHABLE
      wait 2s
      show a ip neigh
      => 10.0.0.11 dev eth0 lladdr 02:42:0a:00:00:0b REACHABLE
      ping a 10.0.0.99
      show a ip neigh
      => 10.0.0.99 dev eth0 lladdr 02:42:0a:00:00:02 REACHABLE
      """)
  }
}
