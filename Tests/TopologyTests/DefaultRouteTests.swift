import NetworkTypes
import Testing
import Topology

/// Which gateway a service is given.
@Suite struct DefaultRouteTests {
  /// moby, macvlan_joinleave.go: getSubnetForIP.
  @Test(arguments: [
    ("macvlan", "ipv4_address: 10.0.1.5", ["10.0.1.1"]), ("macvlan", "ipv4_address: 10.0.0.5", ["10.0.0.1"]),
    ("macvlan", "ipv4_address: 10.0.2.5", []), ("macvlan", "", ["10.0.0.1"]),
    ("ipvlan", "ipv4_address: 10.0.1.5", ["10.0.1.1"]), ("ipvlan", "ipv4_address: 10.0.2.5", []),
  ])
  func `the gateway of the subnet that the address is in`(_ driver: String, _ address: String, _ gateways: [String]) {
    let result = topology(
      """
      services: { a: { networks: { n: { \(address) } } } }
      networks:
        n:
          driver: \(driver)
          driver_opts: { parent: eth0 }
          ipam:
            config:
              - { subnet: 10.0.0.0/24, gateway: 10.0.0.1 }
              - { subnet: 10.0.1.0/24, gateway: 10.0.1.1 }
              - { subnet: 10.0.2.0/24 }
      """)
    #expect(result.gateways("a") == gateways)
  }

  @Test func `the gateway of the IPv6 subnet that the address is in`() {
    let result = topology(
      """
      services: { a: { networks: { n: { ipv6_address: "fd00:1::5" } } } }
      networks:
        n:
          driver: macvlan
          enable_ipv6: true
          driver_opts: { parent: eth0 }
          ipam:
            config: [{ subnet: "fd00::/64", gateway: "fd00::1" }, { subnet: "fd00:1::/64", gateway: "fd00:1::1" }]
      """)
    #expect(result.gateways("a") == ["fd00:1::1"])
  }

  /// Of two networks the one with gateways of both families goes first, by what the service has there.
  @Test func `both families count where the service has both`() {
    let result = topology(
      """
      services: { a: { networks: { m: { ipv4_address: 10.0.1.5 }, z: {} } } }
      networks:
        m:
          driver: macvlan
          enable_ipv6: true
          driver_opts: { parent: eth0 }
          ipam:
            config:
              - { subnet: 10.0.0.0/24, gateway: 10.0.0.1 }
              - { subnet: 10.0.1.0/24 }
              - { subnet: "fd00::/64", gateway: "fd00::1" }
        z: { enable_ipv6: true, ipam: { config: [{ subnet: 10.0.9.0/24 }, { subnet: "fd00:9::/64" }] } }
      """)
    #expect(result.gateways("a") == ["10.0.9.1", "fd00:9::1"])
  }

  /// moby, setup_ipv4_linux.go: an internal network alone has no gateway.
  @Test(arguments: [
    ("", ["10.0.0.1"]), (", gateway: 10.0.0.9", ["10.0.0.9"]),
    (", aux_addresses: { DefaultGatewayIPv4: 10.0.0.7 }", ["10.0.0.7"]),
  ])
  func `a bridge without an address leaves the gateway to another`(_ pool: String, _ gateways: [String]) {
    func file(_ further: String) -> String {
      """
      services: { a: { networks: [n] } }
      networks:
        n:
          driver_opts: { com.docker.network.bridge.inhibit_ipv4: "true" }
          ipam: { config: [{ subnet: 10.0.0.0/24\(pool) }] }
          \(further)
      """
    }
    let result = topology(file(""))
    #expect(result.gateways("a") == gateways)
    #expect(result.networks[0].hostAddress(.ipv4) == nil)
    #expect(topology(file("internal: true")).gateways("a") == [])
  }
}

extension Topology {
  /// The gateways of a node's default routes.
  fileprivate func gateways(_ name: String) -> [String] {
    nodes.first { $0.name == name }?.defaultRoutes.compactMap { $0.gateway?.description } ?? []
  }
}
