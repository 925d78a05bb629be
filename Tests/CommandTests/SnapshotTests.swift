import Foundation
import Testing

/// Snapshots of machines that can't be: refused with the reason, whatever is asked of them.
@Suite struct SnapshotTests {
  private static let yaml = "services: { solo: { network_mode: none } }\n"

  /// A machine with an uplink and a bridge, with a part exchanged.
  private static func snapshot(_ part: String, _ other: String) -> String {
    let plain = #"""
      {"version":1,"namespaces":[{"name":null,"devices":[
        {"ifindex":2,"ifname":"eth0","flags":["UP","LOWER_UP"],"mtu":1500,"link_type":"ether",
         "address":"52:54:00:00:00:01","addr_info":[{"family":"inet","local":"192.0.2.4","prefixlen":24,"scope":"global"}]},
        {"ifindex":3,"ifname":"br0","flags":["UP","LOWER_UP"],"mtu":1500,"link_type":"ether",
         "address":"52:54:00:00:00:02","linkinfo":{"info_kind":"bridge","info_data":{"ageing_time":30000}}},
        {"ifindex":4,"ifname":"br1","flags":["UP","LOWER_UP"],"mtu":1500,"link_type":"ether",
         "address":"52:54:00:00:00:03","linkinfo":{"info_kind":"bridge","info_data":{"ageing_time":30000}}}],
        "routes":[{"dst":"default","flags":[],"nexthops":[
          {"gateway":"192.0.2.1","dev":"eth0","weight":1,"flags":[]},
          {"gateway":"192.0.2.2","dev":"eth0","weight":2,"flags":[]}]}],
        "sysctls":{"net.ipv4.ip_forward":1}}]}
      """#
    return plain.replacing(part, with: other)
  }

  private func run(_ words: String, on snapshot: String, _ yaml: String = yaml) throws -> Command.Outcome {
    let folder = FileManager.default.temporaryDirectory.appending(path: "netwright-snapshot-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try snapshot.write(to: folder.appending(path: "host.json"), atomically: false, encoding: .utf8)
    return try Command.run("\(words) -f - --host host.json", input: yaml, in: folder.path)
  }

  @Test(arguments: [
    (#""ifindex":2"#, #""ifindex":9223372036854775807"#, "eth0: the number 9223372036854775807"),
    (#""ifindex":2"#, #""ifindex":0"#, "eth0: the number 0"),
    (#""ifindex":2"#, #""ifindex":3"#, "br0: the number 3 is that of eth0 too"),
    (#""ifname":"br0""#, #""ifname":"eth0""#, "eth0: is there twice"),
    (#""mtu":1500"#, #""mtu":9223372036854775807"#, "eth0: the MTU 9223372036854775807"),
    (#""mtu":1500"#, #""mtu":-9223372036854775808"#, "eth0: the MTU -9223372036854775808"),
    (#""ageing_time":30000"#, #""ageing_time":9223372036854775807"#, "br0: the ageing time 9223372036854775807"),
    (#""ageing_time":30000"#, #""ageing_time":-1"#, "br0: the ageing time -1"),
    (#""weight":1"#, #""weight":9223372036854775807"#, "default: the weight 9223372036854775807"),
    (#""weight":2"#, #""weight":0"#, "default: the weight 0"),
    (
      #""net.ipv4.ip_forward":1"#, #""net.ipv4.neigh.eth0.retrans_time_ms":9223372036854775807"#,
      "net.ipv4.neigh.eth0.retrans_time_ms: 9223372036854775807"
    ),
    (
      #""net.ipv4.ip_forward":1"#, #""net.ipv4.tcp_syn_linear_timeouts":-9223372036854775808"#,
      "net.ipv4.tcp_syn_linear_timeouts: -9223372036854775808"
    ),
    (
      #""ifname":"eth0","#, #""ifname":"eth0","linkinfo":{"info_kind":"vlan","info_data":{"id":5}},"link":"eth0","#,
      "eth0: stands on itself"
    ),
    (#""ifname":"br0","#, #""ifname":"br0","master":"br0","#, "br0: stands on itself"),
    (#""linkinfo":{"info_kind":"bridge","#, #""master":"br0","linkinfo":{"info_kind":"bridge","#, "stands on itself"),
  ])
  func `a machine that can't be is refused`(_ part: String, _ other: String, _ reason: String) throws {
    let outcome = try run("ping host 192.0.2.1", on: Self.snapshot(part, other))
    #expect(outcome.status == 1 && outcome.output == "", "\(outcome.status) \(outcome.output)")
    #expect(outcome.errors.hasPrefix("netwright: host.json: ") && outcome.errors.contains(reason), "\(outcome.errors)")
  }

  @Test func `two devices that each belong to the other`() throws {
    var snapshot = Self.snapshot(#""ifname":"br0","#, #""ifname":"br0","master":"br1","#)
    snapshot = snapshot.replacing(#""ifname":"br1","#, with: #""ifname":"br1","master":"br0","#)
    let outcome = try run("ping host 192.0.2.1", on: snapshot)
    #expect(outcome.status == 1 && outcome.errors.contains("stands on itself, by way of br1"), "\(outcome.errors)")
  }

  @Test func `what Docker says and can't be counts for nothing`() throws {
    for mtu in ["9223372036854775807", "-9223372036854775808", "0", "4294967296", "many"] {
      let docker = #"""
        "docker":[{"Name":"old","Id":"abc","Driver":"bridge","IPAM":{"Config":[{"Subnet":"10.44.0.0/24"}]},
          "Options":{"com.docker.network.bridge.name":"br0","com.docker.network.driver.mtu":"\#(mtu)"}}],"namespaces"
        """#
      let yaml = "services: { a: { networks: [old] } }\nnetworks: { old: { external: true } }\n"
      let outcome = try run("show a ip link", on: Self.snapshot(#""namespaces""#, docker), yaml)
      #expect(outcome.status == 0 && outcome.output.contains("mtu 1500 qdisc"), "\(outcome.output)\(outcome.errors)")
    }
  }

  @Test func `a machine that can be is taken, and what isn't used may be missing`() throws {
    for (part, other) in [("-", "-"), (#""family":"inet","#, ""), (#""mtu":1500"#, #""mtu":4294967295"#)] {
      let outcome = try run("show host ip route", on: Self.snapshot(part, other))
      #expect(outcome.status == 0 && outcome.output.contains("nexthop via 192.0.2.2"), "\(outcome.errors)")
    }
  }
}
