import KernelComparison
import NetworkTypes
import Netwright
import NetwrightTestSupport
import Packets
import Plan
import Testing

/// What `show` prints is what the programs print of the same network in the kernel, byte for byte but for what is
/// random.
@Suite struct ViewComparisonTests {
  /// A network, and what is tried in it before anybody looks.
  struct Network: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let yaml: String
    /// What is tried some seconds before, so that neighbors are known that groups may or may not have made known.
    var first: [(from: String, to: String)] = []
    /// Who pings which address.
    let pings: [(from: String, to: String)]
    let bridge: String
  }

  static let networks = [
    Network(
      testDescription: "two networks, a router and a link",
      yaml: """
        services:
          web: { networks: { front: { ipv4_address: 10.1.0.10 }, back: {} } }
          db: { networks: { back: { ipv4_address: 10.2.0.20 } } }
          alone: { network_mode: none }
        routers:
          edge: { networks: { back: { ipv4_address: 10.2.0.254 } } }
          core: { routes: [{ to: 10.2.0.0/24, via: 10.50.0.1 }] }
        links: [{ endpoints: ["edge:up", "core:down"], subnet: 10.50.0.0/30 }]
        networks:
          front: { ipam: { config: [{ subnet: 10.1.0.0/24 }] } }
          back:
            enable_ipv6: true
            ipam: { config: [{ subnet: 10.2.0.0/24, gateway: 10.2.0.254 }, { subnet: "fd00:2::/64" }] }
        """,
      pings: [("web", "10.50.0.2"), ("web", "10.2.0.20"), ("db", "10.2.0.99")], bridge: "br-back"),
    Network(
      testDescription: "routes of all kinds, rules and parameters",
      yaml: """
        services:
          a:
            networks: { lan: { ipv4_address: 10.0.0.10 } }
            sysctls: { net.ipv4.conf.all.rp_filter: 2, net.ipv4.ip_default_ttl: 32 }
            rules:
              - { from: 10.0.0.10, table: 100 }
              - { to: 192.0.2.0/24, table: 101, priority: 50 }
            routes:
              - { to: 203.0.113.0/24, type: blackhole }
              - { to: 203.0.114.0/24, type: unreachable, metric: 5 }
              - { to: 203.0.115.7/32, type: prohibit }
              - { to: 198.51.100.0/24, nexthops: [{ via: 10.0.0.11 }, { via: 10.0.0.12, weight: 3 }] }
              - { to: 198.51.101.0/24, via: 10.77.0.1, onlink: true, dev: eth0, table: 100 }
              - { to: 198.51.102.7/32, via: 10.0.0.12, metric: 9 }
          b: { networks: { lan: { ipv4_address: 10.0.0.11 } } }
          c: { networks: { lan: { ipv4_address: 10.0.0.12, addresses: [10.0.0.13/24, 10.8.0.1/16] } } }
        networks: { lan: { stp: true, ipam: { config: [{ subnet: 10.0.0.0/24 }] } } }
        """,
      pings: [("a", "10.0.0.12"), ("b", "10.0.0.10"), ("c", "10.0.0.10")], bridge: "br-lan"),
    Network(
      testDescription: "a tunnel, a bridge in a namespace and macvlan devices",
      yaml: """
        services:
          x: { networks: [base] }
          m: { networks: { mac: { ipv4_address: 10.9.0.10, mac_address: "02:00:00:00:09:10" } } }
          n: { networks: { mac: { ipv4_address: 10.9.0.11, mac_address: "02:00:00:00:09:11" } } }
        routers:
          left:
            interfaces:
              vx0: { type: vxlan, id: 42, local: 10.50.0.1, remote: 10.50.0.2 }
              br0: { type: bridge, members: [vx0], addresses: [10.88.0.1/24] }
          right:
            interfaces:
              vx0: { type: vxlan, id: 42, local: 10.50.0.2, remote: 10.50.0.1, addresses: [10.88.0.2/24] }
        links:
          - { endpoints: ["left:eth9", "right:eth9"], subnet: 10.50.0.0/30, mtu: 1600 }
        networks:
          base: { ipam: { config: [{ subnet: 10.7.0.0/24 }] } }
          mac:
            driver: macvlan
            driver_opts: { parent: br-base }
            ipam: { config: [{ subnet: 10.9.0.0/24 }] }
        """,
      first: [("left", "10.50.0.2"), ("right", "10.50.0.1")], pings: [("left", "10.88.0.2"), ("m", "10.9.0.11")],
      bridge: "br0"),
  ]

  /// The command lines that are compared, each in every namespace.
  static let views = [
    "ip addr", "ip link", "ip -s link", "ip -4 addr", "ip -6 addr", "ip -br link", "ip -br addr", "ip addr show dev lo",
    "ip route", "ip -6 route", "ip route show table all", "ip route show table local", "ip rule", "ip -6 rule",
    "ip neigh", "ip -4 neigh", "bridge link", "bridge fdb", "bridge vlan", "brctl show", "brctl showmacs BRIDGE",
    "bridge fdb show br BRIDGE", "ifconfig", "ifconfig -a", "ifconfig lo", "route -n", "sysctl net.ipv4.ip_forward",
    "sysctl net.ipv4.conf.all.rp_filter net.ipv4.ip_default_ttl", "sysctl -n net.ipv4.conf.lo.forwarding",
    "sysctl -a --pattern rp_filter", "sysctl net.ipv4.neigh.lo.retrans_time_ms net.ipv6.neigh.lo.retrans_time_ms",
    "iflink", "ip -j addr", "ip -j link", "ip -j -s link", "ip -j -br link",
    "ip -j -br addr", "ip -j route", "ip -j -6 route", "ip -j route show table all", "ip -j rule", "ip -j neigh",
    "bridge -j link", "bridge -j fdb", "bridge -j vlan",
  ]

  @Test(arguments: networks) func `every view is the program's`(_ network: Network) throws {
    try compare(network, Self.views) { text, files in try KernelSandbox.run(text, files: files) }
  }

  /// Compares views of a network in the simulator and in a kernel: what differs each time that it is looked at.
  private func compare(
    _ network: Network, _ views: [String],
    on kernel: (String, [String: String]) throws -> KernelSandbox.Outcome
  ) throws {
    let lasting = try lastingDifferences { try differences(of: network, views, on: kernel) }
    for text in lasting.values.sorted() { Issue.record("\(text)") }
  }

  /// Builds a network in the simulator and in a kernel, and compares views of every namespace.
  ///
  /// - Returns: what differs, by the command lines.
  private func differences(
    of network: Network, _ views: [String],
    on kernel: (String, [String: String]) throws -> KernelSandbox.Outcome
  ) throws -> [String: String] {
    let compilation = compile([Input(name: "lab.yaml", bytes: Array(network.yaml.utf8))])
    let findings = try compilation.findings(as: .text)
    var simulation = try #require(Simulation(compilation), "\(findings)")
    let script = try #require(compilation.script())
    for ping in network.first { _ = try simulation.run(try ScenarioStep("ping \(ping.from) \(ping.to)")) }
    _ = try simulation.run(try ScenarioStep("wait 7s"))
    for ping in network.pings { _ = try simulation.run(try ScenarioStep("ping \(ping.from) \(ping.to)")) }

    let spaces = try #require(compilation.namespaceNames) + ["host"]
    var text =
      "ip link set lo up; sh lab.sh up >/dev/null || exit\nexport LC_ALL=C\n\(Self.functions)\nsettled >/dev/null\nsleep 1\n"
    // Router solicitations go on for some seconds.
    for ping in network.first { text += "within \(ping.from) ping -c 1 -W 4 \(ping.to) >/dev/null\n" }
    text += "sleep 7\n"
    for ping in network.pings { text += "within \(ping.from) ping -c 1 -W 4 \(ping.to) >/dev/null\n" }
    // Neighbors first, then what bridges have learned: their states change within seconds.
    let neighbors = views.filter { $0.contains("neigh") }
    let tables = views.filter { $0.contains("fdb") || $0.contains("showmacs") }
    for view in neighbors + tables + views.filter({ !(neighbors + tables).contains($0) }) {
      for space in spaces { text += "look \(space) \(view.replacing("BRIDGE", with: network.bridge))\n" }
    }
    let outcome = try kernel(text, ["lab.sh": script])
    try #require(outcome.status == 0, "\(outcome.output.suffix(500))\(outcome.errors)")
    let answers = outcome.output.split(separator: "\u{1}\n").filter { $0.contains("|\n") }
    #expect(answers.count == spaces.count * views.count)
    let comparison = Masked(compilation)
    var result: [String: String] = [:]
    for answer in answers {
      let parts = answer.split(separator: "|\n", maxSplits: 1, omittingEmptySubsequences: false)
      let title = String(parts[0])
      let simulated = comparison.lines(try simulation.run(try ScenarioStep("show \(title)")).text, of: title)
      let difference = comparison.lines(parts.count > 1 ? String(parts[1]) : "", of: title).difference(from: simulated)
      let changes = difference.map { change in
        switch change {
        case .insert(_, let line, _): "  the kernel has    \(line)"
        case .remove(_, let line, _): "  the simulator has \(line)"
        }
      }
      if !changes.isEmpty { result[title] = "\(title)\n\(changes.joined(separator: "\n"))" }
    }
    return result
  }

  private static let functions = #"""
    within() { if [ "$1" = host ]; then shift; "$@"; else ip netns exec "$@"; fi; }
    look() {
      printf '%s|\n' "$*"
      case $2 in
      iflink) within "$1" sh -c 'mount -t sysfs sysfs /sys 2>/dev/null; grep -H . /sys/class/net/*/iflink' ;;
      *) within "$@" 2>&1 ;;
      esac
      printf '\001\n'
    }
    """#
}

/// Texts with what is random taken out: hardware addresses that nobody gave, link-local addresses made of them, and
/// ages.
private struct Masked {
  let given: Set<String>

  init(_ compilation: Compilation) {
    given = Set(compilation.makePlan()?.steps.flatMap { $0.operation.hardwareAddresses } ?? [])
  }

  /// The lines of a text; sorted where the program's own order is that of a hash table or of a folder.
  func lines(_ text: String, of title: String) -> [String] {
    var text =
      text
      .replacing(/[0-9a-f]{2}(:[0-9a-f]{2}){5}/) { match in
        let address = String(match.output.0)
        if address.hasPrefix("33:33:ff") { return "33:33:ff:GROUP" }
        let isKnown = given.contains(address) || ["33:33", "01:00", "00:00", "ff:ff"].contains(address.prefix(5))
        return isKnown ? address : "MAC"
      }
      .replacing(/8000\.[0-9a-f]{12}/) { _ in "8000.MAC" }
      .replacing(/fe80::[0-9a-f:]+/) { match in
        given.contains { MACAddress($0).map { "\(IPv6Address(linkLocalFor: $0))" } == String(match.output) }
          ? String(match.output) : "fe80::RANDOM"
      }
    text = text.replacing(/link-netnsid \d+|"link_netnsid":\d+/) { _ in "NUMBER" }
    let isStatistics = title.contains(" -s ") || title.contains("ifconfig")
    if isStatistics {
      text = text.replacing(/\ *\d+ +\d+ .*\n|packets \d+.*\n|"(bytes|packets|multicast|dropped)":\d+/) { _ in
        "COUNTS\n"
      }
    }
    if title.contains("ifconfig") { text = text.replacing(/dropped \d+/) { _ in "dropped N" } }
    if title.contains("showmacs") { text = text.replacing(/\ +\d+\.\d\d\n/) { _ in " AGE\n" } }
    let isByHash = ["neigh", "ifconfig", "showmacs"].contains { title.contains($0) }
    let all = (text.hasPrefix("[{") ? String(text.dropFirst().dropLast(2)).replacing("},{", with: "}\n{") : text)
      .split(separator: "\n").map(String.init)
    if isByHash { return all.sorted() }
    // What came with link-local addresses stands in the order in which carriers came.
    // So do groups, and a tunnel's table is one by a hash.
    let isByChance = { (line: String) in line.contains(/fe80::|ff00::\/8|self/) }
    return all.filter { !isByChance($0) } + all.filter(isByChance).sorted()
  }
}
