import NetworkTypes
import Testing
import Topology

/// What things are called, and who sees which names.
@Suite struct NamingTests {
  @Test func `which network gives the default route, and why`() {
    // Endpoint.Less in libnetwork's sandbox.go.
    let networks = "networks: { b: , a: , c: { internal: true }, d: { enable_ipv6: true } }"
    func chosen(_ attachments: String) -> DefaultRoute? {
      topology("services: { web: { networks: \(attachments) } }\n\(networks)").nodes[0].defaultRoutes.first
    }
    #expect(chosen("[a]")?.reason == .only)
    #expect(chosen("[c]") == nil)
    #expect(chosen("[c, b]")?.reason == .only)
    #expect(chosen("[b, a]")?.reason == .name && chosen("[b, a]")?.network == NetworkID(index: 1))
    #expect(chosen("{ a: , b: { gw_priority: 1 } }")?.reason == .gatewayPriority(1))
    #expect(chosen("[a, d]")?.reason == .bothFamilies && chosen("[a, d]")?.network == NetworkID(index: 3))
  }

  @Test func `interfaces by priority, then as written; explicit names first`() {
    let result = topology(
      """
      services:
        web: { networks: { a: , b: { priority: 5 }, c: { interface_name: eth0 } } }
      networks: { a: , b: , c: }
      """)
    let names = result.nodes[0].interfaces.map { "\($0.name)" }
    #expect(names == ["eth1", "eth2", "eth0"])
  }

  @Test func `namespaces, replicas and prefixes`() {
    let text = "services: { web: { scale: 2 }, db: {} }"
    #expect(topology(text).nodes.map(\.displayName) == ["web-1", "web-2", "db"])
    #expect(topology(text, prefix: "lab").nodes.map(\.displayName) == ["lab-web-1", "lab-web-2", "lab-db"])
  }

  @Test func `host devices fit into 15 bytes and differ`() {
    let services = (0..<300).map { "a-service-with-a-long-name-\($0): {}" }.joined(separator: ", ")
    let result = topology("services: { \(services) }")
    var names: Set<String> = []
    for node in result.nodes {
      for interface in node.interfaces {
        guard case .port(_, let device, _) = interface.source else { continue }
        #expect(device.text.utf8.count <= 15)
        names.insert(device.text)
      }
    }
    #expect(names.count == 300)
  }

  @Test func `names resolve on shared networks only, the first that knows one answering`() {
    let result = topology(
      """
      services:
        web: { networks: [front, back] }
        db: { networks: { back: { aliases: [store] } } }
        out: { networks: [front] }
      networks:
        front: { ipam: { config: [{ subnet: 10.1.0.0/24 }] } }
        back: { ipam: { config: [{ subnet: 10.2.0.0/24 }] } }
      """)
    func names(_ node: Int) -> [String] {
      result.nameTables.first { $0.nodes.contains(NodeID(index: node)) }?.entries.map {
        "\($0.address) \($0.names.map(\.text).joined(separator: " "))"
      } ?? []
    }
    // web asks back first, the first by name, which knows web itself: front's address of web has no name left. A Docker
    // Engine 20.10 answers the same.
    #expect(names(0) == ["10.2.0.2 web test-web-1", "10.2.0.3 db test-db-1 store", "10.1.0.3 out test-out-1"])
    #expect(names(1) == ["10.2.0.2 web test-web-1", "10.2.0.3 db test-db-1 store"])
    #expect(names(2) == ["10.1.0.2 web test-web-1", "10.1.0.3 out test-out-1"])
  }

  /// What a Docker Engine 20.10 answered, with the dashes of docker compose 2.
  @Test func `a link's alias is the first replica's, and on the engine's own bridge a line of the hosts file`() {
    let result = topology(
      """
      services:
        web: { links: ["db:store"] }
        db: { scale: 2 }
        old: { network_mode: bridge, links: ["cache:memory", named] }
        cache: { network_mode: bridge }
        named: { network_mode: bridge, hostname: box }
      """)
    func names(_ node: String) -> [String] {
      guard let index = result.nodes.firstIndex(where: { $0.name == node }) else { return [] }
      return result.nameTables.first { $0.nodes.contains(NodeID(index: index)) }?.entries.map {
        "\($0.address) \($0.names.map(\.text).joined(separator: " "))"
      } ?? []
    }
    let first = result.addresses("db-1").first?.prefix { $0 != "/" } ?? ""
    #expect(names("web").filter { $0.hasSuffix("store") } == ["\(first) store"])
    #expect(names("cache") == [])
    #expect(names("named") == ["172.17.0.3 box"])
    #expect(names("old") == ["172.17.0.2 memory cache-1 test-cache-1", "172.17.0.3 named named-1 test-named-1 box"])
  }

  /// A Docker Engine 20.10 has it in the container's hosts file and answers nobody who asks for it.
  @Test func `a host name with its domain is known to its own service alone`() {
    let result = topology(
      """
      services:
        db: { hostname: store, domainname: Example.org }
        web: {}
        mail: { hostname: mx.example.net }
      """)
    func names(_ node: Int) -> [String] {
      result.nameTables.first { $0.nodes.contains(NodeID(index: node)) }?.entries.map {
        "\($0.address) \($0.names.map(\.text).joined(separator: " "))"
      } ?? []
    }
    #expect(
      names(0) == [
        "172.18.0.2 store.example.org store", "172.18.0.2 db test-db-1", "172.18.0.3 web test-web-1",
        "172.18.0.4 mail test-mail-1 mx.example.net",
      ])
    #expect(names(1).dropLast() == ["172.18.0.2 db test-db-1 store", "172.18.0.3 web test-web-1"])
    #expect(names(2).first == "172.18.0.4 mx.example.net mx")
  }

  @Test func `replicas that see the same have one table`() {
    let result = topology(
      """
      services:
        web: { scale: 3, networks: [lan], extra_hosts: { one: 192.0.2.1 }, links: ["db:store"] }
        db: { networks: { lan: , other: } }
        own: { scale: 2, networks: [lan, other], hostname: me, extra_hosts: { one: 192.0.2.1 } }
        old: { scale: 2, network_mode: bridge, extra_hosts: { one: 192.0.2.1 } }
        alone: { scale: 2, network_mode: none, extra_hosts: { one: 192.0.2.1 } }
        some: { networks: [lan], extra_hosts: { one: 192.0.2.9 } }
      networks: { lan: , other: }
      """)
    let nodes = result.nameTables.map { table in table.nodes.map { result.nodes[$0.index].name } }
    #expect(
      nodes == [
        ["web-1", "web-2", "web-3"], ["db"], ["own-1"], ["own-2"], ["old-1"], ["old-2"], ["alone-1"], ["alone-2"],
        ["some"],
      ])
    let store = result.nameTables[0].entries.filter { $0.names.map(\.text).contains("store") }
    #expect(store.count == 1 && result.nameTables[0].entries.first?.names.map(\.text) == ["one"])
  }

  @Test func `modes`() {
    let result = topology(
      """
      services:
        web: { network_mode: bridge }
        agent: { network_mode: host }
        side: { network_mode: "service:web" }
        alone: { network_mode: none }
      """)
    #expect(result.addresses("web") == ["172.17.0.2/16"])
    #expect(result.networks.first?.bridge?.text == "docker0")
    #expect(result.nodes[1].home == .host && result.nodes[2].home == .shared(NodeID(index: 0)))
    #expect(result.nodes[3].interfaces.isEmpty)
  }
}
