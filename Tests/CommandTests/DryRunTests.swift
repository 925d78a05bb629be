import Foundation
import NetwrightTestSupport
import Testing

/// What `up` and `down` would come to, on a bare machine and on one that a snapshot saw.
@Suite struct DryRunTests {
  static let lab = """
    name: lab
    services:
      web: { networks: [front, back] }
      db: { networks: [back] }
    networks:
      front: { ipam: { config: [{ subnet: 10.1.0.0/24 }] } }
      back: { ipam: { config: [{ subnet: 10.2.0.0/24 }] } }
    host: { routes: [{ to: 198.51.100.0/24, type: blackhole }] }

    """

  @Test func `what is taken back is listed, and nothing is left`() throws {
    let outcome = try Command.run("down --dry-run -f -", input: Self.lab)
    #expect(outcome.status == 0, "\(outcome.errors)")
    // Rules stand on the host, for what its networks send outward, so that one that is left behind shows.
    for line in [
      "delete route 198.51.100.0/24", "delete device br-front", "delete namespace web",
      "delete the network's netfilter tables in the host",
    ] {
      #expect(outcome.output.contains("\tok\t\(line)"), "\(outcome.output)")
    }
    #expect(outcome.output.hasSuffix("and the machine is as it was\n"))
    #expect(try Command.run("down --dry-run lab -f -", input: Self.lab).status == 2)
  }

  @Test func `what a parameter of a device can't be is refused as the kernel does`() throws {
    let lab = """
      services: { a: { networks: { n: { driver_opts: { com.docker.network.endpoint.sysctls: "SET" } } } } }
      networks: { n: {} }

      """
    for name in ["ipv4.neigh.IFNAME.retrans_time_ms", "ipv6.neigh.IFNAME.base_reachable_time_ms"] {
      let one = lab.replacing("SET", with: "net.\(name)=9223372036854775807")
      let outcome = try Command.run("up --dry-run -f -", input: one)
      #expect(outcome.status == 1 && outcome.output.contains("_ms: Invalid argument"), "\(outcome.output)")
    }
  }

  @Test func `an IPv6 route of metric 0 is taken back as the one of 1024 that it is`() throws {
    // fib6_config's metric of 0 is IP6_RT_PRIO_USER.
    let lab = """
      services: { b: { networks: [n] } }
      networks: { n: { enable_ipv6: true, ipam: { config: [{ subnet: 10.7.0.0/24 }, { subnet: "fd07::/64" }] } } }
      host: { routes: [{ to: "fd08::/64", via: "fd07::2", metric: 0 }] }

      """
    let outcome = try Command.run("down --dry-run -f -", input: lab)
    #expect(outcome.status == 0 && outcome.output.contains("\tok\tdelete route fd08::/64"), "\(outcome.output)")
    // A default route that is written so stands in the way of another.
    let own = lab.replacing(
      "b: { networks: [n] }", with: "b: { networks: [n], routes: [{ to: '::/0', via: 'fd07::9', metric: 0 }] }")
    #expect(try Command.run("up --dry-run -f -", input: own).status == 0)
  }

  /// A machine with a bridge of the same name, a network that overlaps, a route that does, and without forwarding.
  private static let obstacles = """
    ip link add br-back type bridge
    ip link add wan type veth peer name far
    ip addr add 10.1.0.77/16 dev wan && ip link set wan up && ip link set far up
    ip route add 10.2.0.0/16 via 10.1.0.1

    """

  @Test func `a dry run finds what collides on a machine, and up says so there`() throws {
    let text =
      Self.obstacles + """
        "$NETWRIGHT" snapshot >host.json || exit 1
        echo "== dry run"; "$NETWRIGHT" up --dry-run -f lab.yaml --host host.json; echo "status $?"
        echo "== up"; "$NETWRIGHT" up -f lab.yaml 2>&1; echo "status $?"
        ip link del br-back
        "$NETWRIGHT" snapshot >host.json || exit 1
        echo "== dry run without the bridge"; "$NETWRIGHT" up --dry-run -f lab.yaml --host host.json; echo "status $?"
        echo "== up without the bridge"; "$NETWRIGHT" up -f lab.yaml 2>&1; echo "status $?"
        echo "== snapshot"; cat host.json

        """
    let outcome = try KernelSandbox.run(
      "NETWRIGHT='\(Command.path)'\n" + text, files: ["lab.yaml": Self.lab])
    let parts = outcome.output.components(separatedBy: "== ").dropFirst().map(\.self)
    try #require(parts.count == 5, "\(outcome.output)\(outcome.errors)")
    // Both refuse, and name the bridge; the dry run says from which line.
    #expect(parts[0].contains("lab.yaml:7: error: the device br-back exists on this machine, from network back"))
    #expect(parts[0].contains("RTNETLINK answers: File exists") && parts[0].contains("status 1"), "\(parts[0])")
    #expect(parts[1].contains("device br-back is there already") && parts[1].contains("status 3"), "\(parts[1])")
    // Without the bridge both succeed; the dry run says what won't work as meant.
    for warning in [
      "lab.yaml:6: warning: 10.1.0.0/24 overlaps 10.1.0.77/16 of wan on this machine, from network front",
      "lab.yaml:7: warning: 10.2.0.0/24 overlaps the route 10.2.0.0/16 via 10.1.0.1 dev wan of this machine",
      "warning: this machine doesn't forward IPv4 (net.ipv4.ip_forward = 0): up switches that on for front, back",
    ] {
      #expect(parts[2].contains(warning), "\(parts[2])")
    }
    #expect(parts[2].contains("all would go well") && parts[2].contains("status 0"), "\(parts[2])")
    #expect(parts[3].contains("lab is up") && parts[3].contains("status 0"), "\(parts[3])")
    let valid = try Command.validate(
      String(parts[4].dropFirst("snapshot\n".count)).replacing("passed\n", with: ""), by: "host-v1.schema.json")
    #expect(valid.status == 0, "\(valid.output)")
  }

  @Test func `automatic subnets keep away from a machine's networks`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "netwright-host-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let host = #"""
      {"version":1,"namespaces":[{"name":null,"devices":[
        {"ifindex":2,"ifname":"eth0","flags":["UP","LOWER_UP"],"mtu":1500,"link_type":"ether",
         "address":"52:54:00:00:00:01","addr_info":[{"family":"inet","local":"172.18.3.4","prefixlen":24,"scope":"global"}]}],
        "routes":[{"dst":"172.19.0.0/16","gateway":"172.18.3.1","dev":"eth0","protocol":"static","flags":[]}]}]}
      """#
    try host.write(to: folder.appending(path: "host.json"), atomically: false, encoding: .utf8)
    let yaml = "services: { web: { networks: [a] } }\nnetworks: { a: {} }\n"
    #expect(try Command.run("plan -f -", input: yaml).output.contains("172.18.0.0/16"))
    let plan = try Command.run("plan -f - --host host.json", input: yaml, in: folder.path)
    #expect(plan.output.contains("172.20.0.0/16") && !plan.output.contains("172.18."), "\(plan.output)\(plan.errors)")
    for (wrong, reason) in [("[]", "not a snapshot"), (#"{"version":2,"namespaces":[]}"#, "version 2")] {
      try wrong.write(to: folder.appending(path: "wrong.json"), atomically: false, encoding: .utf8)
      let refused = try Command.run("plan -f - --host wrong.json", input: yaml, in: folder.path)
      #expect(refused.status == 1 && refused.errors.contains(reason), "\(refused.errors)")
    }
  }

  @Test func `a machine goes on in the simulator as it was found`() throws {
    let views = [
      "ip addr", "ip route show table all", "ip rule", "ip -6 rule", "bridge link", "bridge vlan", "brctl show",
      "route -n",
      "sysctl net.ipv4.ip_forward net.ipv4.conf.all.rp_filter",
    ]
    var text = """
      NETWRIGHT='\(Command.path)'
      ip netns add other
      ip link add br0 type bridge && ip addr add 10.3.0.1/24 dev br0 && ip link set br0 up
      ip link add p0 type veth peer name eth0 netns other && ip link set p0 master br0 up
      ip -n other addr add 10.3.0.2/24 dev eth0 && ip -n other link set eth0 up && ip -n other link set lo up
      ip -n other route add default via 10.3.0.1
      ip link set lo up && ip route add unreachable 10.4.0.0/16 metric 7 && ip rule add from 10.9.0.0/16 table 77 prio 50
      ip link add down0 type veth peer name down1 && ip addr add 10.5.0.1/24 dev down0 && ip link set down0 up
      sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=2
      settled >/dev/null; ping -c 1 -W 2 10.3.0.2 >/dev/null
      echo 'services: { solo: { network_mode: none } }' >none.yaml
      "$NETWRIGHT" snapshot >host.json

      """
    for view in views {
      text += "same '\(view)' \"$(\(view))\" \"$(\"$NETWRIGHT\" show host '\(view)' -f none.yaml --host host.json)\"\n"
    }
    text += """
      learned() { grep -v permanent; }
      same 'what a bridge has learned' "$(bridge fdb show br br0 | learned)" \
        "$("$NETWRIGHT" show host 'bridge fdb show br br0' -f none.yaml --host host.json | learned)"
      check 'packets move' "$NETWRIGHT" simulate -f none.yaml --host host.json 'ping host 10.3.0.2'
      "$NETWRIGHT" trace host 10.4.0.1 -f none.yaml --host host.json | tail -n 1

      """
    let outcome = try KernelSandbox.run(text)
    #expect(
      outcome.status == 0 && outcome.output.contains("=> not sent: No route to host"),
      "\(outcome.output)\(outcome.errors)")
  }

  @Test func `ports keep the VLANs that they were found with`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "netwright-host-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // As ip(8) and bridge(8) print them, without what is of no use here.
    let host = #"""
      {"version":1,"namespaces":[{"name":null,"devices":[
        {"ifindex":2,"ifname":"br0","flags":["UP"],"mtu":1500,"link_type":"ether","address":"52:54:00:00:00:01",
         "linkinfo":{"info_kind":"bridge","info_data":{"vlan_filtering":1}}},
        {"ifindex":3,"ifname":"p0","flags":["UP"],"mtu":1500,"master":"br0","link_type":"ether",
         "address":"52:54:00:00:00:02","linkinfo":{"info_kind":"dummy"}},
        {"ifindex":4,"ifname":"p1","flags":["UP"],"mtu":1500,"master":"br0","link_type":"ether",
         "address":"52:54:00:00:00:03","linkinfo":{"info_kind":"dummy"}}],
        "forwarding":[
          {"mac":"52:54:00:00:00:02","ifname":"p0","vlan":20,"flags":[],"master":"br0","state":"permanent"},
          {"mac":"52:54:00:00:00:77","ifname":"p0","vlan":20,"flags":[],"master":"br0","state":""}],
        "vlans":[
          {"ifname":"br0","vlans":[{"vlan":1,"flags":["PVID","Egress Untagged"]}]},
          {"ifname":"p0","vlans":[{"vlan":20,"flags":["PVID","Egress Untagged"]},{"vlan":30,"vlanEnd":31}]}]}]}
      """#
    try host.write(to: folder.appending(path: "host.json"), atomically: false, encoding: .utf8)
    let yaml = "services: { solo: { network_mode: none } }\n"
    let rest = ["-f", "-", "--host", "host.json"]
    let vlans = try Command.run([Command.path, "show", "host", "bridge vlan"] + rest, input: yaml, in: folder.path)
    let rows = vlans.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(rows == ["port vlan-id", "br0 1 PVID Egress Untagged", "p0 20 PVID Egress Untagged", "30", "31"])
    let table = try Command.run(
      [Command.path, "show", "host", "bridge fdb show br br0"] + rest, input: yaml, in: folder.path)
    #expect(table.output.contains("52:54:00:00:00:77 dev p0 vlan 20 master br0"), "\(table.output)")
    let other = host.replacing(#""vlan":30"#, with: #""vlan":4095"#)
    try other.write(to: folder.appending(path: "host.json"), atomically: false, encoding: .utf8)
    let refused = try Command.run([Command.path, "show", "host", "bridge vlan"] + rest, input: yaml, in: folder.path)
    #expect(
      refused.status == 1 && refused.errors.contains("p0: the VLAN 4095 isn't from 1 to 4094"), "\(refused.errors)")
  }

  /// Whatever a dry run is asked, it opens no socket and starts no program: it can't change a machine.
  @Test(arguments: [
    "up --dry-run", "down --dry-run", "simulate 'ping web db'", "test", "ping web db", "trace web db",
    "show host 'ip addr'",
    "up --dry-run --host host.json",
  ])
  func `it is inert`(_ words: String) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "netwright-inert-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Self.lab.write(to: folder.appending(path: "lab.yaml"), atomically: false, encoding: .utf8)
    let host = #"{"version":1,"namespaces":[{"name":null,"devices":[]}]}"#
    try host.write(to: folder.appending(path: "host.json"), atomically: false, encoding: .utf8)
    let calls = "%network,%process,setns,unshare,mount,umount2,write,/open"
    let traced = try Command.run(
      ["sh", "-c", "exec strace -f -o calls -e trace=\(calls) '\(Command.path)' \(words) -f lab.yaml"], in: folder.path)
    #expect(traced.status == 0, "\(traced.output)\(traced.errors)")
    let lines = try String(contentsOf: folder.appending(path: "calls"), encoding: .utf8).split(separator: "\n")
    // The first execve is the program itself; it ends by exit_group, and writes to its standard streams alone.
    #expect(lines.contains { $0.contains("exit_group(0)") })
    let started = lines.filter {
      $0.contains(
        /\b(execve|execveat|fork|vfork|clone3?|socket|socketpair|connect|bind|sendto|sendmsg|setns|unshare|u?mount2?)\(/
      )
    }
    #expect(started.count == 1 && started.first?.contains("execve(") == true, "\(started)")
    let written = lines.filter { $0.contains(/\bwrite\(/) && !$0.contains(/\bwrite\([12],/) }
    #expect(written.isEmpty, "\(written)")
    let opened = lines.filter { $0.contains(/\bopen(at|at2)?\(/) && $0.contains(/O_(WRONLY|RDWR|CREAT)/) }
    #expect(opened.isEmpty, "\(opened)")
  }
}
