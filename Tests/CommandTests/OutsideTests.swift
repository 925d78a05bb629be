import Foundation
import NetwrightTestSupport
import Testing

/// `outside`, the machine beyond the host's uplink: in checks and probes, where the file says what the uplink is, where
/// a snapshot does, and where nobody does; and in the kernel.
@Suite struct OutsideTests {
  private static let shop = """
    name: shop
    services:
      web: { networks: [front, back], ports: ["8080:80"] }
      db: { networks: [back], expose: ["5432"] }
    networks:
      front: { ipam: { config: [{ subnet: 10.1.0.0/24 }] } }
      back: { internal: true, ipam: { config: [{ subnet: 10.2.0.0/24 }] } }
    checks:
      - { from: outside, to: "host:8080", expect: reachable, as: outside }
      - { from: outside, to: "host:5432", expect: refused }
      - { from: outside, to: "10.1.0.2:81", expect: filtered }
      - { from: web, to: outside, expect: reachable, as: host }
      - { from: db, to: outside, expect: unreachable }

    """

  @Test func `a published port is reached from outside, whatever leads there`() throws {
    for host in ["", "host: { interfaces: { eth0: { address: 192.0.2.10/24, gateway: 192.0.2.1 } } }\n"] {
      let outcome = try Command.run("test -f -", input: Self.shop + host)
      #expect(
        outcome.status == 0 && outcome.output.contains("5 checks, 0 failed\n"), "\(outcome.output)\(outcome.errors)")
      #expect(outcome.output.contains("ok    web -> outside is reachable, as host\n"), "\(outcome.output)")
      let wrong = try Command.run("test -f -", input: Self.shop.replacing("as: host", with: "as: web") + host)
      #expect(wrong.status == 1 && wrong.output.contains(", not web\n"), "\(wrong.output)")
    }
  }

  @Test func `what is made up overlaps nothing, and is there only where it is named`() throws {
    let taken = Self.shop.replacing("10.1.0.", with: "192.0.2.")
    let connection = try Command.run("connect -f - outside host:8080/tcp", input: taken)
    #expect(connection.output == "198.51.100.2:8080/tcp: connected from 198.51.100.1\n", "\(connection.errors)")
    #expect(!(try Command.run("show -f - host ip link", input: Self.shop).output.contains("uplink")))
    let service = Self.shop.replacing("db:", with: "outside:").replacing("from: db", with: "from: web")
    let ping = try Command.run("ping -f - web outside", input: service)
    #expect(ping.output.hasPrefix("PING outside (10.2.0."), "\(ping.output)\(ping.errors)")
  }

  @Test func `a snapshot's default route leads there`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "netwright-outside-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let host = #"""
      {"version":1,"namespaces":[{"name":null,"devices":[
        {"ifindex":1,"ifname":"lo","flags":["UP","LOWER_UP","LOOPBACK"],"mtu":65536,"link_type":"loopback",
         "address":"00:00:00:00:00:00","addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8,"scope":"host"}]},
        {"ifindex":2,"ifname":"ens3","flags":["UP","LOWER_UP"],"mtu":1500,"link_type":"ether",
         "address":"52:54:00:00:00:01","addr_info":[{"family":"inet","local":"198.51.100.9","prefixlen":24,"scope":"global"}]}],
        "routes":[
          {"dst":"default","gateway":"198.51.100.1","dev":"ens3","protocol":"static","flags":[]},
          {"type":"local","dst":"198.51.100.9","dev":"ens3","table":"local","protocol":"kernel","scope":"host",
           "prefsrc":"198.51.100.9","flags":[]},
          {"dst":"198.51.100.0/24","dev":"ens3","protocol":"kernel","scope":"link","prefsrc":"198.51.100.9","flags":[]}]}]}
      """#
    try host.write(to: folder.appending(path: "host.json"), atomically: false, encoding: .utf8)
    let outcome = try Command.run("test -f - --host host.json", input: Self.shop, in: folder.path)
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    let connection = try Command.run(
      "connect -f - --host host.json outside host:8080/tcp", input: Self.shop, in: folder.path)
    #expect(connection.output == "198.51.100.9:8080/tcp: connected from 198.51.100.1\n", "\(connection.errors)")
  }

  @Test func `the kernel says the same where outside is a namespace, and else it isn't tried`() throws {
    let yaml = Self.shop + "host: { interfaces: { eth0: { address: 192.0.2.10/24, gateway: 192.0.2.1 } } }\n"
    let text = """
      NETWRIGHT='\(Command.path)'
      ip link set lo up
      ip netns add beyond
      ip link add eth0 type veth peer name eth0 netns beyond
      ip addr add 192.0.2.10/24 dev eth0 && ip link set eth0 up
      ip -n beyond addr add 192.0.2.1/24 dev eth0 && ip -n beyond link set eth0 up
      ip -n beyond route add default via 192.0.2.10
      "$NETWRIGHT" up -f lab.yaml >/dev/null 2>&1 || echo failed
      settled >/dev/null
      "$NETWRIGHT" test --live -f lab.yaml; echo "status $?"
      : >/run/netns/outside
      mount --bind /run/netns/beyond /run/netns/outside
      "$NETWRIGHT" test --live -f lab.yaml; echo "status $?"

      """
    let outcome = try KernelSandbox.run(text, files: ["lab.yaml": yaml])
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.contains("5 checks, 0 failed, 4 not tried"), "\(outcome.output)\(outcome.errors)")
    #expect(lines.suffix(3) == ["5 checks, 0 failed", "status 0", "passed"], "\(outcome.output)\(outcome.errors)")
  }
}
