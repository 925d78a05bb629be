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
  ])
  func `routes that the kernel refuses`(_ routes: String, _ code: String) {
    #expect(errors(in: "services: { web: { networks: [lan], routes: [\(routes)] } }\n\(Self.lan)") == [code])
  }

  @Test(arguments: [
    "{ to: 10.0.0.0/24, dev: eth0, metric: 5 }", "{ to: \"fd00::/64\", dev: eth0 }",
    "{ to: default, via: 10.0.0.9, metric: 0 }",
    "{ to: 192.0.2.1, dev: eth0 }, { to: 10.9.0.0/16, via: 192.0.2.1 }",
  ])
  func `routes that the kernel takes`(_ routes: String) {
    #expect(errors(in: "services: { web: { networks: [lan], routes: [\(routes)] } }\n\(Self.lan)") == [])
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
}
