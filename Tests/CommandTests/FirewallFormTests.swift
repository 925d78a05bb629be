import Testing

/// What is carried out in the simulator with the rules as iptables has them.
@Suite struct FirewallFormTests {
  /// What db tells of its IPv6 groups is the one packet that may leave it, by a rule of nft's, which is for both families.
  ///
  /// Where iptables and ip6tables have a rule each, one of IPv4 may leave too.
  private static let limited = """
    services:
      web: { networks: { lan: { ipv4_address: 10.0.0.7 } } }
      db:
        networks: { lan: { ipv4_address: 10.0.0.8 } }
        firewall: { output: { policy: drop, rules: [{ limit: 1/day burst 1, action: accept }] } }
    networks: { lan: { enable_ipv6: true, ipam: { config: [{ subnet: 10.0.0.0/24 }, { subnet: "fd00::/64" }] } } }
    checks: [{ from: db, to: 10.0.0.7, expect: reachable }]

    """

  @Test func `checks are tried with the rules that are asked for`() throws {
    for (words, status) in [("", 1), (" --firewall nftables", 1), (" --firewall iptables", 0)] as [(String, Int32)] {
      let outcome = try Command.run("test -f -\(words)", input: Self.limited)
      #expect(outcome.status == status, "\(words): \(outcome.output)\(outcome.errors)")
    }
  }

  @Test func `dry runs load them so, and take them away`() throws {
    for form in ["nftables", "iptables"] {
      let up = try Command.run("up --dry-run --firewall \(form) -f -", input: Self.limited)
      #expect(up.status == 0 && up.output.hasSuffix("all would go well\n"), "\(up.output)\(up.errors)")
      let down = try Command.run("down --dry-run --firewall \(form) -f -", input: Self.limited)
      #expect(down.status == 0 && down.output.hasSuffix("and the machine is as it was\n"), "\(down.errors)")
    }
  }

  @Test func `it is a mistake where the rules are those of a network that is up`() throws {
    for words in ["down --firewall iptables -f -", "test --live --firewall iptables -f -"] {
      let outcome = try Command.run(words, input: Self.limited)
      #expect(outcome.status == 2 && outcome.errors.contains("--firewall is for "), "\(outcome.errors)")
    }
  }
}
