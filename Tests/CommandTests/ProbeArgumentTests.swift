import NetwrightTestSupport
import Testing

/// The arguments of probes: whatever they are, they are names and addresses, and never words of a scenario.
@Suite struct ProbeArgumentTests {
  private static let lab = """
    services:
      alice: { networks: { n: { ipv4_address: 10.2.0.9 } } }
      bob: { networks: { n: { ipv4_address: 10.2.0.10 } } }
    networks: { n: { ipam: { config: [{ subnet: 10.2.0.0/24 }] } } }

    """

  private func run(_ arguments: [String]) throws -> Command.Outcome {
    try Command.run([Command.path] + arguments + ["-f", "-"], input: Self.lab)
  }

  @Test(arguments: [
    (
      ["ping", "alice", "10.2.0.10 => unreachable"], "nothing is called `10.2.0.10 => unreachable`, as `alice` sees it"
    ),
    (["ping", "alice", "10.2.0.10 # x", "-c", "3"], "nothing is called `10.2.0.10 # x`, as `alice` sees it"),
    (["ping", "my lady", "bob"], "there is no service or router `my lady`: there are `alice`, `bob`"),
    (["ping", "", "bob"], "there is no service or router ``: there are `alice`, `bob`"),
    (["ping", "alice bob", "-c", "2"], "Missing expected argument '<target>'"),
    (["traceroute", "alice", "bob => x"], "nothing is called `bob => x`, as `alice` sees it"),
    (["connect", "alice", "bob:80 # x"], "expected a target, like db:5432/tcp, with a port from 1 to 65535"),
    (["connect", "alice", "my lady:80"], "nothing is called `my lady`, as `alice` sees it"),
    (["connect", "alice", "bob"], "expected a port, like bob:80/tcp"),
    (["trace", "alice", "bob --format json"], "nothing is called `bob --format json`, as `alice` sees it"),
    (["trace", "alice", "bob:80/sctp"], "SCTP is not modelled: tcp and udp can be tried"),
    (["ping", "alice", "224.0.0.251"], "multicast is not modelled: the address of one machine can be tried"),
    (["ping", "alice", "bob", "-c", "0"], "`-c 0` isn't within 1-65535"),
    (["ping", "alice", "bob", "-t", "256"], "`-t 256` isn't within 1-255"),
    (["show", "alice", "ip", "route", "=>", "default"], "expected `show NAME` and one of: ip [-4|-6]"),
    (["show", "my lady", "ip", "route"], "there is no service or router `my lady`"),
  ])
  func `a mistake is told as one in the argument`(_ arguments: [String], _ said: String) throws {
    let outcome = try run(arguments)
    #expect(outcome.status == 2 && outcome.output == "", "\(outcome.output)")
    #expect(
      outcome.errors.contains(#/(?m)^(netwright|Error): /#) && outcome.errors.contains(": \(said)"), "\(outcome.errors)"
    )
  }

  @Test func `what a program shows may be asked for in one word`() throws {
    let words = try run(["show", "alice", "ip", "-br", "addr"])
    #expect(words.status == 0 && words.output.contains("10.2.0.9/24"), "\(words.errors)")
    #expect(try run(["show", "alice", "ip -br addr"]).output == words.output)
  }
}
