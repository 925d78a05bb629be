import Foundation
import Netwright
import NetwrightTestSupport
import Testing

/// Kinds of devices that the machine's own kernel may lack, in the second kernel: built, looked at, used, taken down.
@Suite struct DeviceTests {
  /// A file below Devices/, and what must be true of it while it is up.
  private struct Case {
    let name: String
    /// How its script is written.
    let style: ScriptStyle
    /// What the host needs before, and how that is taken away again.
    var before = ":"
    var after = ":"
    let checks: String
  }

  private static let cases = [
    // VLAN sub-interfaces of a router on a stick.
    Case(
      name: "stick", style: .fast,
      checks: """
        check 'VLAN 10 is one' has '"info_kind":"vlan","info_data":{"protocol":"802.1Q","id":10,' "$(ip -n stick -j -d link show v10)"
        check 'it stands on eth0' has '"link":"eth0","ifname":"v20"' "$(ip -n stick -j link show v20)"
        check 'the trunk is tagged' has '"vlans":.{"vlan":10},{"vlan":20}.}' "$(bridge -j vlan show dev v-stick-eth0)"
        check 'access to 20' has '"vlans":.{"vlan":20,"flags":."PVID","Egress Untagged".}.}' "$(bridge -j vlan show dev v-blue-eth0)"
        check 'through the router' has ttl=63 "$(ip netns exec red ping -c 1 -W 2 10.20.0.5)"
        ip -n stick link set v20 down
        check 'not beside it' misses red 10.20.0.5
        """),
    // Two VRFs on one router: what is in one knows nothing of the other.
    Case(
      name: "vrf", style: .plain,
      checks: """
        check 'red is a VRF' has '"info_kind":"vrf","info_data":{"table":10}' "$(ip -n pe -j -d link show red)"
        check 'eth1 is in it' has '"master":"red"' "$(ip -n pe -j link show eth1)"
        check 'eth2 is in the other' has '"master":"blue"' "$(ip -n pe -j link show eth2)"
        check 'its routes are in its table' has '"dst":"10.1.0.0/24","dev":"eth0".*"dst":"10.2.0.0/24","dev":"eth1"' "$(ip -n pe -j route show table 10)"
        check 'the main table has none' [ -z "$(ip -n pe route show)" ]
        check 'the rule is there' has l3mdev "$(ip -n pe rule)"
        check 'red to red' has ttl=63 "$(ip netns exec red1 ping -c 1 -W 2 10.2.0.5)"
        check 'red not to blue' misses red1 10.3.0.5
        check 'blue to its router' reaches blue1 10.3.0.1
        """),
    // The same addresses in two VRFs, in subnets that are the same too, and an anycast address in each.
    Case(
      name: "overlap", style: .fast,
      checks: """
        check 'red to its own' reaches red1 10.2.0.2
        check 'blue to its own' reaches blue1 10.2.0.2
        check 'the nearer of two' reaches red1 192.0.2.53
        check 'from beyond the router' reaches ce2 192.0.2.53
        ip -n blue-dns link set eth0 down
        check 'red has its own still' reaches ce1 192.0.2.53
        check 'blue has none' misses ce2 192.0.2.53
        """),
    // A bond of two lines, of which one may fail, and a dummy that carries addresses.
    Case(
      name: "bond", style: .fast,
      checks: """
        check 'a bond' has '"info_kind":"bond","info_data":{"mode":"active-backup"' "$(ip -n left -j -d link show bond0)"
        check 'p0 is in it' has '"master":"bond0"' "$(ip -n left -j link show p0)"
        check 'p1 is in it' has '"master":"bond0"' "$(ip -n right -j link show p1)"
        check 'over the bond' reaches left 10.5.0.2
        ip -n left link set p0 down; ip -n right link set p0 down
        check 'over the line that is left' reaches left 10.5.0.2
        check 'a dummy' has '"mtu":1400.*"info_kind":"dummy"' "$(ip -n right -j -d link show anycast)"
        check 'its IPv4 address' has '"local":"192.0.2.1","prefixlen":32' "$(ip -n right -j address show anycast)"
        check 'its IPv6 address' has '"local":"2001:db8::1","prefixlen":128' "$(ip -n right -j address show anycast)"
        check 'it answers' reaches right 192.0.2.1
        """),
    // Devices that share a parent's hardware address, by frames and by packets.
    Case(
      name: "ipvlan", style: .plain, before: "for up in up0 up1; do ip link add $up up type dummy; done",
      after: "for up in up0 up1; do ip link del $up; done",
      checks: """
        check 'ipvlan in l2' has '"info_kind":"ipvlan","info_data":{"mode":"l2"' "$(ip -n one -j -d link show eth0)"
        check 'ipvlan in l3' has '"info_kind":"ipvlan","info_data":{"mode":"l3"' "$(ip -n two -j -d link show eth1)"
        check 'frames' reaches one 10.7.0.6
        check 'packets' reaches one 10.8.0.6
        check 'a route without a gateway' has '"dst":"default","dev":"eth1"' "$(ip -n one -j route show default)"
        """),
  ]

  @Test func `VLANs, VRFs, bonds, dummies and ipvlan work in the second kernel and go without a trace`() throws {
    var files: [String: String] = [:]
    // iproute2 mounts /run/netns on itself the first time.
    var text = "ip netns add first; ip netns delete first\n"
    for test in Self.cases {
      let bytes = try Data(contentsOf: Self.folder.appending(path: "\(test.name).yaml"))
      let compilation = compile([Input(name: "\(test.name).yaml", bytes: Array(bytes))])
      let findings = try compilation.findings(as: .text)
      #expect(!compilation.hasFindings, "\(findings)")
      files["\(test.name).sh"] = compilation.script(style: test.style)
      text += """
        \(test.before)
        before=$(snapshot)
        check '\(test.name): up' sh \(test.name).sh
        \(test.checks.replacing("check '", with: "check '\(test.name): "))
        check '\(test.name): down' sh \(test.name).sh down
        for try in 1 2 3; do [ "$before" = "$(snapshot)" ] && break; sleep 1; done
        [ $try != 3 ] || same '\(test.name): nothing is left' "$before" "$(snapshot)"
        \(test.after)

        """
    }
    let outcome = try SecondKernel.run(text, files: files, seconds: 180)
    #expect(outcome.status == 0 && outcome.output.hasSuffix("passed\n"), "\(outcome.output)\(outcome.errors)")
  }

  @Test func `a kernel without IPv6 builds what has none`() throws {
    let example = Self.folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Examples/router-chain/netwright.yaml")
    let compilation = compile([Input(name: "chain.yaml", bytes: Array(try Data(contentsOf: example)))])
    let script = try #require(compilation.script())
    let outcome = try SecondKernel.run(
      """
      check 'there is no IPv6' [ ! -e /proc/sys/net/ipv6/conf/all/forwarding ]
      check up sh chain.sh
      check ping reaches alice 10.2.0.10
      check down sh chain.sh down
      same 'no namespace is left' '' "$(ip netns)"
      """, files: ["chain.sh": script], arguments: ["ipv6.disable=1"])
    #expect(outcome.status == 0 && outcome.output.hasSuffix("passed\n"), "\(outcome.output)\(outcome.errors)")
  }

  @Test func `a network with more neighbors than the kernel keeps says so`() throws {
    func script(_ count: Int) throws -> String {
      let services = (1...count).map { "  s\($0): { networks: { lan: { addresses: [10.0.0.\($0)/24] } } }\n" }.joined()
      let text = "name: n\nservices:\n\(services)networks: { lan: { ipam: { driver: 'null' } } }\n"
      return try #require(compile([Input(name: "n.yaml", bytes: Array(text.utf8))]).script())
    }
    #expect(!(try script(32).contains("neighbors")), "32 times 31 are below the kernel's 1024")
    let outcome = try SecondKernel.run(
      """
      sh n.sh >said 2>&1; status=$?
      check up [ $status = 0 ]
      check 'what is missing' grep -q "have 1056 neighbors between them, and this machine keeps 1024 of" said
      sed -n 's/^netwright: n:   //p' said >remedy
      check 'a remedy' [ "$(wc -l <remedy)" = 2 ]
      check 'which works' sh -e remedy
      check down sh n.sh down
      sh n.sh >said 2>&1
      same 'nothing is said any more' 'n is up: 33 namespaces, 1 bridge' "$(cat said)"
      """, files: ["n.sh": try script(33)])
    #expect(outcome.status == 0 && outcome.output.hasSuffix("passed\n"), "\(outcome.output)\(outcome.errors)")
  }

  /// Linux before 6.15 looks for a new device's name where the sender is, whichever namespace the device is for.
  @Test func `devices are called as one of the host's is`() throws {
    let file = """
      name: n
      services:
        web: { networks: { street: { ipv4_address: 192.168.7.5 } } }
        one: {}
        two: {}
      links:
        - { endpoints: ["one:eth0", "two:eth0"], subnet: 10.9.0.0/30 }
      networks:
        street:
          driver: macvlan
          driver_opts: { parent: eth0 }
          ipam: { config: [{ subnet: 192.168.7.0/24, gateway: 192.168.7.1 }] }
      """
    var text = """
      ip link add eth0 type veth peer name street; ip link set eth0 up; ip link set street up
      ip address add 192.168.7.1/24 dev street
      devices=$(ls /sys/class/net)
      ip netns add probe
      ip link add link eth0 name eth0 netns probe type macvlan 2>said
      check 'this kernel minds' grep -q 'File exists' said
      ip netns del probe

      """
    for style in ["fast", "plain"] {
      text += """
        check '\(style): up' sh \(style).sh
        check '\(style): over the link' reaches one 10.9.0.2
        check '\(style): over the macvlan' reaches web 192.168.7.1
        check '\(style): down' sh \(style).sh down
        same '\(style): the host has its own' "$devices" "$(ls /sys/class/net)"

        """
    }
    try expect(text, ofBothStylesOf: file)
  }

  /// A new namespace has the IPv4 parameters of the kernel's first one, which is the host here.
  @Test func `nodes forward and filter as their file says, on a machine that does both`() throws {
    let file = """
      services:
        both: { networks: [left, right] }
        own: { networks: [left, right], sysctls: { net.ipv4.conf.all.forwarding: 1, net.ipv4.conf.default.rp_filter: 2 } }
      routers: { r: { networks: { left: { ipv4_address: 10.1.0.1 }, right: { ipv4_address: 10.2.0.1 } } } }
      networks:
        left: { ipam: { config: [{ subnet: 10.1.0.0/24, gateway: 10.1.0.1 }] } }
        right: { ipam: { config: [{ subnet: 10.2.0.0/24, gateway: 10.2.0.1 }] } }
      """
    var text = """
      for key in ip_forward conf/all/rp_filter conf/default/rp_filter; do echo 1 >/proc/sys/net/ipv4/$key; done
      parameters() {
        ip netns exec "$1" sh -c 'cd /proc/sys/net/ipv4; cat ip_forward conf/all/rp_filter conf/eth[01]/rp_filter' | xargs
      }

      """
    for style in ["fast", "plain"] {
      text += """
        check '\(style): up' sh \(style).sh
        same '\(style): a service' '0 0 0 0' "$(parameters both)"
        same '\(style): a service with its own' '1 0 2 2' "$(parameters own)"
        same '\(style): a router' '1 0 0 0' "$(parameters r)"
        check '\(style): down' sh \(style).sh down
        same '\(style): the host' '1 1 1' "$(cd /proc/sys/net/ipv4; cat ip_forward conf/{all,default}/rp_filter | xargs)"

        """
    }
    try expect(text, ofBothStylesOf: file)
  }

  /// Has a text pass in the second kernel, beside a file's scripts: `fast.sh` and `plain.sh`.
  private func expect(_ text: String, ofBothStylesOf file: String) throws {
    let compilation = compile([Input(name: "it.yaml", bytes: Array(file.utf8))])
    let files = [
      "fast.sh": try #require(compilation.script()), "plain.sh": try #require(compilation.script(style: .plain)),
    ]
    let outcome = try SecondKernel.run(text, files: files)
    #expect(outcome.status == 0 && outcome.output.hasSuffix("passed\n"), "\(outcome.output)\(outcome.errors)")
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Devices")
}
