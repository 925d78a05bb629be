import Foundation
import NetworkTypes
import NetwrightTestSupport
import Plan
import Simulator
import Testing
import Views

/// What `--iptables-trace` prints is what the kernel logs for iptables' target TRACE.
@Suite struct RuleTraceTests {
  private static let yaml = """
    services:
      web: { networks: { front: { ipv4_address: 10.1.0.10 } } }
      far: { networks: { wan: { ipv4_address: 10.9.0.10 } } }
    networks:
      front: { ipam: { config: [{ subnet: 10.1.0.0/24 }] } }
      wan: { ipam: { config: [{ subnet: 10.9.0.0/24 }] } }
    host: { sysctls: { net.ipv4.ip_forward: 1 } }
    """

  /// The rules that `ruleset` has, in iptables' words; tracing begins in table raw, which isn't compared.
  private static let commands = #"""
    modprobe -a iptable_filter iptable_raw iptable_nat nf_log_syslog \
      xt_TRACE xt_LOG xt_tcpudp xt_conntrack xt_MASQUERADE ipt_REJECT
    sh "$DIR/lab.sh" up || exit
    iptables-legacy -N called
    iptables-legacy -A called -p icmp -m conntrack --ctstate NEW
    iptables-legacy -A FORWARD -j called
    iptables-legacy -A FORWARD -p tcp --dport 82 -j REJECT --reject-with icmp-port-unreachable
    iptables-legacy -A FORWARD -p tcp --dport 83 -j LOG --log-prefix 'seen: '
    iptables-legacy -A FORWARD -i br-front -o br-wan -j ACCEPT
    iptables-legacy -t nat -A POSTROUTING -s 10.1.0.0/24 -o br-wan -j MASQUERADE
    for chain in PREROUTING OUTPUT; do
      for protocol in icmp tcp; do iptables-legacy -t raw -A $chain -p $protocol -j TRACE; done
    done
    sleep 1
    ip netns exec web ping -c 1 -W 1 10.9.0.10 >/dev/null
    ip netns exec far ping -c 1 -W 1 10.9.0.1 >/dev/null
    ip netns exec web ping -c 1 -W 1 -s 20 10.9.0.10 >/dev/null
    ip netns exec web timeout 3 bash -c 'exec 3<>/dev/tcp/10.9.0.10/83' 2>/dev/null
    dmesg | sed -n 's/^.*TRACE: /TRACE: /p; s/^.*seen: /seen: /p'
    """#

  private static func ruleset() throws -> LoadRuleset {
    func value<Value: LosslessStringConvertible>(_ text: String) throws -> Value { try #require(Value(text)) }
    func rule(
      _ matches: [NetfilterMatch], log: NetfilterLog? = nil, _ verdict: NetfilterVerdict?
    ) throws -> NetfilterRule {
      NetfilterRule(
        matches, log: log, verdict, comment: try value("rule"),
        origin: Origin(subject: "rules", file: "lab.yaml", line: 1, column: 1))
    }
    func chain(_ name: String, _ base: NetfilterChain.Base?, _ rules: [NetfilterRule] = []) throws -> NetfilterChain {
      NetfilterChain(name: try value(name), base: base, rules: rules)
    }
    let (front, wan) = try (
      NetfilterSelection<InterfaceName>([value("br-front")]), NetfilterSelection<InterfaceName>([value("br-wan")])
    )
    return LoadRuleset(
      place: .host,
      tables: [
        NetfilterTable(
          family: .inet,
          chains: [
            try chain("called", nil, [rule([.icmp(.ipv4), .connectionState([.new])], nil)]),
            try chain(
              "forward", .init(.forward, .filter),
              [
                rule([], .jump(value("called"))),
                rule([.transport(.tcp), .destinationPort(.init([PortRange(82)]))], .reject(.portUnreachable)),
                rule(
                  [.transport(.tcp), .destinationPort(.init([PortRange(83)]))],
                  log: NetfilterLog(prefix: LogPrefix("seen: ")), nil),
                rule([.input(front), .output(wan)], .accept),
              ]),
            try chain("input", .init(.input, .filter)), try chain("output", .init(.output, .filter)),
            try chain("to", .init(.prerouting, .dstnat)), try chain("own-to", .init(.output, .dstnat)),
            try chain("own-from", .init(.input, .srcnat)),
            try chain(
              "from", .init(.postrouting, .srcnat),
              [rule([.source(.init([value("10.1.0.0/24")])), .output(wan)], .masquerade(ports: nil))]),
          ])
      ])
  }

  @Test func `the kernel logs the same lines`() throws {
    var lab = try #require(FilteredLab(Self.yaml))
    let outcome = try SecondKernel.run(Self.commands, files: ["lab.sh": lab.script])
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    lab.rulesets = [try Self.ruleset()]
    var kernel = lab.machine
    kernel.recorder.isOn = true
    let (web, far) = (lab.spaces[1].id, lab.spaces[2].id)
    #expect([lab.spaces[1].name, lab.spaces[2].name] == ["web", "far"])
    let target = try #require(IPAddress("10.9.0.10"))
    _ = kernel.ping(target, from: web)
    _ = kernel.ping(try #require(IPAddress("10.9.0.1")), from: far)
    var short = PingOptions()
    short.size = 20
    _ = kernel.ping(target, from: web, short)
    _ = kernel.connect(to: target, port: 83, .tcp, from: web)
    kernel.run(for: .milliseconds(1))
    let logged = kernel.loggedPackets.map { logText($0, in: kernel) }.joined(separator: "\n")
    let logOfKernel = outcome.output.split(separator: "\n").filter { $0.hasPrefix("seen: ") }.joined(separator: "\n")
    #expect(logged.hasPrefix("seen: IN=br-front OUT=br-wan MAC="), "\(logged)")
    #expect(Self.comparable(logged, "seen: ") == Self.comparable(logOfKernel, "seen: "))
    let simulated = Self.comparable(ruleTraceText(kernel.recorder.entries, in: kernel))
    let real = Self.comparable(outcome.output)
    #expect(real.count >= 30, "the kernel logged too little:\n\(outcome.output)")
    #expect(simulated == real, "\(simulated.difference(from: real))")
  }

  /// The lines without table raw, and without what chance decides: identifications, hardware addresses, ports, numbers.
  private static func comparable(_ text: String, _ prefix: String = "TRACE: ") -> [String] {
    text.split(separator: "\n").map(String.init).filter { $0.hasPrefix(prefix) && !$0.hasPrefix("TRACE: raw:") }
      .map { line in
        line.replacing(#/\b(ID|MAC|SPT|DPT|SEQ|ACK|WINDOW)=[0-9a-f:]+/#) { "\($0.output.1)=…" }
          .replacing(#/OPT \([0-9A-F]+\)/#) { _ in "OPT (…)" }
          .trimmingCharacters(in: .whitespaces)
      }
  }
}
