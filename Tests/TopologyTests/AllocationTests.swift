import Diagnostics
import NetworkTypes
import ProjectFile
import Testing
import Topology
import YAMLTree

/// Resolves a file's text.
func topology(_ text: String, prefix: String? = nil) -> Topology {
  var sources = SourceSet()
  let source = SourceText(name: "test.yaml", bytes: Array(text.utf8))
  let reading = readYAML(source, id: sources.add(source))
  let (file, diagnostics) = readProject(reading.documents, environment: [:])
  #expect(reading.diagnostics.isEmpty && diagnostics.isEmpty, "\(diagnostics.map(\.message))")
  return resolve(file, options: ResolutionOptions(defaultProjectName: "test", prefix: prefix))
}

extension Topology {
  /// Every address of a node, by its name.
  func addresses(_ name: String) -> [String] {
    nodes.first { $0.name == name }?.interfaces.flatMap(\.addresses).map(\.address.description) ?? []
  }
}

/// Who gets which address.
@Suite struct AllocationTests {
  @Test func `gateway first, then auxiliary, then static, then dynamic`() {
    let result = topology(
      """
      services:
        a: { networks: [lan] }
        b: { networks: { lan: { ipv4_address: 10.0.0.3 } } }
        c: { networks: [lan] }
      networks:
        lan: { ipam: { config: [{ subnet: 10.0.0.0/24, aux_addresses: { printer: 10.0.0.2 } }] } }
      """)
    #expect(result.networks[0].pools[0].gateway?.description == "10.0.0.1")
    // .2 is kept free and .3 is b's, though a starts first.
    #expect(result.addresses("a") == ["10.0.0.4/24"])
    #expect(result.addresses("b") == ["10.0.0.3/24"])
    #expect(result.addresses("c") == ["10.0.0.5/24"])
  }

  @Test func `what the host and its gateway have on a network's parent is kept free`() {
    let result = topology(
      """
      services: { a: { networks: [m] }, b: { networks: [m] } }
      networks: { m: { driver: macvlan, driver_opts: { parent: eth0 }, ipam: { config: [{ subnet: 10.0.0.0/24 }] } } }
      host: { interfaces: { eth0: { address: 10.0.0.3/24, gateway: 10.0.0.1 } } }
      """)
    #expect(result.addresses("a") == ["10.0.0.2/24"])
    #expect(result.addresses("b") == ["10.0.0.4/24"])
  }

  @Test func `a range gives the gateway too, and its own first address`() {
    // moby, TestRequestReleaseAddressFromSubPool.
    let result = topology(
      """
      services: { a: { networks: [lan] } }
      networks: { lan: { ipam: { config: [{ subnet: 172.28.0.0/16, ip_range: 172.28.5.0/24 }] } } }
      """)
    #expect(result.networks[0].pools[0].gateway?.description == "172.28.5.0")
    #expect(result.addresses("a") == ["172.28.5.1/16"])
  }

  /// moby, drivers/bridge/bridge_linux.go: GetSkipGwAlloc.
  @Test(arguments: [
    ("gateway_mode_ipv4: isolated", "", "10.0.0.1/24 fd00::2/64"), ("inhibit_ipv4: true", "", "10.0.0.1/24 fd00::2/64"),
    ("gateway_mode_ipv6: isolated", "", "10.0.0.2/24 fd00::1/64"),
    ("gateway_mode_ipv4: isolated", ", gateway: 10.0.0.1", "10.0.0.2/24 fd00::2/64"),
    ("gateway_mode_ipv4: nat", "", "10.0.0.2/24 fd00::2/64"),
  ])
  func `an internal network that needs no gateway has none`(_ option: String, _ pool: String, _ addresses: String) {
    let result = topology(
      """
      services: { a: { networks: [n] } }
      networks:
        n:
          internal: true
          enable_ipv6: true
          driver_opts: { com.docker.network.bridge.\(option) }
          ipam: { config: [{ subnet: 10.0.0.0/24\(pool) }, { subnet: "fd00::/64" }] }
      """)
    #expect(result.addresses("a").joined(separator: " ") == addresses)
  }

  @Test func `after the first subnet of a family comes the second`() {
    let result = topology(
      """
      services: { a: { networks: [n] }, b: { networks: [n] }, c: { networks: { n: { ipv4_address: 10.0.1.2 } } }, d: { networks: [n] } }
      networks:
        n:
          driver: macvlan
          driver_opts: { parent: eth0 }
          ipam: { config: [{ subnet: 10.0.0.0/30, gateway: 10.0.0.1 }, { subnet: 10.0.1.0/30 }] }
      """)
    #expect(result.addresses("a") == ["10.0.0.2/30"] && result.addresses("b") == ["10.0.1.1/30"])
    #expect(result.addresses("c") == ["10.0.1.2/30"] && result.addresses("d") == [])
    #expect(result.failures.count == 1)
  }

  /// moby, address_space.go: allocatePredefinedPool.
  @Test(arguments: [
    ("0.0.0.0/15", ["172.20.0.0/15"]), ("0.0.0.0/14", ["172.20.0.0/14"]), ("0.0.0.0/16", ["172.18.0.0/16"]),
    ("0.0.0.0/24", ["172.18.0.0/24"]), ("0.0.0.0/12", []),
  ])
  func `an automatic block of a length is cut from a pool that holds it`(_ subnet: String, _ subnets: [String]) {
    let result = topology(
      "services: { a: { networks: [n] } }\nnetworks: { n: { ipam: { config: [{ subnet: \(subnet) }] } } }")
    #expect(result.networks[0].pools.map(\.subnet.description) == subnets)
    #expect(result.failures.count == 1 - subnets.count)
  }

  @Test func `a /31 and a /127 have two hosts`() {
    let result = topology(
      """
      routers: { a: {}, b: {} }
      links: [{ endpoints: [a, b], subnet: [10.0.0.0/31, "fd00::/127"] }]
      """)
    #expect(result.addresses("a") == ["10.0.0.0/31", "fd00::/127"])
    #expect(result.addresses("b") == ["10.0.0.1/31", "fd00::1/127"])
    #expect(result.failures.isEmpty)
  }

  @Test func `default pools by key, away from what is taken`() {
    let result = topology(
      """
      services: { a: { networks: [z, y, x] } }
      networks: { z: , y: , x: }
      reserved: [172.19.0.0/16]
      host: { interfaces: { eth0: { address: 172.20.5.5/16 } } }
      """)
    let subnets = Dictionary(uniqueKeysWithValues: result.networks.map { ($0.key, $0.pools[0].subnet.description) })
    #expect(subnets == ["x": "172.18.0.0/16", "y": "172.21.0.0/16", "z": "172.22.0.0/16"])
  }

  @Test func `31 default blocks and no more`() {
    // docker0 has the first of them.
    let names = (0..<31).map { "n\($0)" }
    let result = topology(
      "services: { a: { networks: [\(names.joined(separator: ", "))] } }\nnetworks: { \(names.map { "\($0): " }.joined(separator: ", ")) }"
    )
    let subnets = result.networks.compactMap { $0.pools.first?.subnet.description }
    #expect(subnets.count == 30)
    #expect(
      subnets.contains("172.31.0.0/16") && subnets.contains("192.168.240.0/20") && !subnets.contains("172.17.0.0/16"))
    #expect(result.failures.count == 1)
  }

  @Test func `start order is allocation order`() {
    let result = topology(
      """
      services:
        web: { networks: [lan], depends_on: [db] }
        db: { networks: [lan] }
      networks: { lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } } }
      """)
    #expect(result.addresses("db") == ["10.0.0.2/24"])
    #expect(result.addresses("web") == ["10.0.0.3/24"])
  }

  @Test func `hardware addresses are made from addresses`() {
    let result = topology(
      """
      services:
        a: { networks: [lan] }
        b: { networks: [six] }
        c: { networks: { lan: { mac_address: 02:00:00:00:00:01 } } }
      networks:
        lan: { ipam: { config: [{ subnet: 172.17.0.0/16 }] } }
        six: { enable_ipv4: false, enable_ipv6: true }
      """)
    let made = result.nodes.map { $0.interfaces[0].macAddress?.description ?? "" }
    #expect(made[0] == "02:42:ac:11:00:02" && made[2] == "02:00:00:00:00:01")
    #expect(made[1].hasPrefix("06:42:"))
  }

  @Test func `a router with the gateway's address is the gateway`() {
    let result = topology(
      """
      services: { a: { networks: [lan] } }
      routers: { r: { networks: { lan: { ipv4_address: 10.0.0.1 } } } }
      networks: { lan: { ipam: { config: [{ subnet: 10.0.0.0/24, gateway: 10.0.0.1 }] } } }
      """)
    #expect(result.networks[0].pools[0].gatewayNode == NodeID(index: 1))
    #expect(result.nodes[0].defaultRoutes.first?.gateway?.description == "10.0.0.1")
    #expect(result.nodes[1].defaultRoutes.isEmpty)
  }

  @Test func `the last address that there is`() {
    let last = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"
    let result = topology(
      """
      services: { a: { networks: [lan] } }
      networks: { lan: { enable_ipv6: true, ipam: { config: [{ subnet: 10.0.0.0/24 }, { subnet: "\(last)" }] } } }
      """)
    #expect(result.networks[0].pools[1].gateway.map { "\($0)/128" } == last)
    #expect(result.addresses("a") == ["10.0.0.2/24"])
  }
}
