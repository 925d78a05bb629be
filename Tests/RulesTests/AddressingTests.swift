import Testing

/// Addresses and subnets that the kernel, the engine or a network takes, and those that they don't.
@Suite struct AddressingTests {
  /// Docker's own example gives a macvlan network the subnet of its parent, and the host gets no route from it.
  @Test(arguments: [
    ("macvlan, driver_opts: { parent: eth0 }", []), ("ipvlan, driver_opts: { parent: eth0 }", []),
    ("macvlan, driver_opts: { parent: eth0.5 }", []), ("bridge", ["NW0309"]),
  ])
  func `the subnet of a device of the host's on a network`(_ driver: String, _ codes: [String]) {
    let file = """
      services: { web: { networks: [m] } }
      networks: { m: { driver: \(driver), ipam: { config: [{ subnet: 192.168.1.0/24, gateway: 192.168.1.1 }] } } }
      host: { interfaces: { eth0: { address: 192.168.1.5/24, gateway: 192.168.1.1 } } }
      """
    #expect(errors(in: file) == codes)
  }

  @Test func `one subnet on two networks of two parents`() {
    func network(_ parent: String) -> String {
      "{ driver: macvlan, driver_opts: { parent: \(parent) }, ipam: { config: [{ subnet: 192.168.1.0/24 }] } }"
    }
    let file = "services: { web: { networks: [a, b] } }\nnetworks: { a: \(network("eth0")), b: \(network("eth1")) }"
    #expect(errors(in: file) == ["NW0309"])
  }

  /// The engine's pools overlap, whose they are doesn't matter; a bridge has no second subnet.
  @Test(arguments: [
    ("macvlan", "10.0.0.0/24", ["NW0309"]), ("macvlan", "10.0.0.128/25", ["NW0309"]), ("ipvlan", "10.0.1.0/24", []),
    ("bridge", "10.0.0.0/24", ["NW0308"]),
  ])
  func `two subnets of one network`(_ driver: String, _ second: String, _ codes: [String]) {
    let config = "config: [{ subnet: 10.0.0.0/24 }, { subnet: \(second) }]"
    #expect(
      errors(in: "services: { a: { networks: [n] } }\nnetworks: { n: { driver: \(driver), ipam: { \(config) } } }")
        == codes)
  }

  @Test(arguments: [
    ("{ networks: [n] }", "n: { external: true, name: lan0 }", []), ("{ network_mode: lan0 }", "m: {}", []),
    ("{ networks: [n] }", "n: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }", ["NW0309"]),
    ("{ network_mode: bridge }", "m: {}", []),
  ])
  func `a network that is a device of the host's`(_ service: String, _ network: String, _ codes: [String]) {
    let host = "host: { interfaces: { lan0: { address: 10.0.0.1/24 } } }"
    #expect(errors(in: "services: { web: \(service) }\nnetworks: { \(network) }\n\(host)") == codes)
  }

  @Test func `docker0 that is there already`() {
    let host = "host: { interfaces: { docker0: { address: 172.17.0.1/16 } } }"
    #expect(errors(in: "services: { web: { network_mode: bridge } }\n\(host)") == ["NW0211"])
  }

  /// The engine's own bridge is one of its networks, though the file doesn't define it.
  @Test(arguments: [
    ("172.17.0.0/16", ["NW0309"]), ("172.17.5.0/24", ["NW0309"]), ("172.16.0.0/12", ["NW0309"]), ("172.18.0.0/16", []),
  ])
  func `a subnet beside docker0's`(_ subnet: String, _ codes: [String]) {
    let services = "services: { a: { networks: [n] }, b: { network_mode: bridge } }"
    let networks = "networks: { n: { ipam: { config: [{ subnet: \(subnet) }] } } }"
    #expect(errors(in: "\(services)\n\(networks)") == codes)
    #expect(errors(in: "\(networks)\n\(services)") == codes)
  }

  /// The bridge has the gateway's address, unless one router is the gateway.
  @Test(arguments: [
    ("services: { a: { networks: { lan: { addresses: [10.0.0.1/24] } } } }", "", ["NW0304"]),
    (
      "services: { a: { networks: { lan: { ipv4_address: 10.0.0.5, addresses: [10.0.0.1/32] } } } }", "", ["NW0304"]
    ),
    ("routers: { r: { networks: { lan: { addresses: [10.0.0.1/24] } } } }", "", ["NW0304"]),
    ("routers: { r: { networks: { lan: { ipv4_address: 10.0.0.1 } } } }", "", []),
    (
      "routers: { r: { networks: { lan: { ipv4_address: 10.0.0.1 } } }, s: { networks: { lan: { ipv4_address: 10.0.0.1 } } } }",
      "", ["NW0304"]
    ),
    ("services: { a: { networks: { lan: { ipv4_address: 10.0.0.1 } } } }", "", ["NW0303"]),
    (
      "services: { a: { networks: [lan] } }\nrouters: { r: {} }\nlinks: [{ endpoints: [{ node: r, addresses: [10.0.0.1/24] }, { network: lan }] }]",
      "", ["NW0304"]
    ),
    // Nobody has it there.
    (
      "services: { a: { networks: { lan: { addresses: [10.0.0.1/24] } } } }",
      ", driver_opts: { com.docker.network.bridge.inhibit_ipv4: true }", []
    ),
    ("services: { a: { networks: { lan: { addresses: [10.0.0.1/24] } } } }", ", driver: macvlan", []),
  ])
  func `a gateway's address`(_ nodes: String, _ options: String, _ codes: [String]) {
    let config = "config: [{ subnet: 10.0.0.0/24, gateway: 10.0.0.1 }]"
    #expect(errors(in: "\(nodes)\nnetworks: { lan: { ipam: { \(config) }\(options) } }") == codes)
  }

  /// The engine answers: parent subnet 0.0.0.0/24 doesn't contain this address.
  @Test(arguments: [
    "subnet: 0.0.0.0/24, gateway: 10.0.0.1", "subnet: 0.0.0.0/24, ip_range: 10.0.0.0/28",
    "subnet: 0.0.0.0/24, aux_addresses: { printer: 10.0.0.9 }", "subnet: \"::/64\", gateway: \"fd00::1\"",
  ])
  func `what is written beside a block that is chosen later`(_ pool: String) {
    let network = "{ enable_ipv6: true, ipam: { config: [{ \(pool) }] } }"
    #expect(errors(in: "services: { a: { networks: [lan] } }\nnetworks: { lan: \(network) }") == ["NW0306"])
  }

  /// The engine answers Address already in use; a router may be who the address is kept for.
  @Test(arguments: [
    ("services: { a: { networks: { lan: { ipv4_address: 10.0.0.9 } } } }", ["NW0304"]),
    ("services: { a: { networks: { lan: { ipv4_address: 10.0.0.2 } } } }", ["NW0304"]),
    ("services: { a: { networks: { lan: { ipv4_address: 10.0.0.8 } } } }", []),
    ("routers: { r: { networks: { lan: { ipv4_address: 10.0.0.2 } } } }", []),
    ("routers: { r: { networks: { lan: { ipv4_address: 10.0.0.9 } } } }", []),
  ])
  func `addresses that are kept free`(_ nodes: String, _ codes: [String]) {
    let auxiliary = "aux_addresses: { printer: 10.0.0.9, DefaultGatewayIPv4: 10.0.0.2 }"
    #expect(
      errors(in: "\(nodes)\nnetworks: { lan: { ipam: { config: [{ subnet: 10.0.0.0/24, \(auxiliary) }] } } }") == codes)
  }

  /// The host is on the segment of a device that a network stands on.
  @Test(arguments: [("ipv4_address: 192.168.1.5", ["NW0304"]), ("ipv4_address: 192.168.1.6", []), ("", [])])
  func `the host's own address beside it`(_ address: String, _ codes: [String]) {
    let file = """
      services: { web: { networks: { m: { \(address) } } } }
      networks: { m: { driver: macvlan, driver_opts: { parent: eth0 }, ipam: { config: [{ subnet: 192.168.1.0/24 }] } } }
      host: { interfaces: { eth0: { address: 192.168.1.5/24, gateway: 192.168.1.1 } } }
      """
    #expect(errors(in: file) == codes)
  }
}
