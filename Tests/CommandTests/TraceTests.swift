import Foundation
import Testing

/// What `trace` tells, in each of its forms.
@Suite struct TraceTests {
  /// Two hosts on one bridge each, a router between them, and a tunnel beside.
  static let lab = """
    services:
      web: { networks: { left: { ipv4_address: 10.1.0.10 } } }
      near: { networks: { left: { ipv4_address: 10.1.0.11 } } }
      db: { networks: { right: { ipv4_address: 10.2.0.10 } }, expose: ["5432"] }
    routers:
      edge:
        networks: { left: { ipv4_address: 10.1.0.1 }, right: { ipv4_address: 10.2.0.1 } }
        routes: [{ to: 10.0.0.0/8, type: blackhole }]
        interfaces: { vx0: { type: vxlan, id: 42, local: 10.9.0.1, remote: 10.9.0.2, addresses: [10.88.0.1/24] } }
      far:
        interfaces: { vx0: { type: vxlan, id: 42, local: 10.9.0.2, remote: 10.9.0.1, addresses: [10.88.0.2/24] } }
    links: [{ endpoints: ["edge:up", "far:up"], subnet: 10.9.0.0/30 }]
    networks:
      left: { ipam: { config: [{ subnet: 10.1.0.0/24, gateway: 10.1.0.1 }] } }
      right: { ipam: { config: [{ subnet: 10.2.0.0/24, gateway: 10.2.0.1 }] } }

    """

  private func trace(_ words: String, status: Int32 = 0) throws -> String {
    let outcome = try Command.run("trace \(words) -f -", input: Self.lab)
    #expect(outcome.status == status, "\(outcome.output)\(outcome.errors)")
    return outcome.output
  }

  @Test func `as text, layer by layer`() throws {
    let text = try trace("web 10.2.0.10")
    // In the order in which they have to happen, by hand. Where the router is the bridge has known since it told its
    // groups, so nothing is learned of its reply.
    let expected = [
      "1. web: which way to 10.2.0.10?  [layer 3]", "the route default via 10.1.0.1 dev eth0 wins",
      "2. Who has 10.1.0.1? (ARP)  [between layers 2 and 3]",
      "eth0 sends 02:42:0a:01:00:0a > ff:ff:ff:ff:ff:ff  ARP, Request who-has 10.1.0.1 tell 10.1.0.10",
      "learns: 02:42:0a:01:00:0a is behind v-web-eth0",
      "ff:ff:ff:ff:ff:ff is a broadcast: flooded to v-edge-eth0, v-near-eth0",
      "br-left hears the question; 10.1.0.1 isn't its own: silence",
      "eth0 sends 02:42:0a:01:00:01 > 02:42:0a:01:00:0a  ARP, Reply 10.1.0.1 is-at 02:42:0a:01:00:01",
      "knows 02:42:0a:01:00:0a: out by v-web-eth0 alone", "notes: 10.1.0.1 is at 02:42:0a:01:00:01",
      "3. web to edge: a frame with the packet 10.1.0.10 > 10.2.0.10  [layer 2]",
      "4. edge: which way to 10.2.0.10?  [layer 3]",
      "the route 10.2.0.0/24 dev eth1 wins (more specific than blackhole 10.0.0.0/8), time to live 64 becomes 63",
      "5. Who has 10.2.0.10? (ARP)", "6. edge to db: a frame with the packet 10.1.0.10 > 10.2.0.10",
      "db        takes it in: IP 10.1.0.10 > 10.2.0.10: ICMP echo request, seq 1, length 64, ttl 63",
      "7. db: which way to 10.1.0.10?", "=> 10.2.0.10 answers: time to live 63, ",
    ]
    var rest = text[...]
    for line in expected {
      guard let range = rest.range(of: line) else {
        Issue.record("`\(line)` isn't in what is left:\n\(rest)")
        break
      }
      rest = rest[range.upperBound...]
    }
  }

  @Test func `a route wins by its length, then by its metric`() throws {
    let lab = """
      services:
        a:
          networks: { n: { ipv4_address: 10.7.0.9 } }
          routes: [{ to: 10.9.0.0/24, via: 10.7.0.2, metric: 100 }, { to: 10.9.0.0/24, via: 10.7.0.3, metric: 200 }]
        b: { networks: { n: { ipv4_address: 10.7.0.2, addresses: [10.9.0.1/24] } } }
      networks: { n: { ipam: { config: [{ subnet: 10.7.0.0/24 }] } } }

      """
    let text = try Command.run("trace a 10.9.0.1 -f -", input: lab).output
    let why =
      "more specific than default via 10.7.0.1 dev eth0, lower metric than 10.9.0.0/24 via 10.7.0.3 dev eth0 metric 200"
    #expect(text.contains("the route 10.9.0.0/24 via 10.7.0.2 dev eth0 wins (\(why)), time"), "\(text)")
  }

  @Test func `of many who hear a question the first are named`() throws {
    let names = (1...12).map { "n\($0)" }
    let lab = "services:\n" + names.map { "  \($0): { networks: [lan] }\n" }.joined() + "networks: { lan: {} }\n"
    let text = try Command.run("trace n1 n12 -f -", input: lab).output
    // The question goes to eleven ports and the bridge itself. All are silent but n12.
    #expect(text.contains("is a broadcast: flooded to "))
    #expect(text.contains("-eth0 and 8 others\n"))
    let silent = text.split(separator: "\n").filter { $0.hasSuffix("172.18.0.13 isn't its own: silence") }
    let others = text.split(separator: "\n").filter { $0.hasSuffix(" others hear it too: silence") }
    let counts = others.compactMap { $0.split(separator: " ").dropFirst(2).first.flatMap { Int($0) } }
    #expect(counts.count == others.count && !others.isEmpty)
    #expect(silent.count + counts.reduce(0, +) == 11, "\(text)")
    // Of few, all are told of.
    #expect(try !trace("web 10.2.0.10").contains("others"))
  }

  @Test func `a tunnel is a frame within a packet`() throws {
    let text = try trace("edge 10.88.0.2")
    #expect(text.contains("vx0 puts the frame into a datagram: ARP, Request who-has 10.88.0.2 tell 10.88.0.1"))
    #expect(text.contains("VXLAN, vni 42: IP 10.88.0.1 > 10.88.0.2: ICMP echo request"))
    #expect(text.contains("far: the tunnel vx0 (VXLAN)  [layer 2 within layer 3]"))
  }

  @Test func `what goes wrong is told where it does`() throws {
    let nobody = try trace("web 10.1.0.99", status: 1)
    #expect(nobody.contains("has asked in vain: gives 10.1.0.99 up"))
    #expect(nobody.hasSuffix("=> 10.1.0.10 says: Destination Host Unreachable\n"))
    #expect(try trace("web db:81/tcp", status: 1).hasSuffix("=> 10.2.0.10:81/tcp: Connection refused\n"))
    #expect(try trace("web 10.3.0.1", status: 1).contains("eth0 drops it: a blackhole route or rule"))
  }

  @Test(arguments: ["web 10.2.0.10", "edge 10.88.0.2", "web db:5432/tcp", "web 10.1.0.99"])
  func `as JSON, by the schema`(_ words: String) throws {
    let text = try trace("\(words) --format json", status: words.hasSuffix("99") ? 1 : 0)
    let outcome = try Command.validate(text, by: "trace-v1.schema.json")
    #expect(outcome.status == 0, "\(outcome.output)")
  }

  @Test func `as a sequence diagram`() throws {
    let lines = try trace("web 10.2.0.10 --format mermaid").split(separator: "\n").map(String.init)
    #expect(lines.first == "sequenceDiagram")
    // The grammar of what is used of it (mermaid, sequenceDiagram.jison): columns, arrows, notes; no `;`, no bare `#`.
    let statement = /\ \ (participant n\d+ as [^;#]+|n\d+->>n\d+: [^;#]+|Note (over|right of) n\d+: [^;#]+)/
    #expect(lines.dropFirst().allSatisfy { $0.wholeMatch(of: statement) != nil })
    #expect(lines.contains("  participant n1 as br-left"))
    #expect(lines.contains("  n1->>n2: ARP, Request who-has 10.1.0.1 tell 10.1.0.10"))
  }
}
