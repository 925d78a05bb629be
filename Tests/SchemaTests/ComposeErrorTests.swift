import Foundation
import Netwright
import Testing

/// What compose or the engine refuse is refused here, with the code that docs/compose.md gives.
@Suite struct ComposeErrorTests {
  struct Row: CustomTestStringConvertible, Sendable {
    /// What compose or the engine say.
    let message: String
    /// The code of the finding.
    let code: String
    /// A file that they refuse so.
    let file: String

    init(_ message: String, _ code: String, _ file: String) {
      (self.message, self.code, self.file) = (message, code, file)
    }

    var testDescription: String { message }
  }

  @Test(arguments: rows)
  func `what they refuse is refused`(_ row: Row) throws {
    let compilation = compile([Input(name: "compose.yaml", bytes: Array("\(row.file)\n".utf8))])
    let findings = try compilation.findings(as: .text)
    #expect(compilation.hasErrors && findings.contains("error[\(row.code) "), "\(findings)")
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/compose.md")
    let document = try String(contentsOf: folder, encoding: .utf8)
    #expect(document.contains("| \(row.message) | \(row.code) |"))
  }

  private static let rows: [Row] = [
    .init(
      "service S declares mutually exclusive `network_mode` and `networks`", "NW0601",
      "services: { a: { image: x, network_mode: host, networks: [n] } }\nnetworks: { n: {} }"),
    .init(
      "service \"S\" refers to undefined network N", "NW0201",
      "services: { a: { image: x, networks: [n] } }"),
    .init(
      "service \"S\" depends on undefined service \"D\"", "NW0203",
      "services: { a: { image: x, depends_on: [b] } }"),
    .init(
      "service \"X\" not found for network_mode 'service:X'", "NW0203",
      "services: { a: { image: x, network_mode: 'service:b' } }"),
    .init(
      "invalid network mode: invalid container format container:<name\\|id>", "NW0103",
      "services: { a: { image: x, network_mode: 'container:' } }"),
    .init(
      "invalid subnet: …", "NW0107",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0/24 }] } } }"),
    .init(
      "invalid ip-range: …", "NW0107",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0.0/24, ip_range: foo }] } } }"
    ),
    .init(
      "invalid gateway address: …", "NW0106",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0.0/24, gateway: 10.0.0 }] } } }"
    ),
    .init(
      "invalid auxiliary address: …", "NW0106",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0.0/24, aux_addresses: { p: x } }] } } }"
    ),
    .init(
      "services.S.ports.[]: invalid ip address: X", "NW0106",
      "services: { a: { image: x, ports: [{ target: 80, published: '80', host_ip: nope }] } }"),
    .init(
      "invalid subnet 10.0.0.5/24: it should be 10.0.0.0/24", "NW0108",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0.5/24 }] } } }"),
    .init(
      "invalid ip-range R: CIDR block is bigger than its parent subnet S", "NW0306",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0.0/24, ip_range: 10.0.0.0/16 }] } } }"
    ),
    .init(
      "invalid ip-range R: it should be R'", "NW0108",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0.0/24, ip_range: 10.0.0.5/28 }] } } }"
    ),
    .init(
      "invalid ip-range R: parent subnet S doesn't contain ip-range", "NW0306",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0.0/24, ip_range: 10.0.1.0/28 }] } } }"
    ),
    .init(
      "invalid ip-range R: parent subnet is an IPv4 block", "NW0306",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0.0/24, ip_range: 'fd00::/80' }] } } }"
    ),
    .init(
      "invalid gateway G: parent subnet S doesn't contain this address", "NW0306",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0.0/24, gateway: 10.0.1.1 }] } } }"
    ),
    .init(
      "invalid gateway G: parent subnet invalid Prefix doesn't contain this address", "NW0104",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { ipam: { config: [{ gateway: 10.0.0.1 }] } } }"),
    .init(
      "invalid gateway G: parent subnet is an IPv4 block", "NW0306",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0.0/24, gateway: 'fd00::1' }] } } }"
    ),
    .init(
      "invalid auxiliary address NAME: parent subnet S doesn't contain this address", "NW0306",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0.0/24, aux_addresses: { p: 10.0.1.9 } }] } } }"
    ),
    .init(
      "operation is not permitted on predefined N network", "NW0215",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { name: bridge } }"),
    .init(
      "network with name N already exists", "NW0215",
      "services: { a: { image: x, networks: [n, m] } }\nnetworks: { n: { name: same }, m: { name: same } }"),
    .init(
      "invalid pool request: Pool overlaps with other one on this address space", "NW0309",
      "services: { a: { image: x, networks: [n, m] } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0.0/16 }] } }, m: { ipam: { config: [{ subnet: 10.0.1.0/24 }] } } }"
    ),
    .init(
      "conflicts with network ID2 (BR2): networks have same bridge name", "NW0211",
      "services: { a: { image: x, networks: [n, m] } }\nnetworks: { n: { driver_opts: { com.docker.network.bridge.name: b7 } }, m: { driver_opts: { com.docker.network.bridge.name: b7 } } }"
    ),
    .init(
      "all predefined address pools have been fully subnetted", "NW0311",
      "services: { a: { image: x, networks: [n0, n1, n2, n3, n4, n5, n6, n7, n8, n9, n10, n11, n12, n13, n14, n15, n16, n17, n18, n19, n20, n21, n22, n23, n24, n25, n26, n27, n28, n29, n30, n31, n32, n33, n34, n35, n36, n37, n38, n39] } }\nnetworks: { n0: {}, n1: {}, n2: {}, n3: {}, n4: {}, n5: {}, n6: {}, n7: {}, n8: {}, n9: {}, n10: {}, n11: {}, n12: {}, n13: {}, n14: {}, n15: {}, n16: {}, n17: {}, n18: {}, n19: {}, n20: {}, n21: {}, n22: {}, n23: {}, n24: {}, n25: {}, n26: {}, n27: {}, n28: {}, n29: {}, n30: {}, n31: {}, n32: {}, n33: {}, n34: {}, n35: {}, n36: {}, n37: {}, n38: {}, n39: {} }"
    ),
    .init(
      "failed to allocate gateway (G): Address already in use", "NW0307",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0.0/24, gateway: 10.0.0.0 }] } } }"
    ),
    .init(
      "failed to allocate secondary ip address (NAME:IP): Address already in use", "NW0307",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0.0/24, gateway: 10.0.0.1, aux_addresses: { p: 10.0.0.1 } }] } } }"
    ),
    .init(
      "the same, where the gateway is the automatic one", "NW0307",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0.0/24, aux_addresses: { p: 10.0.0.1 } }] } } }"
    ),
    .init(
      "bridge driver doesn't support multiple subnets", "NW0308",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0.0/24 }, { subnet: 10.0.1.0/24 }] } } }"
    ),
    .init(
      "IPv4 or IPv6 must be enabled", "NW0318",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { enable_ipv4: false } }"),
    .init(
      "'…' clashes with the Link-Local prefix 'fe80::/64'", "NW0312",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { enable_ipv6: true, ipam: { config: [{ subnet: 'fe80::/64' }] } } }"
    ),
    .init(
      "multicast subnet 'P' is not allowed", "NW0312",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { enable_ipv6: true, ipam: { config: [{ subnet: 'ff00::/8' }] } } }"
    ),
    .init(
      "could not resolve driver X in registry", "NW0115",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { driver: weave } }"),
    .init(
      "invalid ipam driver: \"X\"", "NW0103",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { ipam: { driver: foo } } }"),
    .init(
      "conflicting options: hostname and the network mode", "NW0603",
      "services: { a: { image: x }, b: { image: x, network_mode: 'service:a', hostname: h } }"),
    .init(
      "conflicting options: container type network can't be used with links", "NW0603",
      "services: { a: { image: x }, b: { image: x, network_mode: 'service:a', links: [a] } }"),
    .init(
      "conflicting options: dns and the network mode", "NW0603",
      "services: { a: { image: x }, b: { image: x, network_mode: 'service:a', dns: 1.1.1.1 } }"),
    .init(
      "conflicting options: custom host-to-IP mapping and the network mode", "NW0603",
      "services: { a: { image: x }, b: { image: x, network_mode: 'service:a', extra_hosts: ['x:1.1.1.1'] } }"),
    .init(
      "conflicting options: port publishing and the container type network mode", "NW0603",
      "services: { a: { image: x }, b: { image: x, network_mode: 'service:a', ports: ['80:80'] } }"),
    .init(
      "conflicting options: port exposing and the container type network mode", "NW0603",
      "services: { a: { image: x }, b: { image: x, network_mode: 'service:a', expose: ['80'] } }"),
    .init(
      "conflicting options: host type networking can't be used with links", "NW0118",
      "services: { a: { image: x }, b: { image: x, network_mode: host, links: [a] } }"),
    .init(
      "invalid port specification: \"P\"", "NW0113",
      "services: { a: { image: x, ports: ['foo'] } }"),
    .init(
      "Conflict. The container name \"/N\" is already in use", "NW0212",
      "services: { a: { image: x, container_name: c }, b: { image: x, container_name: c } }"),
    .init(
      "the same, for the replicas of one service", "NW0212",
      "services: { a: { image: x, container_name: c, scale: 2 } }"),
    .init(
      "invalid IPv4 address: A", "NW0106",
      "services: { a: { image: x, networks: { n: { ipv4_address: 1.2.3 } } } }\nnetworks: { n: {} }"),
    .init(
      "invalid IPv6 address: A", "NW0106",
      "services: { a: { image: x, networks: { n: { ipv6_address: 1.2.3.4 } } } }\nnetworks: { n: {} }"),
    .init(
      "invalid link-local IP address: A", "NW0106",
      "services: { a: { image: x, networks: { n: { link_local_ips: [zz] } } } }\nnetworks: { n: {} }"),
    .init(
      "no configured subnet contains IP address A", "NW0301",
      "services: { a: { image: x, networks: { n: { ipv4_address: 10.9.0.3 } } } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } } }"
    ),
    .init(
      "Address already in use (a static address that is taken)", "NW0304",
      "services: { a: { image: x, networks: { n: { ipv4_address: 10.0.0.3 } } }, b: { image: x, networks: { n: { ipv4_address: 10.0.0.3 } } } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } } }"
    ),
    .init(
      "Address already in use (an auxiliary address)", "NW0304",
      "services: { a: { image: x, networks: { n: { ipv4_address: 10.0.0.9 } } } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0.0/24, aux_addresses: { p: 10.0.0.9 } }] } } }"
    ),
    .init(
      "Address already in use (the gateway)", "NW0303",
      "services: { a: { image: x, networks: { n: { ipv4_address: 10.0.0.1 } } } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } } }"
    ),
    .init(
      "Address already in use (the network or broadcast address)", "NW0302",
      "services: { a: { image: x, networks: { n: { ipv4_address: 10.0.0.255 } } } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } } }"
    ),
    .init(
      "no available IPv4 addresses on this network's address pools: N (ID)", "NW0311",
      "services: { a: { image: x, scale: 6, networks: [n] } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0.0/29 }] } } }"
    ),
    .init(
      "Bind for 0.0.0.0:8080 failed: port is already allocated", "NW0605",
      "services: { a: { image: x, ports: ['80:80'] }, b: { image: x, ports: ['80:81'] } }"),
    .init(
      "invalid port range: a-b", "NW0113",
      "services: { a: { image: x, ports: ['90-80:80'] } }"),
    .init(
      "requested macvlan mode 'X' is not valid, 'bridge' mode is the macvlan driver default", "NW0103",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { driver: macvlan, driver_opts: { parent: eth0, macvlan_mode: foo } } }"
    ),
    .init(
      "cannot share network namespace with service X: container missing", "NW0203",
      "services: { a: { image: x, scale: 0 }, b: { image: x, network_mode: 'service:a' } }"),
    .init(
      "dependency cycle detected: a -> b -> a", "NW0127",
      "services: { a: { image: x, depends_on: [b] }, b: { image: x, depends_on: [a] } }"),
    .init(
      "required variable V is missing a value: e", "NW0120",
      "services: { a: { image: '${V:?e}' } }"),
    .init("Invalid template: \"…\"", "NW0120", "services: { a: { image: '${V!}' } }"),
    .init(
      "cannot override PATH", "NW0121",
      "services: { a: { image: x, deploy: { replicas: 1 } } }\n---\nservices: { a: { deploy: [2] } }"),
    .init(
      "cannot extend service \"A\" in F: service \"B\" not found", "NW0126",
      "services: { a: { image: x, extends: b } }"),
    .init(
      "services.S: can't set distinct values on 'scale' and 'deploy.replicas'", "NW0213",
      "services: { a: { image: x, scale: 2, deploy: { replicas: 3 } } }"),
    .init(
      "services.S.scale: must be greater than or equal to 0", "NW0103",
      "services: { a: { image: x, scale: -1 } }"),
    .init(
      "invalid additional host, missing IP: S", "NW0103",
      "services: { a: { image: x, extra_hosts: ['host'] } }"),
    .init("invalid IP address in add-host: \"S\"", "NW0106", "services: { a: { image: x, extra_hosts: ['host:zz'] } }"),
    .init("invalid DNS address: …", "NW0106", "services: { a: { image: x, dns: zz } }"),
    .init(
      "the service-level mac_address should have the same value as network N", "NW0118",
      "services: { a: { image: x, mac_address: '02:00:00:00:00:01', networks: { n: { mac_address: '02:00:00:00:00:02' } } } }\nnetworks: { n: {} }"
    ),
    .init(
      "interface specific sysctl setting \"K\" must be supplied using driver option", "NW0103",
      "services: { a: { image: x, sysctls: { net.ipv4.conf.eth0.forwarding: 1 } } }"),
    .init(
      "invalid endpoint settings: unrecognised network interface sysctl '…'", "NW0103",
      "services: { a: { image: x, networks: { n: { driver_opts: { com.docker.network.endpoint.sysctls: net.ipv4.ip_forward=1 } } } } }\nnetworks: { n: {} }"
    ),
    .init(
      "user-specified IP address is supported on user-defined networks only", "NW0606",
      "services: { a: { image: x, networks: { n: { ipv4_address: 172.17.0.9 } } } }\nnetworks: { n: { external: true, name: bridge } }"
    ),
    .init(
      "network-scoped aliases are only supported for user-defined networks", "NW0606",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { external: true, name: bridge } }"),
    .init(
      "cannot connect container to host network - container must be created in host network mode", "NW0606",
      "services: { a: { image: x, networks: [n, m] } }\nnetworks: { n: { external: true, name: host }, m: {} }"),
    .init(
      "container cannot be connected to multiple networks with one of the networks in private (none) mode", "NW0606",
      "services: { a: { image: x, networks: [n, m] } }\nnetworks: { n: { external: true, name: none }, m: {} }"),
    .init(
      "conflicting options: hostname and the UTS mode", "NW0118",
      "services: { a: { image: x, hostname: h, uts: host } }"),
    .init(
      "invalid link-local IP address: A (one that isn't link-local)", "NW0106",
      "services: { a: { image: x, networks: { n: { link_local_ips: [10.0.0.9] } } } }\nnetworks: { n: {} }"),
    .init(
      "invalid address A: It does not belong to any of this network's subnets", "NW0301",
      "services: { a: { image: x, networks: { n: { ipv6_address: 'fd01::9' } } } }\nnetworks: { n: { enable_ipv6: true, ipam: { config: [{ subnet: 'fd00::/64' }] } } }"
    ),
    .init(
      "cannot create network ID (BR): conflicts with network ID2 (BR2): networks have overlapping IPv4", "NW0309",
      "services: { a: { image: x, networks: [n, m] } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0.0/16, ip_range: 10.0.0.0/24 }] } }, m: { ipam: { config: [{ subnet: 10.0.1.0/24 }] } } }"
    ),
    .init(
      "auxiliary address: (NAME:IP) must belong to the master pool: S", "NW0306",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0.0/24, aux_addresses: { p: 10.9.0.9 } }] } } }"
    ),
    .init(
      "default gateway ip must be part of the network", "NW0306",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { ipam: { config: [{ subnet: 10.0.0.0/24, aux_addresses: { DefaultGatewayIPv4: 10.9.0.9 } }] } } }"
    ),
    .init(
      "no gateway can be set on an internal bridge network", "NW0307",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { internal: true, ipam: { config: [{ subnet: 10.0.0.0/24, aux_addresses: { DefaultGatewayIPv4: 10.0.0.9 } }] } } }"
    ),
    .init(
      "invalid MTU number: N", "NW0103",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { driver_opts: { com.docker.network.driver.mtu: -1 } } }"
    ),
    .init(
      "failed to parse LABEL value: V (ERR)", "NW0103",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { driver_opts: { com.docker.network.bridge.inhibit_ipv4: perhaps } } }"
    ),
    .init(
      "requested ipvlan mode 'X' is not valid", "NW0103",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { driver: ipvlan, driver_opts: { parent: eth0, ipvlan_mode: foo } } }"
    ),
    .init(
      "loopback interface is not a valid macvlan parent link", "NW0411",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { driver: macvlan, driver_opts: { parent: lo } } }"),
    .init(
      "invalid subinterface vlan name P, example formatting is eth0.10", "NW0411",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { driver: macvlan, driver_opts: { parent: eth0.x } } }"
    ),
    .init(
      "vlan id must be between 1-4094, received: N", "NW0411",
      "services: { a: { image: x, networks: [n] } }\nnetworks: { n: { driver: macvlan, driver_opts: { parent: eth0.4095 } } }"
    ),
    .init(
      "cannot use mode passthru, macvlan network ID is already using parent interface P", "NW0408",
      "services: { a: { image: x, networks: [n, m] } }\nnetworks: { n: { driver: macvlan, driver_opts: { parent: eth0 } }, m: { driver: macvlan, driver_opts: { parent: eth0, macvlan_mode: passthru } } }"
    ),
    .init(
      "network di-… is already using parent interface P", "NW0408",
      "services: { a: { image: x, networks: [n, m] } }\nnetworks: { n: { driver: ipvlan, driver_opts: { parent: eth0 } }, m: { driver: ipvlan, driver_opts: { parent: eth0 } } }"
    ),
    .init(
      "ipvlan interfaces do not support custom mac address assignment", "NW0408",
      "services: { a: { image: x, networks: { n: { mac_address: '02:00:00:00:00:01' } } } }\nnetworks: { n: { driver: ipvlan, driver_opts: { parent: eth0 }, ipam: { config: [{ subnet: 10.0.0.0/24 }] } } }"
    ),
    .init(
      "cannot join own network namespace", "NW0204",
      "services: { a: { image: x, network_mode: 'service:a' } }"),
    .init(
      "invalid MAC address", "NW0111",
      "services: { a: { image: x, mac_address: zz } }"),
  ]
}
