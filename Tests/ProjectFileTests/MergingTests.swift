import Diagnostics
import NetworkTypes
import ProjectFile
import Testing

/// How later files and documents override earlier ones, attribute by attribute (compose-go, override/merge.go,
/// uncity.go).
@Suite struct MergingTests {
  /// The service `web` of two files, each with what is below its key.
  private func merged(_ base: String, _ over: String, environment: [String: String] = [:]) -> NodeEntry {
    let file = check(
      "services: { web: { \(base) } }\nnetworks: { a: , b: }", "services: { web: { \(over) } }",
      environment: environment)
    return file.nodes.first ?? NodeEntry(role: .service, name: file.networks[0].key)
  }

  @Test(
    arguments: [
      ("networks: [a]", "networks: { b: }", "a b"), ("networks: { a: }", "networks: [b, a]", "a b"),
      ("networks: [a, b]", "networks: !override [b]", "b"), ("networks: [a]", "networks: !reset []", ""),
      ("networks: [a]", "networks:", "a"), ("networks:", "networks: [a]", "a"),
      ("networks: [a]", "networks: { a: !reset null, b: }", "b"),
    ])
  func `networks are mappings`(_ base: String, _ over: String, _ expected: String) {
    #expect(merged(base, over).attachments.map(\.network.value).joined(separator: " ") == expected)
  }

  @Test func `an attachment is merged key by key, its lists item by item`() {
    let web = merged(
      "networks: { a: { ipv4_address: 10.0.0.2, aliases: [x, y], priority: 1 } }",
      "networks: { a: { ipv4_address: 10.0.0.3, aliases: [y, z] } }")
    let attachment = web.attachments[0]
    #expect(attachment.ipv4Address?.value.description == "10.0.0.3" && attachment.ipv4Address?.range.source.index == 1)
    #expect(attachment.priority?.value == 1 && attachment.priority?.range.source.index == 0)
    #expect(attachment.aliases.map(\.value.text) == ["x", "y", "z"])
    #expect(attachment.aliases.map(\.range.source.index) == [0, 1, 1])
  }

  @Test(
    arguments: [
      ("dns: 192.0.2.1", "dns: [192.0.2.2, 192.0.2.1]", "192.0.2.1 192.0.2.2"),
      ("dns: [192.0.2.1]", "dns: 192.0.2.2", "192.0.2.1 192.0.2.2"), ("dns: 192.0.2.1", "dns: !reset", ""),
      ("dns: 192.0.2.1", "dns: !override 192.0.2.2", "192.0.2.2"),
      ("dns: [\"192.0.2.${X}\"]", "dns: [192.0.2.1]", "192.0.2.1"),
      ("dns: [192.0.2.1, \"192.0.2.${Y}\"]", "dns: [192.0.2.3, \"192.0.2.${X}\"]", "192.0.2.1 192.0.2.3"),
      ("dns: [192.0.2.1, 192.0.2.3]", "dns: [!reset 192.0.2.9, 192.0.2.2]", "192.0.2.1 192.0.2.3 192.0.2.2"),
    ])
  func `name servers are appended, each once`(_ base: String, _ over: String, _ expected: String) {
    let web = merged(base, over, environment: ["X": "1", "Y": "3"])
    #expect(web.dns.map(\.value.description).joined(separator: " ") == expected)
  }

  @Test(
    arguments: [
      ("\"80:80\"", "\"80:80\", \"81:81\"", "80:80 81:81"), ("\"80:80\"", "{ target: 80, published: 80 }", "80:80"),
      ("\"80:80\"", "\"80:80/udp\"", "80:80 80:80/udp"), ("80", "\"127.0.0.1:80:80\"", ":80 80:80"),
      ("\"8080-8081:80-81\"", "\"8080-8081:80-81\"", "8080-8081:80-81"),
      ("\"8080-8082:80-82\"", "\"8081:81\"", "8080-8082:80-82"),
      ("\"8081:81\"", "\"8080-8082:80-82\"", "8080-8082:80-82"),
      ("\"8080-8082:80-82\"", "\"8083:81\"", "8080-8082:80-82 8083:81"),
      ("\"8080-8082:80-82\"", "\"8081:81/udp\"", "8080-8082:80-82 8081:81/udp"),
    ])
  func `ports are appended, each once`(_ base: String, _ over: String, _ expected: String) {
    let ports = merged("ports: [\(base)]", "ports: [\(over)]").ports.map { port in
      "\(port.published?.description ?? ""):\(port.target)"
        + (port.transport == .tcp ? "" : "/\(port.transport.rawValue)")
    }
    #expect(ports.joined(separator: " ") == expected)
  }

  @Test(
    arguments: [
      ("sysctls: { net.core.somaxconn: 1, net.ipv4.ip_forward: 0 }", "sysctls: [net.core.somaxconn=2]"),
      ("sysctls: [net.core.somaxconn=1, net.ipv4.ip_forward=0]", "sysctls: { net.core.somaxconn: 2 }"),
      ("sysctls: { net.core.somaxconn: 1, net.ipv4.ip_forward: 0 }", "sysctls: { net.core.somaxconn: 2 }"),
      ("sysctls: [net.core.somaxconn=1, net.ipv4.ip_forward=0]", "sysctls: [net.core.somaxconn=2]"),
    ])
  func `kernel parameters are merged by their names`(_ base: String, _ over: String) {
    let sysctls = merged(base, over).sysctls
    #expect(sysctls.map { "\($0.key.value)=\($0.value.value)" } == ["net.core.somaxconn=2", "net.ipv4.ip_forward=0"])
    #expect(sysctls.map(\.value.range.source.index) == [1, 0])
  }

  @Test func `hosts are appended unless they say the same`() {
    let hosts = merged(
      "extra_hosts: [\"a=192.0.2.1\", \"b=192.0.2.1\"]", "extra_hosts: { a: 192.0.2.2, b: [192.0.2.1, 192.0.2.3] }"
    ).extraHosts.map { host in "\(host.name.value.text) \(host.addresses.map { "\($0.value)" })" }
    #expect(hosts.count == 4 && hosts[2].hasPrefix("a") && hosts[3].hasPrefix("b"))
  }

  @Test func `dependencies are mappings, scalars are replaced, what nobody reads isn't compared`() {
    let file = check(
      """
      services:
        web: { depends_on: [db], hostname: one, environment: { A: b }, build: ., command: [a, b], volumes: ["a:/b"] }
        db: {}
        log: {}
      """,
      """
      services:
        web:
          depends_on: { db: { condition: service_healthy }, log: { condition: service_started } }
          hostname: two
          environment: [A=c]
          build: { context: . }
          command: x
          volumes: [{ type: bind, source: a, target: /b }]
      """)
    #expect(file.nodes[0].dependencies.map(\.value) == ["db", "log"])
    #expect(file.nodes[0].hostname?.value.text == "two" && file.nodes[0].hostname?.range.source.index == 1)
  }

  @Test(
    arguments: [
      ("{ subnet: 10.0.0.0/24, gateway: 10.0.0.9 }", "{ subnet: 10.0.1.0/24 }", "10.0.1.0/24"),
      ("{ subnet: 10.0.0.0/24 }", "{ subnet: \"fd00::/64\" }", "10.0.0.0/24 fd00::/64"),
      ("{ subnet: 10.0.0.0/24 }, { subnet: \"fd00::/64\" }", "{ subnet: \"10.0.${X}.0/24\" }", "fd00::/64 10.0.1.0/24"),
      ("{ gateway: 10.0.0.9 }", "{ subnet: 10.0.1.0/24 }", "10.0.1.0/24"),
    ])
  func `a pool takes the place of one of its family`(_ base: String, _ over: String, _ expected: String) {
    let file = check(
      "networks: { n: { ipam: { config: [\(base)] } } }", "networks: { n: { ipam: { config: [\(over)] } } }",
      environment: ["X": "1"])
    #expect(file.networks[0].pools.map { $0.subnet?.value.description ?? "-" }.joined(separator: " ") == expected)
    #expect(file.networks[0].pools.last?.gateway == nil, "what was said of the other block isn't of this one")
  }

  @Test func `pools are merged by their subnets`() {
    let file = check(
      "networks: { n: { driver: bridge, ipam: { config: [{ subnet: 10.0.0.0/24, gateway: 10.0.0.1 }] } } }",
      """
      networks:
        n: { internal: true, ipam: { config: [{ subnet: "fd00::/64" }, { subnet: 10.0.0.0/24, gateway: 10.0.0.9 }] } }
      """)
    let network = file.networks[0]
    #expect(network.driver?.value == .bridge && network.isInternal?.value == true)
    #expect(network.pools.map { $0.subnet?.value.description } == ["fd00::/64", "10.0.0.0/24"])
    #expect(network.pools[1].gateway?.value.description == "10.0.0.9")
  }

  @Test func `documents of one file are successive files`() {
    let file = check(
      """
      services: { web: { hostname: one, domainname: d } }
      ---
      services: { web: { hostname: two }, db: !reset {} }
      ---
      services: { db: {} }
      """)
    #expect(file.nodes.map(\.name.value) == ["web", "db"])
    #expect(file.nodes[0].hostname?.value.text == "two" && file.nodes[0].domainname?.value.text == "d")
  }

  @Test func `tags in the only file`() {
    let file = check("services: { web: { hostname: !reset one, ports: !override [80], db: !reset {} } }")
    #expect(file.nodes[0].hostname == nil && file.nodes[0].ports.count == 1)
  }

  @Test func `what is taken away can be given again`() {
    let file = check(
      "services: { web: { dns: 192.0.2.1 } }", "services: { web: { dns: !reset null } }",
      "services: { web: { dns: 192.0.2.3 } }")
    #expect(file.nodes[0].dns.map(\.value.description) == ["192.0.2.3"])
  }

  @Test func `types that can't be laid over each other`() {
    check(
      "services: { web: { ports: [80], deploy: { replicas: 1 } } }",
      """
      services:
        web:
          deploy: 2  # error: NW0121
          expose: [1]
      """)
  }

  @Test func `files of version 1`() {
    let file = check(
      """
      web: { image: nginx, links: [db], ports: ["80:80"], log_driver: none }
      db: { image: db }
      side: { image: x, net: "container:db" }
      out: { image: x, net: host }
      other: { image: x, net: "container:elsewhere" }
      """)
    #expect(
      file.nodes.map(\.networkMode?.value) == [
        .bridge, .bridge, .service("db"), .host, .container("elsewhere"),
      ])
    check("servces: { web: { image: nginx } }  # error: NW0101")
    check("services: { web: { net: host } }  # error: NW0101")
  }

  @Test func `external networks`() {
    let file = check(
      """
      services: { web: { networks: [a, b, c] } }
      networks:
        a: { external: true }
        b: { external: { name: theirs } }
        c:
          external: true
          driver: overlay  # warning: NW0130
          x-netwright: { vlan_filtering: true }
        d: { external: { name: one }, name: two }  # error: NW0118
        f: { external: { nmae: theirs } }  # error: NW0101
        e: { external: "false", driver: bridge }
      """)
    #expect(file.networks.map(\.isExternal?.value) == [true, true, true, true, true, false])
    #expect(file.networks[1].name?.value == "theirs")
  }

  @Test func `modes that the engine refuses together`() {
    check(
      """
      services:
        a: { network_mode: host, links: [b] }  # error: NW0118
        b: { uts: host, hostname: b }  # error: NW0118
        c: { uts: host }
      """)
  }

  @Test func `a name that is listed twice`() {
    check("services: { a: { networks: [n, n] } }  # error: NW0116", "services: { a: { networks: { n: {} } } }")
    check(
      """
      services:
        a: { depends_on: [b, b] }  # error: NW0116
        b: {}
        c: { extends: a, depends_on: { b: { condition: service_started } } }
      """, "services: { a: { depends_on: [b] } }")
    check("services: { a: { depends_on: [b, b] }, b: {} }  # error: NW0116")
  }

  @Test func `the last of a parameter's values is what another file changes`() {
    let twice = "sysctls: [net.core.somaxconn=1, net.core.somaxconn=2]"
    #expect(merged(twice, "sysctls: [net.core.somaxconn=3]").sysctls.map(\.value.value) == ["3"])
    let appended = merged("sysctls: [net.ipv4.ip_forward=0]", twice).sysctls
    #expect(appended.map { "\($0.key.value)=\($0.value.value)" } == ["net.ipv4.ip_forward=0", "net.core.somaxconn=2"])
  }
}
