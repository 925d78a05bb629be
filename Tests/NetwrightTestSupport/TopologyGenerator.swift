/// Makes files at random, from a seed: most are right, some are wrong in ways that `validate` has to find.
package struct TopologyGenerator {
  private var state: UInt64
  private var lines: [String] = []
  private var networks: [Net] = []
  private var routers: [String] = []
  private var usesIPv6 = false

  private struct Net {
    let name: String
    /// The first two octets and the third of its /24; nil for an automatic subnet.
    let third: Int?
    let hasIPv6: Bool
    let isInternal: Bool
  }

  /// Starts from a seed.
  package init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  /// The file's text.
  package mutating func file() -> String {
    line("name: generated")
    if chance(20) { line("prefix: \(pick(["lab", "x1"]))") }
    planNetworks()
    let routerCount = pick([0, 0, 1, 2, 3])
    routers = (0..<routerCount).map { "r\($0)" }
    line("services:")
    for index in 0..<(1 + below(5)) { addService(index) }
    if !routers.isEmpty {
      line("routers:")
      for index in routers.indices { addRouter(index) }
    }
    addNetworks()
    addLinks()
    if chance(15) {
      line("host:")
      line("  routes: [{ to: 198.51.100.0/24, type: \(pick(["blackhole", "unreachable", "prohibit"])) }]")
      if chance(50) { line("  sysctls: { net.ipv4.ip_forward: 1 }") }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  // MARK: Parts

  private mutating func planNetworks() {
    for index in 0..<(1 + below(4)) {
      let third = chance(75) ? 10 * index + below(3) : nil
      networks.append(Net(name: "net\(index)", third: third, hasIPv6: chance(35), isInternal: chance(20)))
    }
  }

  private mutating func addService(_ index: Int) {
    line("  s\(index):")
    if index > 0, chance(12) {
      line("    network_mode: \(pick(["none", "host", "service:s0", "bridge"]))")
      return
    }
    let replicas = chance(15) ? 1 + below(3) : 1
    if replicas != 1 { line("    scale: \(replicas)") }
    let chosen = networks.filter { _ in chance(50) }
    if chosen.isEmpty, chance(50) { return }
    line("    networks:")
    for (position, net) in (chosen.isEmpty ? [networks[0]] : chosen).enumerated() {
      addAttachment(net, index: index, position: position, isStatic: replicas == 1)
    }
    if chance(20) { line("    hostname: h\(index)") }
    if chance(20) { line("    extra_hosts: [\"far=192.0.2.\(index)\"]") }
    if chance(15) { line("    dns: 192.0.2.53") }
    addSysctls()
    addRoutes(from: chosen.first)
    if chance(15) { line("    rules: [{ from: 10.0.0.0/8, table: \(100 + below(3)) }]") }
  }

  /// Kernel parameters that decide who answers and who forwards.
  private mutating func addSysctls() {
    var entries: [String] = []
    if chance(20) { entries.append("net.ipv4.conf.all.rp_filter: \(below(3))") }
    if chance(8) { entries.append("net.ipv4.conf.all.arp_ignore: \(1 + below(2))") }
    if chance(8) { entries.append("net.ipv4.conf.all.arp_announce: \(1 + below(2))") }
    if chance(6) { entries.append("net.ipv4.conf.all.arp_filter: 1") }
    if chance(6) { entries.append("net.ipv4.conf.all.proxy_arp: 1") }
    if chance(6) { entries.append("net.ipv4.icmp_echo_ignore_all: 1") }
    if chance(8) { entries.append("net.ipv4.ip_default_ttl: \(pick([2, 32, 255]))") }
    if chance(6) { entries.append("net.ipv4.ip_forward: 1") }
    if chance(6) { entries.append("net.ipv4.icmp_errors_use_inbound_ifaddr: 1") }
    if !entries.isEmpty { line("    sysctls: { \(entries.joined(separator: ", ")) }") }
  }

  private mutating func addAttachment(_ net: Net, index: Int, position: Int, isStatic: Bool) {
    line("      \(net.name):")
    if isStatic, let third = net.third, chance(50) {
      line("        ipv4_address: 10.20.\(third).\(10 + index + below(3) * 20)")
    }
    if isStatic, net.hasIPv6, net.third != nil, chance(40) {
      line("        ipv6_address: fd20:\(net.third ?? 0)::\(10 + index)")
    }
    if isStatic, chance(15) { line("        mac_address: 02:00:00:00:0\(index):0\(position)") }
    if chance(15) { line("        interface_name: if\(position)") }
    if chance(15) { line("        gw_priority: \(below(3))") }
    if chance(15) { line("        priority: \(below(3))") }
    if chance(15) { line("        aliases: [alias\(index)]") }
    if chance(8) { line("        link_local_ips: [169.254.7.\(10 + index)]") }
    if isStatic, chance(8) { line("        addresses: [10.77.\(index).1/24]") }
  }

  private mutating func addRoutes(from net: Net?) {
    guard chance(45) else { return }
    line("    routes:")
    line("      - { to: 203.0.113.0/24, type: \(pick(["blackhole", "unreachable", "prohibit"])) }")
    guard let net, let third = net.third else { return }
    line("      - { to: 198.51.100.0/24, via: 10.20.\(third).\(pick([1, 200, 201])) }")
    if chance(30) {
      line(
        "      - { to: 192.0.2.128/25, nexthops: [{ via: 10.20.\(third).200 }, { via: 10.20.\(third).201, weight: 2 }] }"
      )
    }
    if chance(30) {
      line("      - { to: 192.0.2.0/25, via: 10.99.0.1, onlink: true, dev: eth0, metric: 50, table: 100 }")
    }
    if chance(20) { line("      - { to: default, via: 10.20.\(third).200 }") }
  }

  private mutating func addRouter(_ index: Int) {
    line("  r\(index):")
    let chosen = networks.filter { _ in chance(50) }
    if !chosen.isEmpty {
      line("    networks:")
      for net in chosen {
        let address = net.third.flatMap { third in
          chance(70) ? "10.20.\(third).\(index == 0 ? pick([1, 200]) : 200 + index)" : nil
        }
        line("      \(net.name): {\(address.map { " ipv4_address: \($0) " } ?? "")}")
      }
    }
    if chance(50) { addSysctls() }
    if chance(40) {
      line("    routes:")
      line("      - { to: 10.0.0.0/8, type: unreachable, metric: 4000 }")
      if index > 0 { line("      - { to: 10.30.\(index - 1).0/31, via: 10.30.\(index - 1).0, metric: 10 }") }
    }
    if index > 0, chance(40) {
      line("    interfaces:")
      line(
        "      vx0: { type: vxlan, id: \(40 + index), local: 10.30.\(index - 1).1, remote: 10.30.\(index - 1).0, addresses: [10.88.\(index).1/24] }"
      )
      if chance(50) { line("      br0: { type: bridge, members: [vx0], addresses: [10.89.\(index).1/24] }") }
    }
  }

  private mutating func addNetworks() {
    line("networks:")
    for net in networks {
      line("  \(net.name):")
      if net.isInternal { line("    internal: true") }
      if net.hasIPv6 { line("    enable_ipv6: true") }
      if chance(15) { line("    mtu: \(pick([1200, 1280, 1400, 9000]))") }
      if chance(10) { line("    stp: true") }
      if chance(10) { line("    driver_opts: { com.docker.network.container_iface_prefix: net }") }
      guard let third = net.third else { continue }
      line("    ipam:")
      line("      config:")
      line("        - subnet: 10.20.\(third).0/24")
      if chance(50) { line("          gateway: 10.20.\(third).1") }
      if chance(15) { line("          ip_range: 10.20.\(third).128/26") }
      if chance(15) { line("          aux_addresses: { printer: 10.20.\(third).99 }") }
      if net.hasIPv6 { line("        - subnet: \"fd20:\(third)::/64\"") }
    }
  }

  private mutating func addLinks() {
    var entries: [String] = []
    for index in routers.indices.dropFirst() {
      let subnets = chance(30) ? "[10.30.\(index - 1).0/31, \"fd30:\(index)::/127\"]" : "10.30.\(index - 1).0/31"
      let extras = (chance(20) ? ", mtu: 1400" : "") + (chance(15) ? ", impairment: { rate: 10mbit }" : "")
      entries.append("{ endpoints: [\"r\(index - 1):east\", \"r\(index):west\"], subnet: \(subnets)\(extras) }")
    }
    if let router = routers.first, chance(40) {
      entries.append("{ endpoints: [\"\(router):probe\", \"s0:probe\"], subnet: 10.31.0.0/30 }")
    }
    if networks.count > 1, chance(20) { entries.append("{ endpoints: [net0, net1] }") }
    if networks.count > 1, chance(5) { entries.append("{ endpoints: [net1, net0] }") }
    guard !entries.isEmpty else { return }
    line("links:")
    for entry in entries { line("  - \(entry)") }
  }

  // MARK: Chance

  private mutating func line(_ text: String) { lines.append(text) }

  /// SplitMix64 (Steele, Lea, Flood 2014).
  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }

  private mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
  private mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
  private mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }
}
