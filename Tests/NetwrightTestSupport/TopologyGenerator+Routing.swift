extension TopologyGenerator {
  /// Kernel parameters that decide who answers and who forwards.
  mutating func addSysctls() {
    var entries: [String] = []
    func perhaps(_ percent: Int, _ text: String) { if random.chance(percent) { entries.append(text) } }
    perhaps(15, "net.ipv4.conf.all.rp_filter: \(random.below(3))")
    perhaps(7, "net.ipv4.conf.all.arp_ignore: \(1 + random.below(2))")
    perhaps(7, "net.ipv4.conf.all.arp_announce: \(1 + random.below(2))")
    perhaps(5, "net.ipv4.conf.all.arp_filter: 1")
    perhaps(6, "net.ipv4.conf.all.proxy_arp: 1")
    perhaps(5, "net.ipv4.icmp_echo_ignore_all: 1")
    perhaps(7, "net.ipv4.ip_default_ttl: \(random.pick([2, 32, 255]))")
    perhaps(10, "net.ipv4.ip_forward: \(random.below(2))")
    perhaps(8, "net.ipv6.conf.all.forwarding: \(random.below(2))")
    perhaps(5, "net.ipv4.icmp_errors_use_inbound_ifaddr: 1")
    perhaps(5, "net.ipv4.conf.all.send_redirects: 0")
    perhaps(5, "net.ipv4.conf.all.accept_redirects: 0")
    perhaps(4, "net.ipv4.conf.default.accept_local: 1")
    perhaps(4, "net.ipv6.conf.default.hop_limit: \(random.pick([3, 100]))")
    perhaps(4, "net.ipv4.conf.all.ignore_routes_with_linkdown: 1")
    if !entries.isEmpty { line("    sysctls: { \(entries.joined(separator: ", ")) }") }
  }

  /// Routes of a service: some lead on, some nowhere, some to routers that aren't there.
  mutating func addRoutes(from net: Net?) {
    guard random.chance(50) else { return }
    line("    routes:")
    line("      - { to: 203.0.113.0/24, type: \(random.pick(["blackhole", "unreachable", "prohibit"])) }")
    guard let net, let third = net.third else { return }
    let router = "10.20.\(third).\(random.pick([1, 200, 201, 202, 240]))"
    line(
      "      - { to: \(random.pick(["198.51.100.0/24", "10.30.0.0/16", "10.20.0.0/16", "10.77.0.0/16"])), via: \(router) }"
    )
    if random.chance(20) {
      line(
        "      - { to: 192.0.2.128/25, nexthops: [{ via: 10.20.\(third).200 }, { via: 10.20.\(third).201, weight: 2 }] }"
      )
    }
    if random.chance(20), let device = kernel == .common ? "eth0" : devices.first {
      line("      - { to: 192.0.2.0/25, via: 10.99.0.1, onlink: true, dev: \(device), metric: 50, table: 100 }")
    }
    if random.chance(20) { line("      - { to: default, via: \(router), metric: \(random.pick([0, 10])) }") }
    if random.chance(10) {
      line("      - { to: 10.30.1.0/24, type: \(random.pick(["unreachable", "prohibit"])), metric: 9 }")
    }
    if net.hasIPv6 {
      if random.chance(30) {
        line("      - { to: \"fd30::/16\", via: \"fd20:\(third)::\(random.pick(["c8", "c9", "1"]))\" }")
      }
      if random.chance(20) {
        line("      - { to: \"2001:db8::/32\", type: \(random.pick(["blackhole", "unreachable", "prohibit"])) }")
      }
    }
    if isUnchecked, random.chance(50) {
      line(
        "      - \(random.pick(["{ to: 10.66.0.0/16, via: 10.65.0.1 }", "{ to: 203.0.113.0/24, type: blackhole }", "{ to: 10.66.0.0/16, via: 10.20.\(third).10 }"]))"
      )
    }
  }

  /// Policy rules.
  mutating func addRules() {
    guard random.chance(20) else { return }
    let choices = [
      "{ from: 10.0.0.0/8, table: \(100 + random.below(3)) }",
      "{ to: 10.20.\(10 * random.below(3)).0/24, type: \(random.pick(["prohibit", "unreachable", "blackhole"])), priority: 700 }",
      "{ from: 10.20.0.0/16, to: 10.30.0.0/16, type: \(random.pick(["prohibit", "unreachable", "blackhole"])) }",
      "{ iif: eth0, table: 100, family: ipv4 }",
      "{ oif: eth0, table: 101, family: ipv4 }",
      "{ fwmark: 1, type: prohibit, family: ipv6 }",
      "{ to: \"fd20::/16\", type: prohibit, priority: 900 }",
      "{ iif: lo, type: unreachable, to: 10.77.0.0/16 }",
    ]
    line("    rules: [\(random.pick(choices))\(random.chance(30) ? ", " + random.pick(choices) : "")]")
  }

  /// Routes of a router: back along the chain, and some that drop.
  mutating func addRouterRoutes(_ index: Int) {
    var entries: [String] = []
    // The chain: everything of the others lies to the west or to the east.
    if random.chance(80) {
      if index > 0 { entries.append("{ to: 10.20.0.0/16, via: 10.30.\(index - 1).0, metric: 20 }") }
      if index > 0, random.chance(50) { entries.append("{ to: 10.31.0.0/16, via: 10.30.\(index - 1).0 }") }
      if index + 1 < routers.count, random.chance(60) {
        entries.append(
          "{ to: 10.\(random.pick([20, 20, 88])).0.0/16, via: 10.30.\(index).1, metric: \(random.pick([10, 30])) }")
      }
      if index + 1 < routers.count, random.chance(50) {
        entries.append("{ to: 10.30.\(index + 1).0/31, via: 10.30.\(index).1 }")
      }
      if index > 1 { entries.append("{ to: 10.30.0.0/30, via: 10.30.\(index - 1).0, metric: 5 }") }
    }
    if random.chance(15) {
      entries.append("{ to: 10.0.0.0/8, type: \(random.pick(["unreachable", "blackhole", "prohibit"])), metric: 4000 }")
    }
    if random.chance(10) { entries.append("{ to: 203.0.113.0/24, type: prohibit }") }
    guard !entries.isEmpty else { return }
    line("    routes:")
    for entry in entries { line("      - \(inItsTable(entry, of: index))") }
  }

  /// Devices that a node makes for itself.
  mutating func addInterfaces(_ index: Int) {
    var entries: [String] = []
    let router = index - 10
    if router > 0, random.chance(25), !separated.contains(router) {
      entries.append(
        "vx0: { type: vxlan, id: \(40 + router), local: 10.30.\(router - 1).1, remote: 10.30.\(router - 1).0, addresses: [10.88.\(router).1/24]\(random.chance(30) ? ", mtu: 1400" : "") }"
      )
      if random.chance(40) {
        entries.append("br0: { type: bridge, members: [vx0], addresses: [10.89.\(router).1/24] }")
      }
    }
    if router >= 0, router + 1 < routers.count, random.chance(25), !separated.contains(router) {
      entries.append(
        "vx1: { type: vxlan, id: \(41 + router), local: 10.30.\(router).0, remote: 10.30.\(router).1, addresses: [10.88.\(router + 1).2/24] }"
      )
    }
    if router < 0, random.chance(6) {
      entries.append("br9: { type: bridge, addresses: [10.90.\(index).1/24], stp: \(random.pick(["true", "false"])) }")
    }
    if kernel == .complete { addRareInterfaces(index, &entries) }
    guard !entries.isEmpty else { return }
    line("    interfaces:")
    for entry in entries { line("      \(entry)") }
  }

  /// Cables: along the chain of routers, across it, to services, and between bridges.
  mutating func addLinks() {
    var entries: [String] = []
    for index in routers.indices.dropFirst() {
      let subnets = random.chance(35) ? "[10.30.\(index - 1).0/31, \"fd30:\(index)::/127\"]" : "10.30.\(index - 1).0/31"
      var extras = random.chance(25) ? ", mtu: \(random.pick([576, 1280, 1400]))" : ""
      if random.chance(8) { extras += ", impairment: { rate: 100mbit }" }
      if kernel == .complete { addRareExtras(&extras, carriesIPv6: subnets.contains("::")) }
      if bonds.contains(index - 1) {
        for cable in ["a", "b"] {
          entries.append("{ endpoints: [\"r\(index - 1):east-\(cable)\", \"r\(index):west-\(cable)\"] }")
        }
        continue
      }
      entries.append("{ endpoints: [\"r\(index - 1):east\", \"r\(index):west\"], subnet: \(subnets)\(extras) }")
    }
    if routers.count > 2, random.chance(30) {
      entries.append("{ endpoints: [\"r0:ring\", \"\(routers[routers.count - 1]):ring\"], subnet: 10.31.9.0/30 }")
    }
    if let router = routers.first, random.chance(40), kernel == .common || !isReplicated {
      entries.append("{ endpoints: [\"\(router):probe\", \"s0:probe\"], subnet: 10.31.0.0/30 }")
    }
    let bridges = networks.filter { if case .bridge = $0.kind { true } else { false } }.map(\.name)
    if bridges.count > 1, random.chance(20) { entries.append("{ endpoints: [\(bridges[0]), \(bridges[1])] }") }
    if bridges.count > 1, random.chance(4) { entries.append("{ endpoints: [\(bridges[1]), \(bridges[0])] }") }
    if let router = routers.last, let bridge = bridges.last, random.chance(20) {
      entries.append("{ endpoints: [{ node: \(router), interface: lan9, addresses: [10.77.0.9/24] }, \(bridge)] }")
    }
    if kernel == .complete { entries += cablesOfVLANs() }
    guard !entries.isEmpty else { return }
    line("links:")
    for entry in entries { line("  - \(entry)") }
  }
}
