import Testing

/// Routes and policy rules that the kernel takes, and those that it doesn't.
@Suite struct RoutingTests {
  private static let lan =
    "networks: { lan: { enable_ipv6: true, ipam: { config: [{ subnet: 10.0.0.0/24 }, { subnet: \"fd00::/64\" }] } } }"

  /// File exists: of a new rule those addresses alone are compared that it names, and a mark of 0 is none.
  @Test(arguments: [
    ("{ from: 10.0.0.0/24, table: 10, priority: 50 }, { table: 10, priority: 50, family: ipv4 }", ["NW0506"]),
    ("{ table: 10, priority: 50, family: ipv4 }, { from: 10.0.0.0/24, table: 10, priority: 50 }", []),
    ("{ from: 10.0.0.0/24, table: 10, priority: 50 }, { table: 11, priority: 50, family: ipv4 }", []),
    ("{ from: 10.0.0.0/24, table: 10, priority: 50 }, { table: 10, priority: 50, family: ipv6 }", []),
    (
      "{ from: 10.0.0.0/24, to: 10.9.0.0/16, table: 10, priority: 50 }, { to: 10.9.0.0/16, table: 10, priority: 50 }",
      ["NW0506"]
    ),
    (
      "{ from: 10.0.0.0/24, to: 10.9.0.0/16, table: 10, priority: 50 }, { to: 10.8.0.0/16, table: 10, priority: 50 }",
      []
    ),
    (
      "{ from: \"fd00::/64\", table: 10, priority: 50 }, { from: \"::/0\", table: 10, priority: 50, family: ipv6 }",
      ["NW0506"]
    ),
    ("{ fwmark: 0, table: 7, priority: 5 }, { table: 7, priority: 5 }", ["NW0506"]),
    ("{ fwmark: 1, table: 7, priority: 5 }, { table: 7, priority: 5 }", []),
    // A rule without a priority gets one that no other has.
    ("{ from: 10.0.0.0/24, table: 10, priority: 1000 }, { table: 10 }", []),
    ("{ table: 10 }, { from: 10.0.0.0/24, table: 10, priority: 1000 }, { table: 10 }", []),
    // Those that a namespace is born with count as others.
    ("{ table: local, priority: 0 }, { table: main, priority: 32766 }", []),
  ])
  func `policy rules that the kernel can't tell apart`(_ rules: String, _ codes: [String]) {
    #expect(errors(in: "services: { web: { networks: [lan], rules: [\(rules)] } }\n\(Self.lan)") == codes)
  }

  /// File exists: a metric of 0 is none to IPv6, addresses make routes of their own, a next hop twice is two routes.
  @Test(arguments: [
    ("{ to: \"fd09::/64\", via: \"fd00::8\", metric: 0 }, { to: \"fd09::/64\", via: \"fd00::9\" }", ["NW0504"]),
    (
      "{ to: \"fd09::/64\", via: \"fd00::8\", metric: 0 }, { to: \"fd09::/64\", via: \"fd00::9\", metric: 1024 }",
      ["NW0504"]
    ),
    ("{ to: 10.9.0.0/16, via: 10.0.0.8, metric: 0 }, { to: 10.9.0.0/16, via: 10.0.0.9, metric: 1024 }", []),
    ("{ to: \"fe80::/64\", dev: eth0, metric: 256 }", ["NW0504"]), ("{ to: \"fe80::/64\", dev: eth0 }", []),
    ("{ to: \"fd55::1/128\", dev: eth0, metric: 256 }", ["NW0504"]), ("{ to: \"fd55::1/128\", dev: eth0 }", []),
    ("{ to: \"fd12::/64\", nexthops: [{ via: \"fd00::8\" }, { via: \"fd00::8\" }] }", ["NW0504"]),
    ("{ to: \"fd12::/64\", nexthops: [{ via: \"fd00::8\" }, { via: \"fd00::8\", dev: eth0 }] }", ["NW0504"]),
    ("{ to: \"fd12::/64\", nexthops: [{ via: \"fd00::8\", weight: 5 }, { via: \"fd00::8\" }] }", ["NW0504"]),
    ("{ to: \"fd12::/64\", nexthops: [{ via: \"fd00::8\" }, { via: \"fd00::9\" }] }", []),
    ("{ to: 10.9.0.0/16, nexthops: [{ via: 10.0.0.8 }, { via: 10.0.0.8 }] }", []),
  ])
  func `routes that are there already`(_ routes: String, _ codes: [String]) {
    let attachment = "{ lan: { addresses: [\"fd55::1/128\"] } }"
    #expect(errors(in: "services: { web: { networks: \(attachment), routes: [\(routes)] } }\n\(Self.lan)") == codes)
  }

  /// IPv6 is disabled on nexthop device; No such device.
  @Test(arguments: [
    ("sysctls: { net.ipv6.conf.all.disable_ipv6: 1 }", "{}", ["NW0320"]),
    ("sysctls: { net.ipv6.conf.eth0.disable_ipv6: 1 }", "{}", ["NW0320"]),
    ("sysctls: { net.ipv6.conf.eth1.disable_ipv6: 1 }", "{}", []), ("", "{ mtu: 1000 }", ["NW0402"]),
    ("", "{ mtu: 1280 }", []),
  ])
  func `IPv6 routes by devices without IPv6`(_ parameters: String, _ network: String, _ codes: [String]) {
    let routes = "routes: [{ to: \"fd00::/64\", dev: eth0 }, { to: \"fd01::/64\", type: blackhole }]"
    let node = [parameters, routes, "networks: { lan: { gw_priority: 1, priority: 1 }, other: }"].filter { !$0.isEmpty }
    let file = """
      routers: { r: { \(node.joined(separator: ", ")) } }
      networks: { lan: \(network), other: {} }
      """
    #expect(errors(in: file) == codes)
  }

  /// Egress device not specified; Egress device can not be loopback device for this route.
  @Test(arguments: [
    ("{ to: \"::/0\", via: \"fe80::1\" }", ["NW0501"]), ("{ to: \"::/0\", via: \"fe80::1\", dev: eth0 }", []),
    ("{ to: \"fd09::/64\", via: \"fd00::9\", dev: lo, onlink: true }", ["NW0501"]),
    ("{ to: 10.9.0.0/16, via: 10.0.0.9, dev: lo, onlink: true }", []),
  ])
  func `next hops without a device, and by loopback`(_ route: String, _ codes: [String]) {
    let services = "services: { web: { networks: [lan] } }"
    #expect(errors(in: "\(services)\n\(Self.lan)\nhost: { routes: [\(route)] }") == codes)
    let node = "services: { web: { networks: [lan], routes: [\(route)] } }"
    #expect(errors(in: "\(node)\n\(Self.lan)") == codes)
  }

  /// A bridge whose option keeps the gateway's address off it has none that the host could reach others by.
  @Test(arguments: [
    ("inhibit_ipv4: true", ["NW0501"]), ("inhibit_ipv4: false", []), ("enable_icc: true", []),
    ("gateway_mode_ipv4: isolated", ["NW0501"]),
  ])
  func `next hops beyond bridges without an address`(_ option: String, _ codes: [String]) {
    let options = "internal: true, driver_opts: { com.docker.network.bridge.\(option) }"
    let network = "{ \(options), ipam: { config: [{ subnet: 10.0.0.0/24 }] } }"
    let file = """
      services: { web: { networks: { lan: { ipv4_address: 10.0.0.9 } } } }
      networks: { lan: \(network) }
      host: { routes: [{ to: 10.9.0.0/16, via: 10.0.0.9 }] }
      """
    #expect(errors(in: file) == codes)
  }
}
