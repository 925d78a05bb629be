import Foundation
import Testing

/// Scenarios: steps that say what is expected of them, and what is wrong with a line.
@Suite struct ScenarioFileTests {
  private func simulate(_ scenario: String, _ yaml: String) throws -> Command.Outcome {
    let folder = FileManager.default.temporaryDirectory.appending(path: "netwright-scenario-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try scenario.write(to: folder.appending(path: "failover.txt"), atomically: false, encoding: .utf8)
    return try Command.run("simulate -f - --scenario failover.txt", input: yaml, in: folder.path)
  }

  private static let pair = """
    services:
      web: { networks: { lan: { ipv4_address: 10.0.0.7 } } }
      db: { networks: { lan: { ipv4_address: 10.0.0.8 } }, expose: ["5432"] }
    networks: { lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } } }

    """

  @Test func `what is expected comes about`() throws {
    let outcome = try simulate(
      """
      # db's cable is pulled, and the tables age.
      ping web db                                => reachable
      connect web db:5432/tcp                    => reachable
      connect web db:81/tcp                      => refused
      show host bridge fdb                       => 02:42:0a:00:00:08 dev v-db-eth0 master br-lan
      set db eth0 down      # the cable
      wait 40s
      ping web db                                => filtered
      wait 10s              # asked again in vain
      ping web db                                => unreachable
      ping web db                                => not reachable
      show web ip neigh                          => FAILED
      wait 5m
      show host bridge fdb                       => not 02:42:0a:00:00:08 dev v-db-eth0
      """, Self.pair)
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.output.contains("$ set db eth0 down\n$ wait 40s\n"))
  }

  @Test func `what isn't expected doesn't`() throws {
    let outcome = try simulate("ping web db => not reachable", Self.pair)
    #expect(outcome.status == 1 && outcome.output.hasSuffix("\nexpected not reachable, and it is reachable\n"))
    #expect(try simulate("ping web db => not filtered", Self.pair).status == 0)
    #expect(try simulate("show web ip neigh => not reachable", Self.pair).status == 2)
  }

  @Test func `lines may end as Windows ends them`() throws {
    let scenario = "\u{feff}# both\r\nping web db => reachable\r\n\r\nping web db\r\nwait soon\r\n"
    let outcome = try simulate(scenario, Self.pair)
    #expect(outcome.errors.hasPrefix("netwright: failover.txt:5:6: expected a time"), "\(outcome.errors)")
    let good = try simulate(scenario.replacing("soon", with: "1s"), Self.pair)
    #expect(good.status == 0 && good.output.contains("$ ping web db\n"), "\(good.output)\(good.errors)")
    #expect(!good.output.contains("\r"))
  }

  @Test func `a long run of pings takes no longer than its packets do`() throws {
    // A minute is for a busy machine, and too little for what looks at all of them at each answer.
    let words = ["timeout", "60", Command.path, "simulate", "-f", "-", "ping web db -c 16000"]
    let outcome = try Command.run(words, input: Self.pair)
    #expect(outcome.status == 0 && outcome.output.contains("16000 packets transmitted, 16000 received"))
  }

  @Test func `a scenario that can't be read is a file that can't be read`() throws {
    let outcome = try Command.run("simulate -f - --scenario nowhere.txt", input: Self.pair)
    #expect(outcome.status == 1 && outcome.errors == "netwright: nowhere.txt: No such file or directory\n")
  }

  @Test func `what comes otherwise is said, and ends with 1`() throws {
    let outcome = try simulate("ping web db => refused\nshow web ip route => 10.9.0.0/16\n", Self.pair)
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("expected refused, and it is reachable\n"))
    #expect(outcome.output.contains("expected `10.9.0.0/16`\n"))
  }

  @Test(arguments: [
    (
      "ping web db\n  wait soon",
      "failover.txt:2:8: expected a time of at most a day, like `wait 30s`, `wait 5m` or `wait 1h`\n  |\n2 |   wait soon\n  |        ^^^^\n"
    ),
    ("fly web", "failover.txt:1:1: `fly` is none of ping, traceroute, connect, trace, set, listen, wait, show\n"),
    (
      "\n\nping web db -q 1",
      "failover.txt:3:13: `-q 1` is none of -c 1-65535, -s 0-65507, -t 1-255, -W 1-3600 (seconds), -M do\n"
    ),
    ("connect web db", "failover.txt:1:13: expected a port, like db:80/tcp\n"),
    (
      "connect web db:+80",
      "failover.txt:1:13: expected a target, like db:5432/tcp, with a port from 1 to 65535\n  |\n1 | connect web db:+80\n"
    ),
    ("listen db +80", "failover.txt:1:1: expected `listen NAME PORT/tcp` or `/udp`"),
    ("wait +5m", "failover.txt:1:6: expected a time of at most a day"),
    ("ping web ff02::1", "failover.txt:1:10: multicast is not modelled: the address of one machine can be tried\n"),
    ("connect web db:5432/sctp", "failover.txt:1:13: SCTP is not modelled: tcp and udp can be tried\n"),
    ("trace web db:5432/sctp", "failover.txt:1:11: SCTP is not modelled: tcp and udp can be tried\n"),
    ("listen db 5432/sctp", "failover.txt:1:11: SCTP is not modelled: tcp and udp can be tried\n"),
    ("show web everything", "failover.txt:1:1: expected `show NAME` and one of: ip [-4|-6]"),
    ("wait 3s => reachable", "failover.txt:1:1: only ping and connect are reachable, refused, filtered, unreachable"),
  ])
  func `errors stand at their line and column`(_ scenario: String, _ message: String) throws {
    let outcome = try simulate(scenario, Self.pair)
    #expect(outcome.status == 2 && outcome.errors.contains(message), "\(outcome.errors)")
    #expect(outcome.output == "")
  }

  @Test func `a check about SCTP is not tried, and fails`() throws {
    let check = "checks: [{ from: web, to: \"db:5432/sctp\", expect: reachable }]\n"
    let yaml = Self.pair.replacing("\"5432\"", with: "\"5432/sctp\"") + check
    let outcome = try Command.run("test -f -", input: yaml)
    #expect(outcome.status == 1, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.output.contains("SCTP is not modelled"), "\(outcome.output)")
    #expect(outcome.output.contains(", 0 failed, 1 not tried\n"), "\(outcome.output)")
  }

  @Test func `a check about a group is not tried, and fails`() throws {
    let outcome = try Command.run(
      "test -f -", input: Self.pair + "checks: [{ from: web, to: 224.0.0.251, expect: reachable }]\n")
    #expect(outcome.status == 1, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.output.contains("multicast is not modelled"), "\(outcome.output)")
    #expect(outcome.output.contains(", 0 failed, 1 not tried\n"), "\(outcome.output)")
  }

  @Test func `a storm is found, named and stopped`() throws {
    // Three bridges on a machine whose cables make a ring, each of which the plan doesn't know; a real one would choke.
    var devices = [
      #"{"ifindex":1,"ifname":"lo","flags":["UP","LOOPBACK","LOWER_UP"],"mtu":65536,"link_type":"loopback"}"#
    ]
    for bridge in 0..<3 {
      devices.append(
        #"{"ifindex":\#(10 + bridge),"ifname":"br\#(bridge)","flags":["UP"],"mtu":1500,"address":"02:00:00:00:01:0\#(bridge)","linkinfo":{"info_kind":"bridge","info_data":{"stp_state":0}},"addr_info":[{"family":"inet","local":"10.9.\#(bridge).1","prefixlen":24,"scope":"global"}]}"#
      )
      for (number, name, peer, master) in [
        (20 + 2 * bridge, "a\(bridge)", "b\(bridge)", "br\(bridge)"),
        (21 + 2 * bridge, "b\(bridge)", "a\(bridge)", "br\((bridge + 1) % 3)"),
      ] {
        devices.append(
          #"{"ifindex":\#(number),"ifname":"\#(name)","flags":["UP"],"mtu":1500,"link":"\#(peer)","master":"\#(master)","address":"02:00:00:00:02:\#(number)","linkinfo":{"info_kind":"veth"}}"#
        )
      }
    }
    let host =
      #"{"version":1,"namespaces":[{"name":null,"devices":[\#(devices.joined(separator: ","))],"routes":[{"dst":"10.9.0.0/24","dev":"br0","protocol":"kernel","scope":"link","prefsrc":"10.9.0.1"}]}]}"#
    let folder = FileManager.default.temporaryDirectory.appending(path: "netwright-storm-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try host.write(to: folder.appending(path: "host.json"), atomically: false, encoding: .utf8)
    let outcome = try Command.run(
      "ping host 10.9.0.77 -f - --host host.json", input: "services: { solo: { network_mode: none } }\n",
      in: folder.path)
    #expect(outcome.status == 1)
    let line = outcome.output.split(separator: "\n").first { $0.hasPrefix("broadcast storm: ") }.map(String.init) ?? ""
    for bridge in ["br0", "br1", "br2"] { #expect(line.contains(bridge), "\(outcome.output)\(outcome.errors)") }
  }

  @Test func `a storm through tunnels ends too`() throws {
    // Two bridges, joined by a cable and by a tunnel over another link: a ring that no cable shows.
    let yaml = """
      routers:
        a:
          interfaces:
            vx0: { type: vxlan, id: 7, local: 10.50.0.1, remote: 10.50.0.2 }
            br0: { type: bridge, members: [vx0, wire], addresses: [10.88.0.1/24] }
        b:
          interfaces:
            vx0: { type: vxlan, id: 7, local: 10.50.0.2, remote: 10.50.0.1 }
            br0: { type: bridge, members: [vx0, wire], addresses: [10.88.0.2/24] }
      links:
        - { endpoints: ["a:under", "b:under"], subnet: 10.50.0.0/30, mtu: 1600 }
        - { endpoints: ["a:wire", "b:wire"] }

      """
    let outcome = try Command.run([Command.path, "ping", "a", "10.88.0.9", "-f", "-"], input: yaml)
    let said = outcome.output + outcome.errors
    #expect(outcome.status == 1 && said.contains("broadcast storm: a frame goes round for ever: br0"), "\(said)")
  }

  @Test(arguments: [
    (["ping", "alise", "bob"], "there is no service or router `alise`: did you mean `alice`?"),
    (["ping", "alice", "bobb"], "nothing is called `bobb`, as `alice` sees it: did you mean `bob`?"),
    (["connect", "alice", "databas:80/tcp"], "did you mean `database`?"),
    (["show", "zoe", "ip", "route"], "there is no service or router `zoe`: there are `alice`, `bob`"),
    (["exec", "bobb", "--", "true"], "no service or router with a namespace of its own: did you mean `bob`?"),
  ])
  func `a name that nobody has comes with those that there are`(_ words: [String], _ said: String) throws {
    let yaml = """
      services: { alice: { networks: [n] }, bob: { networks: { n: { aliases: [database] } } } }
      networks: { n: {} }
      """
    let arguments = words.first == "exec" ? ["exec", "-f", "-"] + words.dropFirst() : words + ["-f", "-"]
    let outcome = try Command.run([Command.path] + arguments, input: yaml)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(said), "\(outcome.errors)")
  }
}
