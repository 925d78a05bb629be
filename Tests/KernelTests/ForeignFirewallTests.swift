import Netwright
import NetwrightTestSupport
import Testing

/// Chains of others with a policy of drop, as Docker's FORWARD has: `up` says what they are in the way of, and carrying
/// out what it says lets it through.
@Suite struct ForeignFirewallTests {
  private static let laboratory = """
    name: lab
    services:
      a: { networks: [a] }
      a2: { networks: [a] }
      b: { networks: [b], ports: ["8080:80"] }
      r: { networks: [routed] }
      r2: { networks: [routed] }
    routers: { edge: { networks: { routed: { ipv4_address: 10.9.3.1 } } } }
    networks:
      a: { ipam: { config: [{ subnet: 10.9.1.0/24 }] }, driver_opts: { com.docker.network.bridge.name: A } }
      b: { ipam: { config: [{ subnet: 10.9.2.0/24 }] }, driver_opts: { com.docker.network.bridge.name: B } }
      routed:
        ipam: { config: [{ subnet: 10.9.3.0/24, gateway: 10.9.3.1 }] }
        driver_opts: { com.docker.network.bridge.name: R }
    host: { interfaces: { eth0: { address: 192.0.2.10/24, gateway: 192.0.2.1 } } }

    """

  /// What the machine has, and how its chain is named.
  struct Machine: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var rules: String
    var name: String
    /// What the remedy begins with.
    var remedy: String
    /// What must be out of the script's reach.
    var lacks = ""
  }

  static let machines = [
    Machine(
      testDescription: "nftables",
      rules: """
        nft add table ip filter
        nft add chain ip filter FORWARD '{ type filter hook forward priority 0; policy drop; }'
        """,
      name: "chain FORWARD of the table ip filter of nftables", remedy: "nft insert rule ip filter FORWARD iifname"),
    Machine(
      testDescription: "a firewall of both families",
      rules: """
        nft add table inet wall
        nft add chain inet wall pass '{ type filter hook forward priority 10; policy drop; }'
        nft add rule inet wall pass iifname '"A"' tcp dport 443 accept
        """,
      name: "chain pass of the table inet wall of nftables", remedy: "nft insert rule inet wall pass iifname"),
    Machine(
      testDescription: "Docker",
      rules: """
        iptables -N DOCKER-USER
        iptables -A FORWARD -j DOCKER-USER
        iptables -P FORWARD DROP
        """,
      name: "chain FORWARD of the table ip filter of nftables", remedy: "iptables -I DOCKER-USER -i"),
    Machine(
      testDescription: "Docker without nft",
      rules: """
        iptables -N DOCKER-USER
        iptables -A FORWARD -j DOCKER-USER
        iptables -P FORWARD DROP
        """,
      name: "chain FORWARD of iptables", remedy: "iptables -I DOCKER-USER -i", lacks: "nft"),
    Machine(
      testDescription: "iptables without nft", rules: "iptables -P FORWARD DROP", name: "chain FORWARD of iptables",
      remedy: "iptables -A FORWARD -i", lacks: "nft"),
    Machine(
      testDescription: "the older iptables", rules: "iptables-legacy -P FORWARD DROP",
      name: "chain FORWARD of iptables-legacy", remedy: "iptables-legacy -I FORWARD -i"),
  ]

  @Test(arguments: machines, [false, true])
  func `what is in the way is named, and how to let it through`(_ machine: Machine, bridgesToNetfilter: Bool) throws {
    // Without nft the network's own rules are chains of iptables, which accept what stays within a network.
    let hasNft = machine.lacks != "nft"
    let saysWithin = hasNft && bridgesToNetfilter
    try run(
      bridgesToNetfilter ? .fast : .plain, hasNft ? .nftables : .iptables,
      """
      up() { PATH=${few-$PATH} \(bridgesToNetfilter ? "dash" : "busybox sh") lab.sh; }
      rules() {
        nft list ruleset | sed 's/packets [0-9]* bytes [0-9]*/counted/'
        iptables-legacy-save | grep -v -e '^#' -e '^:'
      }
      if \(!hasNft); then
        few=$DIR/few
        mkdir "$few"
        ln -s /usr/bin/* "$few"
        ln -s /usr/sbin/* "$few" 2>/dev/null
        rm "$few/nft"
        sed -i 's,:/usr/sbin:/sbin,,' lab.sh
        # Empty chains of the kernel's hooks stay, as always with iptables.
        rules() { iptables-save | grep -e '^-A' -e '^:[FD]' | sed 's/ \\[.*//'; }
      fi
      echo \(bridgesToNetfilter ? 1 : 0) | tee /proc/sys/net/bridge/bridge-nf-call-iptables >/proc/sys/net/bridge/bridge-nf-call-ip6tables
      \(machine.rules)
      before=$(rules)
      up 2>warned >/dev/null || same 'up' 0 $?
      up 2>again >/dev/null || same 'up again' 0 $?
      same 'nothing is said of what is up' '' "$(cat again)"
      same 'it is said once' 2 "$(wc -l <warned)"
      check 'the chain is named' grep -q -F 'netwright: lab: \(machine.name) drops' warned
      same 'what stays within a bridge' \(saysWithin ? 1 : 0) "$(grep -c 'what stays within one (net.bridge.bridge-nf-call-iptables is 1)' warned)"
      check 'the remedy' grep -q -F '\(machine.remedy)' warned
      check 'the devices' grep -q -F 'for d in \(saysWithin ? "A B R" : "A B"); do' warned
      check down sh lab.sh down
      same 'of the others nothing is touched' "$before" "$(rules)"
      check up up
      listen_everywhere
      answers 'in the way' \(saysWithin ? "cut" : "apart")
      sed -n '2s/^netwright: lab: //p' warned >remedy
      check 'it is carried out' sh remedy
      answers 'let through' reached
      stop_listening
      check down sh lab.sh down
      up 2>warned >/dev/null || same 'up with the remedy' 0 $?
      same 'nothing is left to say' '' "$(cat warned)"
      check down sh lab.sh down
      """)
  }

  @Test func `where nobody drops nothing is said`() throws {
    for style in ScriptStyle.allCases {
      try run(
        style, .nftables,
        """
        echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables
        nft add table ip filter
        nft add chain ip filter FORWARD '{ type filter hook forward priority 0; policy accept; }'
        nft add chain ip filter INPUT '{ type filter hook input priority 0; policy drop; }'
        # IPv6 has no part in the network.
        nft add table ip6 filter
        nft add chain ip6 filter FORWARD '{ type filter hook forward priority 0; policy drop; }'
        sh lab.sh 2>warned >/dev/null || same up 0 $?
        same quiet '' "$(cat warned)"
        check 'up twice' sh lab.sh
        check down sh lab.sh down
        """)
    }
  }

  private func run(_ style: ScriptStyle, _ firewall: ScriptFirewall, _ text: String) throws {
    let compilation = compile([Input(name: "lab.yaml", bytes: Array(Self.laboratory.utf8))])
    let findings = try compilation.findings(as: .text)
    #expect(!compilation.hasErrors, "\(findings)")
    let files = [
      "lab.sh": try #require(compilation.script(style: style, firewall: firewall)), "reach.py": Reach.program,
      "reached": """
      a 192.0.2.1 80 -> ok 192.0.2.10
      a 10.9.1.3 80 -> ok 10.9.1.2
      a 192.0.2.10 8080 -> ok 10.9.2.1
      outside 192.0.2.10 8080 -> ok 192.0.2.1
      r 10.9.3.3 80 -> ok 10.9.3.2
      a 10.9.2.2 80 -> timeout

      """,
      "apart": """
      a 192.0.2.1 80 -> timeout
      a 10.9.1.3 80 -> ok 10.9.1.2
      r 10.9.3.3 80 -> ok 10.9.3.2
      outside 192.0.2.10 8080 -> timeout

      """,
      "cut": """
      a 192.0.2.1 80 -> timeout
      a 10.9.1.3 80 -> timeout
      r 10.9.3.3 80 -> timeout
      outside 192.0.2.10 8080 -> timeout

      """,
    ]
    let outcome = try KernelSandbox.run(
      Reach.functions + "beyond 192.0.2.10/24 192.0.2.1/24 2001:db8::10/64 2001:db8::1/64\n" + text, files: files,
      seconds: 120)
    #expect(
      outcome.status == 0 && outcome.output.hasSuffix("passed\n"),
      "\(outcome.output)\(outcome.errors)")
  }
}
