import Diagnostics
import NetworkTypes
import ProjectFile
import Testing

@testable import ProjectFile

/// What keys mean.
@Suite struct ReadingTests {
  /// Short ports: text, container, host, address, protocol (docker/go-connections, nat.ParsePortSpec).
  @Test(
    arguments: [
      ("80", "80", nil, nil, "tcp"), ("8080:80", "80", "8080", nil, "tcp"),
      ("9090-9091:8080-8081", "8080-8081", "9090-9091", nil, "tcp"),
      ("8000-9000:80", "80", "8000-9000", nil, "tcp"), ("127.0.0.1:8001:8001", "8001", "8001", "127.0.0.1", "tcp"),
      ("127.0.0.1::80", "80", nil, "127.0.0.1", "tcp"), ("::1:6000:6000", "6000", "6000", "::1", "tcp"),
      ("[::1]:6000:6000/UDP", "6000", "6000", "::1", "udp"), ("6060:6060/sctp", "6060", "6060", nil, "sctp"),
    ] as [(String, String, String?, String?, String)])
  func `published ports`(
    _ text: String, _ target: String, _ published: String?, _ address: String?, _ transport: String
  ) {
    let file = check("services: { web: { ports: [\"\(text)\"] } }")
    let port = file.nodes.first?.ports.first
    #expect(port?.target.description == target)
    #expect(port?.published?.description == published)
    #expect(port?.hostAddress?.description == address)
    #expect(port?.transport.rawValue == transport)
  }

  /// Or else a rule would miss the way that is reported already.
  @Test func `a route whose way can't be read is left out`() {
    let file = check(
      """
      services:
        a:
          routes:
            - { to: default, via: [10.0.0.1] }  # error: NW0102
            - { to: 10.9.0.0/16, nexthops: [] }
            - { to: 10.8.0.0/16, via: 10.0.0.1 }
            - { to: 10.7.0.0/16 }
      """)
    #expect(file.nodes.first?.routes.count == 3)
  }

  @Test func `both forms of networks and hosts`() {
    let file = check(
      """
      services:
        a: { networks: [x, y], extra_hosts: ["one=192.0.2.1", "two:192.0.2.2", "six=[fd00::6]", "me=host-gateway"] }
        b:
          networks: { x: , y: { aliases: [other] } }
          extra_hosts: { one: 192.0.2.1, two: [192.0.2.2, "fd00::2"] }
          sysctls: [net.ipv4.ip_forward=1, kernel.shmmax=5]
          dns: 192.0.2.53
          depends_on: { a: { condition: service_started } }
          links: ["a:friend"]
      """)
    let (a, b) = (file.nodes[0], file.nodes[1])
    #expect(a.attachments.map(\.network.value) == ["x", "y"] && b.attachments.map(\.network.value) == ["x", "y"])
    #expect(a.extraHosts.map(\.name.value.text) == ["one", "two", "six", "me"])
    #expect(a.extraHosts.last?.addresses.first?.value == .hostGateway)
    #expect(b.extraHosts.last?.addresses.count == 2)
    #expect(b.sysctls.map(\.key.value.text) == ["net.ipv4.ip_forward"])
    #expect(b.dependencies.map(\.value) == ["a", "a"] && b.linkAliases.first?.alias?.value.text == "friend")
  }

  @Test func `endpoints, routes and checks`() throws {
    let file = check(
      """
      routers: { edge: { routes: [{ to: default, via: 10.0.0.1 }, { to: 192.0.2.1, dev: eth0, table: main }] } }
      links:
        - { endpoints: ["edge:wan", { network: sw, trunk: [10, 20-29], native: 1 }], subnet: [10.0.0.0/30, "fd00::/126"] }
      networks: { sw: { vlan_filtering: true, ipam: { driver: "null" } } }
      checks:
        - { from: edge, to: "[fd00::1]:443/tcp", expect: reachable, as: 192.0.2.7 }
        - { from: host, to: "db:53/udp", expect: refused }
      """)
    let single = try #require(IPPrefix("192.0.2.1/32"))
    #expect(file.links[0].endpoints.map(\.target.value) == ["edge", "sw"])
    #expect(file.links[0].endpoints[1].vlans.trunk.map(\.value.description) == ["10", "20-29"])
    #expect(file.links[0].subnets.count == 2)
    #expect(file.nodes[0].routes.map(\.destination.value) == [.everywhere, .prefix(single)])
    #expect(file.nodes[0].routes[1].table?.value == 254)
    #expect(file.checks[0].to.value == CheckTarget(name: "fd00::1", port: 443, transport: .tcp))
    #expect(file.checks[1].to.value == CheckTarget(name: "db", port: 53, transport: .udp))
    #expect(file.networks[0].hasNoAddressManagement)
  }

  /// Operators of interpolation (compose-spec, 12-interpolation.md).
  @Test(arguments: [
    ("$$", "$"), ("$A", "a"), ("${A}b", "ab"), ("${E:-d}", "d"), ("${E-d}", ""), ("${U-d}", "d"), ("${A:+x}", "x"),
    ("${E:+x}", ""), ("${E+x}", "x"), ("${U:-${A}}", "a"), ("${U:-${V:-deep}}", "deep"), ("a${A}$A$$A", "aaa$A"),
    ("$5 a$", "$5 a$"), ("${J:-{\"a\": {}}}!", "{\"a\": {}}!"), ("${U:-$$}", "$"), ("${A:?no}", "a"), ("${E?no}", ""),
  ])
  func `interpolation`(_ text: String, _ expected: String) throws {
    var unset: [String] = []
    #expect(try interpolate(text, environment: ["A": "a", "E": ""], unset: &unset) == expected)
    #expect(unset.isEmpty)
  }

  @Test func `later files are merged as compose does`() {
    let file = check(
      """
      services:
        web: { networks: [a], ports: ["80:80"], dns: 192.0.2.1, scale: 2 }
        old: { hostname: old }
      networks: { a: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }, b: }
      """,
      """
      services:
        web:
          networks: { b: { gw_priority: 1 } }
          ports: ["80:80", "443:443"]
          dns: [192.0.2.2]
          scale: 3
        old: !reset null
      networks: { a: { ipam: { config: [{ subnet: 10.0.0.0/24, gateway: 10.0.0.9 }] } } }
      """)
    #expect(file.nodes.map(\.name.value) == ["web"])
    let web = file.nodes[0]
    #expect(web.attachments.map(\.network.value) == ["a", "b"] && web.attachments[1].gatewayPriority?.value == 1)
    #expect(web.ports.map(\.target.description) == ["80", "443"])
    #expect(web.dns.map(\.value.description) == ["192.0.2.1", "192.0.2.2"])
    #expect(web.scale?.value == 3)
    #expect(file.networks[0].pools.count == 1 && file.networks[0].pools[0].gateway?.value.description == "10.0.0.9")
  }

  @Test func `what YAML 1.1 sees differently matters where it is read`() {
    check(
      """
      x-common: { restart: no }
      services:
        web:
          restart: no
          environment: { UMASK: 022, DEBUG: on }
          deploy: { replicas: 010, labels: { on: off } }  # warning: NW0011
          ports: [2222:22, "80:80"]
          domainname: on  # warning: NW0011
      networks:
        front: { labels: { public: yes } }
      """)
  }

  @Test func `what the engine takes in other spellings`() {
    let file = check(
      """
      services:
        web:
          hostname: mail.
          ports: [{ target: 53, protocol: UDP }, { target: 53, protocol: "${PROTOCOL}" }, "54:53/UDP"]
          expose: ["${PORT:-}", 80]
      """, environment: ["PROTOCOL": "Tcp"])
    let web = file.nodes[0]
    #expect(web.hostname?.value.text == "mail")
    #expect(web.ports.map(\.transport) == [.udp, .tcp, .udp])
    #expect(web.expose.map(\.ports.value.first) == [80])
    check("services: { web: { ports: [{ target: 53, protocol: icmp }] } }  # error: NW0103")
  }

  @Test func `a service may be called as an extension`() {
    let file = check("services: { x-terminal: { image: xterm }, x-common: { restart: always }, web: {} }")
    #expect(file.nodes.map(\.name.value) == ["x-terminal", "web"])
  }

  @Test func `a variable that stands for nothing is no alias`() {
    let file = check(
      """
      services:
        web:
          networks:
            front:
              aliases:
                - $DOMAIN  # warning: NW0119
                - www
      networks: { front: }
      """)
    #expect(file.nodes[0].attachments[0].aliases.map(\.value.text) == ["www"])
  }
}
