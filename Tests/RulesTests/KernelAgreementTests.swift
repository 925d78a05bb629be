import Testing

/// Files on which the rules once disagreed with what the kernel was seen to do.
@Suite struct KernelAgreementTests {
  private static let lan =
    "networks: { lan: { enable_ipv6: true, ipam: { config: [{ subnet: 10.0.0.0/24 }, { subnet: \"fd00::/64\" }] } } }"

  /// The kernel answers File exists, or that an on-link next hop needs a device.
  @Test(arguments: [
    ("{ to: \"fd09::/64\", via: \"fd00::98\" }, { to: \"fd09::/64\", via: \"fd00::99\" }", "NW0504"),
    ("{ to: \"fd09::/64\", type: blackhole }, { to: \"fd09::/64\", type: prohibit }", "NW0504"),
    ("{ to: 10.0.0.0/24, dev: eth0 }", "NW0504"), ("{ to: 10.9.0.0/16, via: 192.0.2.1, onlink: true }", "NW0501"),
    // Nexthop has invalid gateway; Invalid gateway address.
    ("{ to: 10.9.0.0/16, via: 10.0.0.255 }", "NW0501"),
    ("{ to: 10.9.0.0/16, via: 10.0.0.255, dev: eth0, onlink: true }", "NW0501"),
    ("{ to: 10.9.0.0/16, via: 127.0.0.1, dev: eth0, onlink: true }", "NW0501"),
    ("{ to: 10.9.0.0/16, via: 0.0.0.0, dev: eth0, onlink: true }", "NW0501"),
    ("{ to: 10.9.0.0/16, via: 224.0.0.5, dev: eth0, onlink: true }", "NW0501"),
    ("{ to: \"fd09::/64\", via: \"::1\", dev: eth0, onlink: true }", "NW0501"),
    ("{ to: \"fd09::/64\", via: \"ff02::1\", dev: eth0, onlink: true }", "NW0501"),
  ])
  func `routes that the kernel refuses`(_ routes: String, _ code: String) {
    #expect(errors(in: "services: { web: { networks: [lan], routes: [\(routes)] } }\n\(Self.lan)") == [code])
  }

  @Test(arguments: [
    "{ to: 10.0.0.0/24, dev: eth0, metric: 5 }", "{ to: \"fd00::/64\", dev: eth0 }",
    "{ to: default, via: 10.0.0.9, metric: 0 }",
    "{ to: 192.0.2.1, dev: eth0 }, { to: 10.9.0.0/16, via: 192.0.2.1 }", "{ to: 10.9.0.0/16, via: 10.0.0.0 }",
    "{ to: 10.9.0.0/16, via: 240.0.0.1, dev: eth0, onlink: true }",
    "{ to: \"fd09::/64\", via: \"::ffff:1.2.3.4\", dev: eth0, onlink: true }",
  ])
  func `routes that the kernel takes`(_ routes: String) {
    #expect(errors(in: "services: { web: { networks: [lan], routes: [\(routes)] } }\n\(Self.lan)") == [])
  }

  /// Too many arguments to command; addattr_l ERROR: message exceeded bound of 4096.
  ///
  /// `as many next hops as fit` in RegressionTests has the kernel take those that fit.
  @Test(arguments: [
    ("10.9.0.0/16", "via: 10.0.0.N", "", 169), ("10.9.0.0/16", "via: 10.0.0.N", ", metric: 5, table: 300", 168),
    ("10.9.0.0/16", "via: 10.0.0.N, dev: eth0", "", 101),
    ("10.9.0.0/16", "via: 10.0.0.N, dev: eth0, weight: 2, onlink: true", "", 63),
    ("\"fd09::/64\"", "via: \"fd00::N\"", "", 144),
    ("\"fd09::/64\"", "via: \"fd00::N\"", ", metric: 5, table: 300", 143),
  ])
  func `next hops beyond what fits into a line`(_ to: String, _ hop: String, _ rest: String, _ most: Int) {
    func file(_ count: Int) -> String {
      let hops = (10..<10 + count).map { "{ \(hop.replacing("N", with: "\($0)")) }" }.joined(separator: ", ")
      return "services: { web: { networks: [lan], routes: [{ to: \(to)\(rest), nexthops: [\(hops)] }] } }\n\(Self.lan)"
    }
    #expect(errors(in: file(most)) == [])
    #expect(errors(in: file(most + 1)) == ["NW0103"])
  }

  /// ipv6: Cannot assign loopback address on this device.
  @Test func `::1 is an address of loopback and of VRFs`() {
    func router(_ device: String) -> String {
      "routers: { r: { networks: [lan], interfaces: { d: { type: \(device), addresses: [\"::1/128\"] } } } }\n\(Self.lan)"
    }
    #expect(errors(in: router("dummy")) == ["NW0312"])
    #expect(errors(in: router("vrf, table: 10, members: [eth0]")) == [])
    #expect(
      errors(in: "services: { web: { networks: { lan: { addresses: [\"::1/64\", 127.0.0.9/8] } } } }\n\(Self.lan)") == [
        "NW0312"
      ])
  }

  /// Invalid combination of local and remote address scopes; Local interface required for link-local local/remote
  /// addresses; invalid local address; mtu less than device minimum.
  @Test(arguments: [
    ("type: vxlan, id: 5, remote: \"fe80::5\"", "NW0312"),
    ("type: vxlan, id: 5, remote: \"fe80::5\", local: \"fe80::1\"", "NW0312"),
    ("type: vxlan, id: 5, remote: \"fd00::5\", local: \"fe80::1\", parent: eth0", "NW0312"),
    ("type: vxlan, id: 5, remote: 10.0.0.9, local: 224.0.0.1", "NW0312"),
    ("type: vxlan, id: 5, remote: 10.0.0.9, local: \"fd00::1\"", "NW0312"),
    ("type: vxlan, id: 5, group: \"ff05::1\", local: 10.0.0.5, parent: eth0", "NW0312"),
    ("type: vxlan, id: 5, group: 239.0.0.1, remote: 10.0.0.5, parent: eth0", "NW0118"),
    ("type: vrf, table: 9, members: [eth0], mtu: 1279", "NW0402"),
  ])
  func `devices that the kernel refuses`(_ device: String, _ code: String) {
    #expect(errors(in: "routers: { r: { networks: [lan], interfaces: { d: { \(device) } } } }\n\(Self.lan)") == [code])
  }

  @Test(arguments: [
    "type: vxlan, id: 5, remote: \"fe80::5\", local: \"fe80::1\", parent: eth0",
    "type: vxlan, id: 5, group: 239.0.0.1, local: 10.0.0.5, parent: eth0", "type: vxlan, id: 5, remote: 169.254.0.5",
    "type: vrf, table: 9, members: [eth0], mtu: 1280",
  ])
  func `devices that the kernel takes`(_ device: String) {
    #expect(errors(in: "routers: { r: { networks: [lan], interfaces: { d: { \(device) } } } }\n\(Self.lan)") == [])
  }

  @Test func `a ring through nodes' own bridges storms`() {
    let router = "{ networks: [a, b], interfaces: { br0: { type: bridge, members: [eth0, eth1] } } }"
    #expect(errors(in: "routers: { r1: \(router), r2: \(router) }\nnetworks: { a: {}, b: {} }") == ["NW0401"])
  }

  @Test func `one bridge with STP breaks a ring, and two VLANs make none`() {
    let ring = "services: { web: { networks: [a, b] } }\nlinks: [{ endpoints: [a, b] }, { endpoints: [b, a] }]\n"
    #expect(errors(in: ring + "networks: { a: { stp: true }, b: {} }") == [])
    #expect(errors(in: ring + "networks: { a: {}, b: {} }") == ["NW0401"])
    let vlans = """
      services: { web: { networks: { a: { vlan: 10 }, b: { vlan: 20 } } } }
      networks:
        a: { vlan_filtering: true, ipam: { driver: "null" } }
        b: { vlan_filtering: true, ipam: { driver: "null" } }
      links: [{ endpoints: [a, b], vlan: 10 }, { endpoints: [a, b], vlan: 20 }]
      """
    #expect(errors(in: vlans) == [])
  }

  @Test func `the broadcast address of a VRF's subnet is a host's elsewhere`() {
    let yaml = """
      routers:
        r:
          networks: { a: { addresses: [10.0.0.1/24] }, b: { addresses: [10.0.0.2/16] } }
          interfaces: { red: { type: vrf, table: 10, members: [eth0] } }
          routes: [{ to: 10.9.0.0/16, via: 10.0.0.255 }, { to: 10.8.0.0/16, via: 10.0.0.255, table: 10 }]
      networks: { a: { ipam: { driver: "null" } }, b: { ipam: { driver: "null" } } }
      """
    #expect(errors(in: yaml) == ["NW0501"])
  }

  @Test func `a VRF's own addresses are in its table`() {
    func file(red: String, member: String, other: String) -> String {
      """
      routers:
        r:
          interfaces:
            red: { type: vrf, table: 10, members: [m], addresses: [\(red)] }
            m: { type: dummy, addresses: [\(member)] }
            o: { type: dummy, addresses: [\(other)] }
      """
    }
    #expect(errors(in: file(red: "10.9.0.1/24", member: "10.8.0.1/24", other: "10.9.0.2/24")) == [])
    #expect(errors(in: file(red: "10.9.0.1/24", member: "10.8.0.1/24", other: "10.9.0.1/24")) == [])
    #expect(errors(in: file(red: "10.9.0.1/24", member: "10.9.0.2/24", other: "10.8.0.1/24")) == ["NW0309"])
    #expect(errors(in: file(red: "10.9.0.1/24", member: "10.8.0.1/24", other: "10.8.0.1/24")) == [])
  }

  @Test func `a cable between two VRFs, two VXLANs of two families`() {
    let leak = """
      routers:
        r:
          interfaces: { red: { type: vrf, table: 10, members: [x0] }, blue: { type: vrf, table: 20, members: [x1] } }
          routes: [{ to: 10.8.0.0/16, via: 10.0.0.2, table: 10 }]
      links: [{ endpoints: ["r:x0", "r:x1"], subnet: 10.0.0.0/30 }]
      """
    #expect(errors(in: leak) == [])
    let overlays = """
      routers:
        a: { interfaces: { v4: { type: vxlan, id: 7, remote: 10.0.0.2 }, v6: { type: vxlan, id: 7, remote: "fd00::2" } } }
        b: {}
      links: [{ endpoints: [a, b], subnet: 10.0.0.0/30 }]
      """
    #expect(errors(in: overlays) == [])
  }

  @Test func `loopback subnets, and one gateway twice on a segment`() {
    let loopback =
      "services: { web: { networks: [lan] } }\nnetworks: { lan: { ipam: { config: [{ subnet: 127.0.5.0/24 }] } } }"
    #expect(errors(in: loopback) == ["NW0312"])
    let pool = "{ ipam: { config: [{ subnet: 10.0.0.0/24 }] } }"
    let joined =
      "services: { web: { networks: { a: { ipv4_address: 10.0.0.5 } } }, db: { networks: { b: { ipv4_address: 10.0.0.6 } } } }\nnetworks: { a: \(pool), b: \(pool) }\nlinks: [{ endpoints: [a, b] }]"
    #expect(errors(in: joined) == ["NW0304"])
  }

  /// The kernel answers Invalid argument to a macvlan device's MTU, and to an IPv6 address below 1280.
  @Test(arguments: [
    ("a: { mtu: 1400 }, b: { driver: macvlan, mtu: 1500, driver_opts: { parent: br-a } }", ["NW0403"]),
    ("a: { mtu: 1400 }, b: { driver: macvlan, mtu: 1400, driver_opts: { parent: br-a } }", []),
    ("a: {}, b: { driver: macvlan, mtu: 9000, driver_opts: { parent: eth0 } }", []),
    ("a: { mtu: 1200 }, b: { driver: macvlan, enable_ipv6: true, driver_opts: { parent: br-a } }", ["NW0402"]),
    ("a: { mtu: 1200 }, b: { driver: ipvlan, enable_ipv6: true, driver_opts: { parent: br-a.5 } }", ["NW0402"]),
  ])
  func `MTUs on bridges`(_ networks: String, _ codes: [String]) {
    #expect(errors(in: "services: { web: { networks: [a, b] } }\nnetworks: { \(networks) }") == codes)
  }

  /// The kernel answers Invalid argument to a second device in passthru mode.
  @Test(arguments: [
    ("web: { networks: [p] }", []), ("web: { networks: [p], scale: 2 }", ["NW0408"]),
    ("web: { networks: [p], deploy: { replicas: 3 } }", ["NW0408"]),
    ("web: { networks: [p] }, db: { networks: [p] }, three: { networks: [p] }", ["NW0408", "NW0408"]),
    ("web: { networks: [p] }, db: { networks: [p], scale: 0 }", []),
  ])
  func `room for one in passthru mode`(_ services: String, _ codes: [String]) {
    let network = "p: { driver: macvlan, driver_opts: { parent: eth9, macvlan_mode: passthru } }"
    #expect(errors(in: "services: { \(services) }\nnetworks: { \(network) }") == codes)
  }

  @Test(arguments: [
    ("web: { networks: { a: { addresses: [\"fd07::1/64\"] } } }", "", ["NW0402"]),
    (
      "web: { networks: { a: { driver_opts: { com.docker.network.endpoint.sysctls: net.ipv6.conf.IFNAME.accept_ra=0 } } } }",
      "", ["NW0402"]
    ),
    ("web: { networks: { a: { link_local_ips: [\"fe80::7\"] } } }", "", ["NW0402"]),
    (
      "web: { networks: [a], interfaces: { v: { type: vlan, parent: eth0, id: 5, addresses: [\"fd07::1/64\"] } } }", "",
      ["NW0402"]
    ),
    (
      "web: { networks: [a], interfaces: { x: { type: vxlan, parent: eth0, id: 5, addresses: [\"fd07::1/64\"] } } }",
      "",
      ["NW0402"]
    ),
    ("web: { networks: [a], interfaces: { x: { type: vxlan, id: 5, addresses: [\"fd07::1/64\"] } } }", "", []),
    ("web: { networks: [b] }, r: {}", "links: [{ endpoints: [r, b], mtu: 1200 }]", ["NW0402"]),
  ])
  func `IPv6 below 1280`(_ services: String, _ links: String, _ codes: [String]) {
    let networks = "networks: { a: { mtu: 1200 }, b: { enable_ipv6: true } }"
    #expect(errors(in: "services: { \(services), other: { networks: [a, b] } }\n\(networks)\n\(links)") == codes)
  }

  /// «Nexthop has invalid gateway»: the host has no address on a network that isn't built, or whose gateway is a
  /// router.
  @Test(arguments: [
    ("10.0.0.7", []), ("10.1.0.7", ["NW0501"]), ("10.2.0.7", ["NW0501"]), ("10.3.0.2", ["NW0501"]),
    ("10.4.0.7", ["NW0501"]), ("10.5.0.7", []), ("192.0.2.7", []),
  ])
  func `next hops of the host's`(_ gateway: String, _ codes: [String]) {
    let file = """
      services: { web: { networks: [open, macvlan, lan] } }
      routers: { r: { networks: { routed: { ipv4_address: 10.1.0.1 } } } }
      links: [{ endpoints: [web, r], subnet: 10.3.0.0/30 }]
      networks:
        open: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
        routed: { ipam: { config: [{ subnet: 10.1.0.0/24, gateway: 10.1.0.1 }] } }
        unused: { ipam: { config: [{ subnet: 10.2.0.0/24 }] } }
        macvlan: { driver: macvlan, driver_opts: { parent: br-open }, ipam: { config: [{ subnet: 10.4.0.0/24 }] } }
        lan: { driver: macvlan, driver_opts: { parent: eth9 }, ipam: { config: [{ subnet: 10.5.0.0/24 }] } }
      host: { routes: [{ to: 10.9.0.0/16, via: \(gateway) }] }
      """
    #expect(errors(in: file) == codes)
  }

  /// What a device may be a member of, and stand on.
  @Test(arguments: [
    ("w: { type: vlan, parent: w, id: 5 }", ["NW0407"]),
    ("a: { type: vlan, parent: b, id: 5 }, b: { type: vlan, parent: a, id: 5 }", ["NW0407"]),
    ("a: { type: bridge, members: [v] }, v: { type: vlan, parent: a, id: 4 }", ["NW0407"]),
    ("a: { type: bridge, members: [b] }, b: { type: bond, members: [a] }", ["NW0407"]),
    ("a: { type: bridge, members: [b] }, b: { type: bridge, members: [eth0] }", ["NW0407"]),
    ("a: { type: bond, members: [r] }, r: { type: vrf, table: 5, members: [eth0] }", ["NW0407"]),
    ("a: { type: bond, members: [v] }, v: { type: vlan, parent: eth0, id: 4 }", ["NW0407"]),
    ("a: { type: bridge, members: [lo] }", ["NW0407"]), ("v: { type: vlan, parent: lo, id: 4 }", ["NW0411"]),
    ("v: { type: vlan, parent: r, id: 4 }, r: { type: vrf, table: 5, members: [eth0] }", ["NW0411"]),
    ("a: { type: bridge, members: [b] }, b: { type: bond, members: [eth0] }", []),
    ("r: { type: vrf, table: 5, members: [b] }, b: { type: bridge, members: [eth0] }", []),
    (
      "a: { type: bridge, members: [v] }, v: { type: vlan, parent: b, id: 4 }, b: { type: bridge, members: [eth0] }", []
    ),
  ])
  func `members and parents`(_ interfaces: String, _ codes: [String]) {
    #expect(
      errors(in: "routers: { r: { networks: [n], interfaces: { \(interfaces) } } }\nnetworks: { n: {} }") == codes)
  }

  @Test(arguments: [
    ("{ to: 10.9.0.0/16, via: 10.0.0.9, src: 10.0.0.9 }", ["NW0507"]),
    ("{ to: 10.9.0.0/16, via: 10.0.0.9, src: 127.0.0.1 }", []),
    ("{ to: 10.9.0.0/16, via: \"fd00::99\" }", ["NW0503"]),
    ("{ to: 10.7.0.0/16, type: blackhole, via: 192.0.2.1 }", ["NW0505"]),
  ])
  func `a route's source and what it can't have`(_ route: String, _ codes: [String]) {
    #expect(errors(in: "services: { web: { networks: [lan], routes: [\(route)] } }\n\(Self.lan)") == codes)
  }

  /// Address already in use; `tunnels that share a port` has both kernels say so.
  @Test(arguments: [
    (
      "vx: { type: vxlan, id: 1, remote: 10.0.0.9, parent: eth0 }, vy: { type: vxlan, id: 2, remote: 10.0.0.9 }",
      ["NW0413"]
    ),
    (
      "vx: { type: vxlan, id: 1, remote: 10.0.0.9, parent: red }, vy: { type: vxlan, id: 2, remote: 10.0.0.9 }",
      ["NW0413"]
    ),
    ("vx: { type: vxlan, id: 1, remote: 10.0.0.9 }, vy: { type: vxlan, id: 2, remote: 10.0.0.9 }", []),
    ("vx: { type: vxlan, id: 1, remote: 10.0.0.9, parent: eth0 }, vy: { type: vxlan, id: 2, remote: \"fd00::9\" }", []),
    (
      "vx: { type: vxlan, id: 1, remote: 10.0.0.9, parent: eth0 }, vy: { type: vxlan, id: 2, remote: 10.0.0.9, parent: red }",
      []
    ),
    (
      "vx: { type: vxlan, id: 1, remote: 10.0.0.9, parent: eth0 }, vy: { type: vxlan, id: 2, remote: 10.0.0.9, port: 4790 }",
      []
    ),
    // A number is one device's in each family, whatever VRFs there are.
    (
      "vx: { type: vxlan, id: 1, remote: 10.0.0.9, parent: eth0 }, vy: { type: vxlan, id: 1, remote: 10.0.0.9 }",
      ["NW0406"]
    ),
  ])
  func `tunnels on one port`(_ devices: String, _ codes: [String]) {
    let red = "red: { type: vrf, table: 10, members: [eth0] }"
    #expect(errors(in: "routers: { r: { networks: [lan], interfaces: { \(red), \(devices) } } }\n\(Self.lan)") == codes)
  }
}
