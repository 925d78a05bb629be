import Testing

/// Two files of which the later is laid over the earlier, and one that says the same as both: an attribute each.
///
/// What comes of them is the Compose Specification's (13-merge.md: mappings by key, sequences appended, once what is
/// unique), and compose-go's where that is silent (override/merge.go, uncity.go).
struct MergeCase: CustomTestStringConvertible, Sendable {
  /// What docker-compose 1.29 makes of the two.
  enum Old: Sendable {
    /// The same.
    case same
    /// Something else, by the rules that it had.
    case differs
    /// Nothing: it doesn't know a key, or a tag.
    case refuses
  }

  let name: String
  /// What 1.29 makes of them.
  var old = Old.same
  let base: String
  let over: String
  let result: String

  var testDescription: String { name }

  /// A case of the service `web` on the networks `a`, `b` and `c`, from what stands under its name in each file.
  static func service(_ name: String, _ base: String, _ over: String, _ result: String, old: Old = .same) -> MergeCase {
    let networks = "networks: { a: { ipam: { config: [{ subnet: 172.30.0.0/16 }] } }, b: {}, c: {} }"
    let rest = "\n  db: { image: x }\n  log: { image: x }\n" + networks
    func file(_ text: String) -> String { "services:\n  web: { image: x, \(text) }" }
    return MergeCase(name: name, old: old, base: file(base) + rest, over: file(over), result: file(result) + rest)
  }

  /// A case of the network `n`, from what stands under its name in each file.
  static func network(_ name: String, _ base: String, _ over: String, _ result: String, old: Old = .same) -> MergeCase {
    let start = "services: { web: { image: x, networks: [n] } }\n"
    func file(_ text: String) -> String { "networks:\n  n: { \(text) }" }
    return MergeCase(
      name: name, old: old, base: start + file(base), over: start + file(over), result: start + file(result))
  }

  static let all: [MergeCase] = attachments + addresses + names + resolving + starting + tags + networks + whole

  private static let attachments: [MergeCase] = [
    service("networks: both lists", "networks: [a]", "networks: [b, a]", "networks: [a, b]"),
    service("networks: a list and a mapping", "networks: [a]", "networks: { b: {}, a: {} }", "networks: [a, b]"),
    service("networks: a mapping and a list", "networks: { a: {} }", "networks: [c]", "networks: [a, c]"),
    service("networks: nothing over them", "networks: [a, b]", "networks:", "networks: [a, b]", old: .refuses),
    service(
      "an attachment's address is replaced", "networks: { a: { ipv4_address: 172.30.0.5, priority: 3 } }",
      "networks: { a: { ipv4_address: 172.30.0.6 } }", "networks: { a: { ipv4_address: 172.30.0.6, priority: 3 } }"),
    service(
      "its aliases are appended, each once", "networks: { a: { aliases: [x, y] } }",
      "networks: { a: { aliases: [y, z] } }", "networks: { a: { aliases: [x, y, z] } }"),
    service(
      "its link-local addresses are", "networks: { a: { link_local_ips: [169.254.8.1] } }",
      "networks: { a: { link_local_ips: [169.254.8.2] } }",
      "networks: { a: { link_local_ips: [169.254.8.1, 169.254.8.2] } }"),
    service(
      "its options are merged by key",
      "networks: { a: { gw_priority: 1, driver_opts: { com.docker.network.endpoint.ifname: up0 } } }",
      "networks: { a: { driver_opts: { com.docker.network.endpoint.sysctls: net.ipv4.conf.IFNAME.forwarding=1 } } }",
      """
      networks: { a: { gw_priority: 1, driver_opts: { com.docker.network.endpoint.ifname: up0,
        com.docker.network.endpoint.sysctls: net.ipv4.conf.IFNAME.forwarding=1 } } }
      """, old: .refuses),
    service(
      "its name, hardware address and priorities are replaced",
      "networks: { a: { interface_name: one, mac_address: 02:00:00:00:00:01, gw_priority: 1 }, b: {} }",
      "networks: { a: { interface_name: two, mac_address: 02:00:00:00:00:02, gw_priority: -1 } }",
      "networks: { a: { interface_name: two, mac_address: 02:00:00:00:00:02, gw_priority: -1 }, b: {} }", old: .refuses),
    service("network_mode is replaced", "network_mode: none", "network_mode: host", "network_mode: host"),
  ]

  private static let addresses: [MergeCase] = [
    service("ports are appended", "ports: ['80:80']", "ports: ['81:81']", "ports: ['80:80', '81:81']"),
    service("the same port is there once", "ports: ['80:80']", "ports: ['80:80']", "ports: ['80:80']"),
    service(
      "one container port may be published twice", "ports: ['80:80']", "ports: ['8080:80']",
      "ports: ['80:80', '8080:80']"),
    service(
      "ports differ by protocol and by address", "ports: ['53:53']", "ports: ['53:53/udp', '127.0.0.1:54:53']",
      "ports: ['53:53', '53:53/udp', '127.0.0.1:54:53']"),
    service(
      "a port in either form is the same one", "ports: ['80:80', '443:443']",
      "ports: [{ target: 80, published: 80, protocol: tcp, mode: ingress }]", "ports: ['80:80', '443:443']",
      old: .differs),
    service("a range is its ports", "ports: ['8000-8001:80-81']", "ports: ['8001:81']", "ports: ['8000-8001:80-81']"),
    service(
      "expose is appended, each once", "expose: ['80', '81']", "expose: ['81', '82']", "expose: ['80', '81', '82']"),
    service(
      "mac_address is replaced", "mac_address: 02:00:00:00:00:01", "mac_address: 02:00:00:00:00:02",
      "mac_address: 02:00:00:00:00:02"),
    service(
      "sysctls are merged by name: mappings", "sysctls: { net.core.somaxconn: '1', net.ipv4.ip_forward: '1' }",
      "sysctls: { net.core.somaxconn: '2' }", "sysctls: { net.core.somaxconn: '2', net.ipv4.ip_forward: '1' }"),
    service(
      "sysctls are merged by name: a list over a mapping", "sysctls: { net.core.somaxconn: '1' }",
      "sysctls: ['net.core.somaxconn=2', 'net.ipv4.ip_forward=1']",
      "sysctls: { net.core.somaxconn: '2', net.ipv4.ip_forward: '1' }"),
  ]

  private static let names: [MergeCase] = [
    service("hostname is replaced", "hostname: one", "hostname: two", "hostname: two"),
    service("domainname is replaced", "domainname: one", "domainname: two", "domainname: two"),
    service("container_name is replaced", "container_name: one", "container_name: two", "container_name: two"),
    service(
      "what isn't said again stays", "hostname: one, domainname: d", "hostname: two", "hostname: two, domainname: d"),
    service("links are appended", "links: [db]", "links: [log]", "links: [db, log]"),
    service("the same link is there once", "links: ['db:store']", "links: ['db:store']", "links: ['db:store']"),
    service("profiles are appended", "profiles: [x]", "profiles: [y]", "profiles: [x, y]"),
  ]

  private static let resolving: [MergeCase] = [
    service(
      "extra_hosts are appended, a name's other address too", "extra_hosts: ['h:192.0.2.1']",
      "extra_hosts: ['h:192.0.2.2', 'i:192.0.2.3']", "extra_hosts: ['h:192.0.2.1', 'h:192.0.2.2', 'i:192.0.2.3']",
      old: .differs),
    service(
      "the same line is there once", "extra_hosts: ['h:192.0.2.1']", "extra_hosts: ['h:192.0.2.1']",
      "extra_hosts: ['h:192.0.2.1']"),
    service(
      "extra_hosts: a mapping over a mapping", "extra_hosts: { h: 192.0.2.1 }",
      "extra_hosts: { h: 192.0.2.2 }", "extra_hosts: ['h=192.0.2.1', 'h=192.0.2.2']", old: .differs),
    service("dns: a list over one", "dns: 192.0.2.1", "dns: [192.0.2.2]", "dns: [192.0.2.1, 192.0.2.2]"),
    service("dns: one over a list", "dns: [192.0.2.1]", "dns: 192.0.2.2", "dns: [192.0.2.1, 192.0.2.2]"),
    service("dns: each once", "dns: 192.0.2.1", "dns: 192.0.2.1", "dns: 192.0.2.1", old: .differs),
    service(
      "dns_search is appended", "dns_search: a.example", "dns_search: [b.example]", "dns_search: [a.example, b.example]"
    ),
    service(
      "dns_opt is appended", "dns_opt: ['ndots:1']", "dns_opt: [rotate]", "dns_opt: ['ndots:1', rotate]", old: .differs),
  ]

  private static let starting: [MergeCase] = [
    service("depends_on: both lists", "depends_on: [db]", "depends_on: [log]", "depends_on: [db, log]"),
    service(
      "depends_on: a list and a mapping", "depends_on: [db]", "depends_on: { log: { condition: service_started } }",
      "depends_on: { db: { condition: service_started }, log: { condition: service_started } }"),
    service("scale is replaced", "scale: 2", "scale: 3", "scale: 3"),
    service(
      "deploy is merged by key", "deploy: { replicas: 2, mode: replicated }", "deploy: { replicas: 3 }",
      "deploy: { replicas: 3, mode: replicated }"),
    service(
      "what concerns no network is merged too", "hostname: h, environment: { A: b }",
      "environment: [A=c], labels: { l: m }",
      "hostname: h, environment: { A: c }, labels: { l: m }"),
  ]

  private static let tags: [MergeCase] = [
    service("!reset of a list", "ports: ['80:80']", "ports: !reset []", "init: true", old: .refuses),
    service(
      "!reset of one value", "hostname: h, domainname: d", "hostname: !reset null", "domainname: d", old: .refuses),
    service("!reset of networks", "networks: [a, b]", "networks: !reset []", "init: true", old: .refuses),
    service(
      "!reset of one network", "networks: { a: {}, b: {} }", "networks: { a: !reset null }", "networks: [b]",
      old: .refuses),
    service(
      "!reset of one key of an attachment", "networks: { a: { ipv4_address: 172.30.0.5, aliases: [x] } }",
      "networks: { a: { ipv4_address: !reset null } }", "networks: { a: { aliases: [x] } }", old: .refuses),
    service("!override of ports", "ports: ['80:80']", "ports: !override ['81:81']", "ports: ['81:81']", old: .refuses),
    service("!override of networks", "networks: [a, b]", "networks: !override [c]", "networks: [c]", old: .refuses),
    service(
      "!override of one attachment", "networks: { a: { aliases: [x], priority: 1 } }",
      "networks: { a: !override { aliases: [y] } }", "networks: { a: { aliases: [y] } }", old: .refuses),
    service(
      "!override of sysctls", "sysctls: { net.core.somaxconn: '1', net.ipv4.ip_forward: '1' }",
      "sysctls: !override { net.core.somaxconn: '2' }", "sysctls: { net.core.somaxconn: '2' }", old: .refuses),
  ]

  private static let networks: [MergeCase] = [
    network(
      "a network is merged by key", "driver: bridge, internal: true", "name: other",
      "driver: bridge, internal: true, name: other", old: .differs),
    network("internal is replaced", "internal: true", "internal: false", "internal: false"),
    network("enable_ipv6 is replaced", "enable_ipv6: false", "enable_ipv6: true", "enable_ipv6: true"),
    network(
      "enable_ipv4 is replaced", "enable_ipv6: true", "enable_ipv4: false",
      "enable_ipv4: false, enable_ipv6: true", old: .refuses),
    network(
      "driver_opts are merged by key",
      "driver_opts: { com.docker.network.bridge.name: br7, com.docker.network.driver.mtu: '1400' }",
      "driver_opts: { com.docker.network.driver.mtu: '1300' }",
      "driver_opts: { com.docker.network.bridge.name: br7, com.docker.network.driver.mtu: '1300' }", old: .differs),
    network(
      "a pool is laid over the one of its subnet",
      "ipam: { config: [{ subnet: 10.1.0.0/24, gateway: 10.1.0.9, aux_addresses: { a: 10.1.0.3 } }] }",
      "ipam: { config: [{ subnet: 10.1.0.0/24, ip_range: 10.1.0.64/26, aux_addresses: { b: 10.1.0.4 } }] }",
      """
      ipam: { config: [{ subnet: 10.1.0.0/24, gateway: 10.1.0.9, ip_range: 10.1.0.64/26,
        aux_addresses: { a: 10.1.0.3, b: 10.1.0.4 } }] }
      """, old: .differs),
    network(
      "a pool takes the place of another of its family",
      "ipam: { config: [{ subnet: 10.1.0.0/24 }] }", "ipam: { config: [{ subnet: 10.2.0.0/24 }] }",
      "ipam: { config: [{ subnet: 10.2.0.0/24 }] }"),
    network(
      "a pool of the other family is added", "ipam: { config: [{ subnet: 10.1.0.0/24 }] }",
      "enable_ipv6: true, ipam: { config: [{ subnet: 10.1.0.0/24 }, { subnet: 'fd00:1::/64' }] }",
      "enable_ipv6: true, ipam: { config: [{ subnet: 10.1.0.0/24 }, { subnet: 'fd00:1::/64' }] }"),
    network("external takes the network's place", "driver: bridge", "external: true", "external: true"),
    network(
      "!reset of a network's key", "internal: true, name: other", "name: !reset null", "internal: true", old: .refuses),
    network(
      "!override of a network", "internal: true, ipam: { config: [{ subnet: 10.1.0.0/24 }] }",
      "ipam: !override { config: [{ subnet: 10.2.0.0/24 }] }",
      "internal: true, ipam: { config: [{ subnet: 10.2.0.0/24 }] }", old: .refuses),
  ]

  private static let whole: [MergeCase] = [
    MergeCase(
      name: "services and networks of both files are there",
      base: "services: { a: { image: x, networks: [m] } }\nnetworks: { m: {} }",
      over: "services: { b: { image: x, networks: [m, n] } }\nnetworks: { n: {} }",
      result:
        "services: { a: { image: x, networks: [m] }, b: { image: x, networks: [m, n] } }\nnetworks: { m: {}, n: {} }"),
    MergeCase(
      name: "!reset of a service", old: .refuses, base: "services: { a: { image: x }, b: { image: x } }",
      over: "services: { a: !reset null }", result: "services: { b: { image: x } }"),
    MergeCase(
      name: "!override of a service", old: .refuses,
      base: "services: { a: { image: x, ports: ['80:80'], hostname: h } }",
      over: "services: { a: !override { image: x, hostname: i } }", result: "services: { a: { image: x, hostname: i } }"
    ),
    MergeCase(
      name: "the last name counts", old: .refuses, base: "name: one\nservices: { a: { image: x } }", over: "name: two",
      result: "name: two\nservices: { a: { image: x } }"),
  ]
}
