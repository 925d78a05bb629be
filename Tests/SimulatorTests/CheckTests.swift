import Foundation
import Netwright
import Testing

/// What `netwright test` says of checks that aren't about the network alone.
@Suite struct CheckTests {
  private func outcomes(_ yaml: String) throws -> String {
    let compilation = compile([Input(name: "lab.yaml", bytes: Array(yaml.utf8))])
    return try #require(compilation.runChecks()).text(as: .text)
  }

  /// The asker is done when it has its answer, while its own last packet is still on the way.
  @Test(arguments: ["", ", impairment: { delay: 300ms }"]) func `whom the target sees`(impairment: String) throws {
    let text = try outcomes(
      """
      services:
        a: { networks: { l: { ipv4_address: 10.1.0.10\(impairment) } } }
        b: { networks: { r: { ipv4_address: 10.2.0.10 } }, expose: ["80", "53/udp"] }
      networks:
        l: { ipam: { config: [{ subnet: 10.1.0.0/24, gateway: 10.1.0.1 }] } }
        r: { ipam: { config: [{ subnet: 10.2.0.0/24, gateway: 10.2.0.1 }] } }
      routers:
        gw: { networks: { l: { ipv4_address: 10.1.0.1 }, r: { ipv4_address: 10.2.0.1 } }, nat: [{ masquerade: r, from: l }] }
      checks:
        - { from: a, to: "b:80", expect: reachable, as: gw }
        - { from: a, to: "b:80", expect: reachable, as: a }
        - { from: a, to: "b:53/udp", expect: reachable, as: gw }
        - { from: a, to: b, expect: reachable, as: gw }
      """)
    #expect(
      text == """
        ok    a -> b:80/tcp is reachable, as gw
        FAIL  a -> b:80/tcp is reachable, as a
              lab.yaml:11: the target sees 10.2.0.1, not a
        ok    a -> b:53/udp is reachable, as gw
        ok    a -> b is reachable, as gw
        4 checks, 1 failed

        """)
  }

  /// A name is the address that there is a way to, as getaddrinfo(3) has it (RFC 6724 §6, rule 1).
  @Test func `a name is an address that can be reached`() throws {
    let text = try outcomes(
      """
      services:
        h1: { networks: [l1] }
        h3: { networks: [l3] }
      networks:
        l1: { enable_ipv6: true, ipam: { config: [{ subnet: 10.1.0.0/24, gateway: 10.1.0.9 }, { subnet: "fd00:1::/64", gateway: "fd00:1::9" }] } }
        l3: { enable_ipv4: false, enable_ipv6: true, ipam: { config: [{ subnet: "fd00:3::/64", gateway: "fd00:3::9" }] } }
      routers:
        r: { networks: { l1: { ipv4_address: 10.1.0.9, ipv6_address: "fd00:1::9" }, l3: { ipv6_address: "fd00:3::9" } } }
      checks: [{ from: h3, to: h1, expect: reachable }]
      """)
    #expect(text == "ok    h3 -> h1 is reachable\n1 check, 0 failed\n")
  }

  @Test func `a plan that fails is told with its step`() throws {
    let text = try outcomes(
      """
      services: { a: { networks: [n], sysctls: { net.ipv4.no_such: 1 } } }
      networks: { n: {} }
      checks: [{ from: a, to: a, expect: reachable }]
      """)
    #expect(
      text.contains("nothing was tried, since the plan fails at step ") && text.contains("net.ipv4.no_such"), "\(text)")
  }

  @Test func `the examples' checks hold`() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Examples")
    var count = 0
    for example in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
      for name in ["netwright.yaml", "compose.yaml"] {
        guard let bytes = try? Data(contentsOf: example.appending(path: name)) else { continue }
        let compilation = compile([Input(name: name, bytes: Array(bytes))])
        let outcomes = try #require(compilation.runChecks(), "\(example.lastPathComponent)")
        #expect(!outcomes.hasFailures, "\(example.lastPathComponent):\n\(outcomes.text(as: .text))")
        count += 1
      }
    }
    #expect(count == 12)
  }

  /// With a third of the packets lost one question in two has an answer.
  @Test func `who is expected to answer is asked again`() throws {
    let text = try outcomes(
      """
      services:
        a: { networks: { l: { ipv4_address: 10.1.0.2, impairment: { loss: 30% } } } }
        b: { networks: { l: { ipv4_address: 10.1.0.3, impairment: { loss: 30% } } }, expose: ["53/udp"] }
        c: { networks: { l: { ipv4_address: 10.1.0.4, impairment: { loss: 100% } } } }
      networks: { l: { ipam: { config: [{ subnet: 10.1.0.0/24 }] } } }
      checks:
        - { from: a, to: b, expect: reachable }
        - { from: b, to: a, expect: reachable }
        - { from: a, to: "b:53/udp", expect: reachable }
        - { from: a, to: c, expect: unreachable }
      """)
    #expect(text.hasSuffix("4 checks, 0 failed\n"), "\(text)")
  }

  /// What there is no model of is neither reached nor out of reach.
  @Test(arguments: ["reachable", "unreachable", "filtered"]) func `what isn't modelled`(expected: String) throws {
    let text = try outcomes(
      """
      services:
        a:
          networks: { l: { ipv4_address: 10.1.0.2 } }
          interfaces: { v: { type: vxlan, id: 7, group: 239.1.1.1, parent: eth0, addresses: [10.99.0.1/24] } }
        b:
          networks: { l: { ipv4_address: 10.1.0.3 } }
          interfaces: { v: { type: vxlan, id: 7, group: 239.1.1.1, parent: eth0, addresses: [10.99.0.2/24] } }
      networks: { l: { ipam: { config: [{ subnet: 10.1.0.0/24 }] } } }
      checks:
        - { from: a, to: 10.99.0.2, expect: \(expected) }
        - { from: a, to: 10.1.0.3, expect: reachable }
      """)
    #expect(text.contains("skip  a -> 10.99.0.2 is \(expected)\n"))
    #expect(text.contains("VXLAN over multicast is not modelled"))
    #expect(text.hasSuffix("ok    a -> 10.1.0.3 is reachable\n2 checks, 0 failed, 1 not tried\n"))
  }

  @Test func `an IPv6 address stands in brackets before a port`() throws {
    let text = try outcomes(
      """
      services:
        a: { networks: { l: { ipv6_address: "fd00::2" } } }
        b: { networks: { l: { ipv6_address: "fd00::3" } }, expose: ["80"] }
      networks: { l: { enable_ipv6: true, ipam: { config: [{ subnet: "fd00::/64" }] } } }
      checks: [{ from: a, to: "[fd00::3]:80", expect: reachable }]
      """)
    #expect(text == "ok    a -> [fd00::3]:80/tcp is reachable\n1 check, 0 failed\n")
  }

  /// As in hosts files and rules, what the file calls so comes before the machine: a service on another network doesn't
  /// reach `web`, while the machine does.
  @Test func `a service called host is meant, not the machine`() throws {
    let text = try outcomes(
      """
      services:
        host: { networks: { one: { ipv4_address: 10.1.0.10 } }, expose: ["80"] }
        near: { networks: { one: { ipv4_address: 10.1.0.11 } } }
        web: { networks: { two: { ipv4_address: 10.2.0.10 } } }
      networks:
        one: { ipam: { config: [{ subnet: 10.1.0.0/24 }] } }
        two: { ipam: { config: [{ subnet: 10.2.0.0/24 }] } }
      checks:
        - { from: host, to: 10.2.0.10, expect: filtered }
        - { from: web, to: host, expect: filtered }
        - { from: near, to: "host:80", expect: reachable }
        - { from: host, to: 10.1.0.11, expect: reachable, as: host }
        - { from: near, to: host, expect: reachable, as: near }
      """)
    #expect(text.hasSuffix("5 checks, 0 failed\n"), "\(text)")
  }

  /// `ping`, `connect` and `sendto` all fail at once: EACCES, EHOSTUNREACH, EINVAL (fib_props, net/ipv4/fib_semantics.c).
  @Test(arguments: ["prohibit", "unreachable", "blackhole"])
  func `what a route of the asker's own forbids is unreachable`(type: String) throws {
    let text = try outcomes(
      """
      services:
        a:
          networks: [l]
          routes: [{ to: 10.9.0.0/16, type: \(type) }, { to: "fd09::/64", type: \(type) }]
      networks: { l: { enable_ipv6: true, ipam: { config: [{ subnet: 10.1.0.0/24 }, { subnet: "fd01::/64" }] } } }
      checks:
        - { from: a, to: 10.9.0.1, expect: unreachable }
        - { from: a, to: "10.9.0.1:80", expect: unreachable }
        - { from: a, to: "10.9.0.1:53/udp", expect: unreachable }
        - { from: a, to: "fd09::1", expect: unreachable }
        - { from: a, to: "[fd09::1]:80", expect: unreachable }
        - { from: a, to: "[fd09::1]:53/udp", expect: unreachable }
      """)
    #expect(text.hasSuffix("6 checks, 0 failed\n"), "\(text)")
  }
}
