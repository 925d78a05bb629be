import Diagnostics
import NetworkTypes
import ProjectFile
import Testing
import Topology
import YAMLTree

/// What an external network is taken for: what the host is known to have, or a stand-in that has room for what is
/// written.
@Suite struct ExternalNetworkTests {
  private func topology(_ text: String, existing: [ExistingNetwork] = [], prefix: String? = nil) -> Topology {
    var sources = SourceSet()
    let source = SourceText(name: "test.yaml", bytes: Array(text.utf8))
    let (file, diagnostics) = readProject(readYAML(source, id: sources.add(source)).documents, environment: [:])
    #expect(diagnostics.isEmpty, "\(diagnostics.map(\.message))")
    var options = ResolutionOptions(defaultProjectName: "test", prefix: prefix)
    options.existing = existing
    return resolve(file, options: options)
  }

  private func network(
    _ names: [String], _ driver: Network.Driver?, _ block: String, gateway: String? = nil, taken: [String] = []
  ) throws -> ExistingNetwork {
    var network = ExistingNetwork(names: names, driver: driver)
    var own = ExistingNetwork.Block(subnet: try #require(IPPrefix(block)), gateway: gateway.flatMap { IPAddress($0) })
    own.occupants = taken.compactMap { IPAddress($0).map { Pool.Occupant(address: $0, name: "other") } }
    network.blocks = [own]
    return network
  }

  @Test(arguments: [
    // The usual length, a gateway that nobody has, and the next free address for who has none.
    (["192.168.7.53"], "192.168.7.0/24", "192.168.7.1", "192.168.7.2/24"),
    (["192.168.7.1", "192.168.7.2"], "192.168.7.0/24", "192.168.7.3", "192.168.7.4/24"),
    // What can't be in a block of 256 is in a larger one.
    (["172.22.0.9", "172.22.3.9"], "172.22.0.0/16", "172.22.0.1", "172.22.0.2/16"),
    (["172.22.1.0"], "172.22.0.0/16", "172.22.0.1", "172.22.0.2/16"),
    (["10.1.0.5", "10.2.0.5"], "10.0.0.0/14", "10.0.0.1", "10.0.0.2/14"),
  ])
  func `a stand-in has the addresses that are written`(
    _ written: [String], _ block: String, _ gateway: String, _ dynamic: String
  ) {
    var text = "networks: { lan: { external: true } }\nservices:\n  last: { networks: [lan] }\n"
    for (index, address) in written.enumerated() {
      text += "  s\(index): { networks: { lan: { ipv4_address: \(address) } } }\n"
    }
    let result = topology(text)
    #expect(result.networks[0].pools.map(\.subnet.description) == [block])
    #expect(result.networks[0].pools[0].gateway?.description == gateway)
    #expect(result.addresses("last") == [dynamic])
    for (index, address) in written.enumerated() {
      #expect(result.addresses("s\(index)").map { String($0.prefix { $0 != "/" }) } == [address])
    }
  }

  @Test func `a stand-in of IPv6, and what is cut elsewhere keeps away`() {
    let result = topology(
      """
      services:
        a: { networks: { lan: { ipv4_address: 172.18.0.5, ipv6_address: "fd00:7::5" }, own: {} } }
      networks: { lan: { external: true }, own: {} }
      """)
    #expect(result.networks[0].pools.map(\.subnet.description) == ["172.18.0.0/24", "fd00:7::/64"])
    #expect(result.networks[1].pools.map(\.subnet.description) == ["172.19.0.0/16"])
    #expect(result.addresses("a") == ["172.18.0.5/24", "fd00:7::5/64", "172.19.0.2/16"])
  }

  @Test func `what the host has is taken as it is`() throws {
    let bridge = try #require(InterfaceName("br-0123456789ab"))
    var proxy = try network(
      ["proxy"], .bridge(device: bridge, options: BridgeOptions()), "172.30.0.0/16", gateway: "172.30.0.1",
      taken: ["172.30.0.2", "172.30.0.3"])
    proxy.identifier = "0123456789abcdef"
    proxy.mtu = 1400
    let eth0 = try #require(InterfaceName("eth0"))
    let house = try network(
      ["house"], .macvlan(parent: eth0, makesParent: false, mode: .bridge), "192.168.7.0/24", gateway: "192.168.7.1")
    for name in ["proxy", "0123456789ab", "0123456789abcdef"] {
      let result = topology(
        """
        services:
          a: { networks: [p, h] }
        networks:
          p: { external: true, name: "\(name)" }
          h: { external: true, name: house }
        """, existing: [proxy, house])
      #expect(result.networks[0].bridge == bridge && result.networks[0].isExisting && result.networks[0].mtu == 1400)
      #expect(result.addresses("a") == ["172.30.0.4/16", "192.168.7.2/24"])
      #expect(result.assumedParents.isEmpty)
    }
  }

  @Test func `what isn't external isn't the host's, and what has no device is stood in for`() throws {
    let away = try network(["lan"], nil, "10.5.0.0/16", gateway: "10.5.0.1", taken: ["10.5.0.2"])
    let result = topology(
      """
      services: { a: { networks: [lan, own] } }
      networks: { lan: { external: true }, own: { name: lan } }
      """, existing: [away])
    #expect(!result.networks[0].isExisting && result.networks[0].bridge?.text == "br-lan")
    #expect(result.addresses("a") == ["10.5.0.3/16", "172.18.0.2/16"])
  }

  @Test func `the engine's own bridge is the host's, but for what has a prefix`() throws {
    let docker0 = try #require(InterfaceName("docker0"))
    let existing = try network(
      ["bridge"], .bridge(device: docker0, options: BridgeOptions()), "172.17.0.0/16", gateway: "172.17.0.1",
      taken: ["172.17.0.2"])
    let text = "services: { a: { network_mode: bridge } }"
    let plain = topology(text, existing: [existing])
    #expect(plain.networks[0].isExisting && plain.addresses("a") == ["172.17.0.3/16"])
    let prefixed = topology(text, existing: [existing], prefix: "lab")
    #expect(!prefixed.networks[0].isExisting && prefixed.networks[0].bridge != docker0)
  }

  @Test func `a mode that is a name is a network that is there already`() throws {
    let bridge = try #require(InterfaceName("br-proxy1"))
    let existing = try network(
      ["proxy"], .bridge(device: bridge, options: BridgeOptions()), "172.30.0.0/16", gateway: "172.30.0.1")
    let text = """
      services:
        a: { network_mode: proxy }
        b: { network_mode: proxy }
        c: { network_mode: test_own }
        d: { network_mode: "slirp4netns:port_handler=slirp4netns" }
      networks: { own: }
      """
    let found = topology(text, existing: [existing])
    #expect(found.networks.map(\.key) == ["own", "proxy"] && found.networks[1].bridge == bridge)
    #expect(found.addresses("a") == ["172.30.0.2/16"] && found.addresses("b") == ["172.30.0.3/16"])
    #expect(found.addresses("c") == ["172.18.0.2/16"] && found.addresses("d") == [])
    let assumed = topology(text)
    #expect(!assumed.networks[1].isExisting && assumed.networks[1].isExternal)
    #expect(assumed.addresses("b") == ["172.19.0.3/16"])
  }

  /// `network_mode: bridge` is the engine's own network, whatever the file calls its own (docker/compose,
  /// pkg/compose/create.go: the mode is handed to the engine as it is).
  @Test(arguments: [["bridge"], ["bridge", "docker0"]]) func `a network called bridge isn't Docker's`(keys: [String]) {
    let networks = keys.enumerated().map { "  \($1): { ipam: { config: [{ subnet: 10.\($0).0.0/24 }] } }\n" }.joined()
    let result = topology(
      "services:\n  a: { network_mode: bridge }\n  b: { networks: [\(keys.joined(separator: ", "))] }\n"
        + "networks:\n\(networks)", prefix: "x")
    #expect(result.addresses("a") == ["172.17.0.2/16"])
    #expect(result.addresses("b") == keys.indices.map { "10.\($0).0.2/24" })
    #expect(Set(result.networks.map(\.key)).count == keys.count + 1)
    #expect(result.networks.map(\.name) == keys.map { "test_\($0)" } + ["bridge"])
  }

  @Test func `an external network called bridge is Docker's`() {
    let result = topology("services: { a: { network_mode: bridge } }\nnetworks: { bridge: { external: true } }")
    #expect(result.networks.map(\.name) == ["bridge"])
  }
}
