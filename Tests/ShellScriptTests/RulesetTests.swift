import NetworkTypes
import Plan
import ShellScript
import Testing

/// Rules of netfilter: in whose words they are loaded, and that they come and go with the network.
@Suite struct RulesetTests {
  private static let origin = Origin(subject: "network front", file: "lab.yaml", line: 7, column: 3)

  private static func rule(
    _ matches: [NetfilterMatch], _ verdict: NetfilterVerdict?, log: NetfilterLog? = nil
  ) throws -> NetfilterRule {
    NetfilterRule(matches, log: log, verdict, comment: try #require(RuleComment("why")), origin: origin)
  }

  private static func ruleset(_ rules: [NetfilterRule], in place: Place = .host) throws -> PlanOperation {
    let chain = NetfilterChain(
      name: try #require(ChainName("forward")), base: .init(.forward, .filter), rules: rules)
    return .loadRuleset(LoadRuleset(place: place, tables: [NetfilterTable(family: .inet, chains: [chain])]))
  }

  /// Matches and verdicts, and what nft(8) describes for them.
  private static func statements() throws -> [(NetfilterRule, String)] {
    let names = [interface("br-a"), interface("br-b")]
    func ports(_ texts: String..., negated: Bool = false) throws -> NetfilterSelection<PortRange> {
      NetfilterSelection(try texts.map { try #require(PortRange($0)) }, isNegated: negated)
    }
    func blocks(_ texts: String..., negated: Bool = false) -> NetfilterSelection<IPPrefix> {
      NetfilterSelection(texts.map(prefixValue), isNegated: negated)
    }
    func to(_ text: String, _ range: String? = nil) throws -> NetfilterTranslation {
      NetfilterTranslation(try #require(IPAddress(text)), ports: range.flatMap(PortRange.init))
    }
    return [
      (try rule([], .accept), "counter accept"), (try rule([.family(.ipv6)], .drop), "meta nfproto ipv6 counter drop"),
      (try rule([.input(.init([names[0]]))], .return), "iifname \"br-a\" counter return"),
      (
        try rule([.output(.init(names, isNegated: true))], nil, log: .init(prefix: LogPrefix("lost: "))),
        "oifname != { \"br-a\", \"br-b\" } counter log prefix \"lost: \""
      ),
      // A set takes no two elements that overlap.
      (
        try rule([.source(blocks("10.0.0.0/8", "10.1.0.0/16", "192.0.2.1/32"))], nil),
        "ip saddr { 10.0.0.0/8, 192.0.2.1 } counter"
      ), (try rule([.destination(blocks("fd00::/8", negated: true))], nil), "ip6 daddr != fd00::/8 counter"),
      (
        try rule([.transport(.tcp), .destinationPort(ports("443", "80", "81-90", "85"))], .reject(.tcpReset)),
        "tcp dport { 80-90, 443 } counter reject with tcp reset"
      ), (try rule([], .reject(.tcpReset)), "meta l4proto tcp counter reject with tcp reset"),
      (
        try rule([.transport(.sctp), .sourcePort(ports("9", negated: true))], .reject(.networkUnreachable)),
        "sctp sport != 9 counter reject with icmpx type no-route"
      ), (try rule([.transport(.udp)], .masquerade(ports: nil)), "meta l4proto udp counter masquerade"),
      (
        try rule([.icmp(.ipv6), .icmpType(.init([128, 129]))], nil),
        "meta l4proto ipv6-icmp icmpv6 type { 128, 129 } counter"
      ),
      (
        try rule([.connectionState([.established, .related]), .destinationWasTranslated(true)], nil),
        "ct state established,related ct status dnat counter"
      ),
      (
        try rule([.sourceIsLocal(false), .destinationIsLocal(true)], .redirect(ports: PortRange("8080"))),
        "fib saddr type != local fib daddr type local counter redirect to :8080"
      ),
      (
        try rule([.limit(.init(packets: 3, per: .hour, burst: 7))], .jump(try #require(ChainName("x")))),
        "limit rate 3/hour burst 7 packets counter jump x"
      ), (try rule([], .dnat(try to("fd00::2", "80"))), "counter dnat ip6 to [fd00::2]:80"),
      (try rule([], .snat(try to("10.0.0.2", "80-90"))), "counter snat ip to 10.0.0.2:80-90"),
      (try rule([], .snat(try to("fd00::2"))), "counter snat ip6 to fd00::2"),
    ]
  }

  @Test func `rules become the statements of the manual page`() throws {
    let statements = try Self.statements()
    var plans = Plans()
    plans.add(try Self.ruleset(statements.map(\.0)), "network front")
    for style in ScriptOptions.Style.allCases {
      let script = emitShellScript(try plans.plan(), options: ScriptOptions(style: style))
      let lines = script.split(separator: "\n").map(String.init)
      let first = try #require(lines.firstIndex(of: "table inet netwright-lab {"))
      #expect(
        Array(lines[first...].prefix(4 + statements.count)) == [
          "table inet netwright-lab {", "  chain forward {",
          "    type filter hook forward priority 0; policy accept;", "# network front (lab.yaml:7)",
        ] + statements.map { "    \($0.1) comment \"why\"" })
    }
  }

  /// The first listing is the table's as it was written, in nft's own words.
  @Test func `rules come with the network and go with it`() throws {
    var plans = Plans()
    plans.add(.addNamespace(AddNamespace(name: try #require(NamespaceName("edge")))), "router edge")
    let names = try #require(PortRange("80-90"))
    let rules = try [
      Self.rule([.connectionState([.established, .related])], .accept),
      Self.rule([.transport(.tcp), .destinationPort(.init([names, PortRange(443)]))], .reject(.tcpReset)),
      Self.rule([.destinationWasTranslated(false), .source(.init([prefixValue("10.0.0.0/8")]))], .drop),
    ]
    plans.add(try Self.ruleset(rules), "network front")
    plans.add(try Self.ruleset(Array(rules.prefix(1)), in: space("edge")), "router edge")
    try expectPass(
      try plans.plan(),
      #"""
      nft add table inet mine
      before=$(nft list ruleset)
      for style in fast plain; do
        check "$style up" dash $style.sh
        same "$style rules" 'table inet netwright-lab {
      	chain forward {
      		type filter hook forward priority filter; policy accept;
      		ct state established,related counter packets 0 bytes 0 accept comment "why"
      		tcp dport { 80-90, 443 } counter packets 0 bytes 0 reject with tcp reset comment "why"
      		ct status ! dnat ip saddr 10.0.0.0/8 counter packets 0 bytes 0 drop comment "why"
      	}
      }' "$(nft list table inet netwright-lab)"
        check "$style inside" grep -q established <(ip netns exec edge nft list table inet netwright-lab)
        check "$style again" dash $style.sh
        check "$style status" grep -q 'table inet netwright-lab of nftables$' <(dash status.sh)
        check "$style down" dash $([ $style = fast ] && echo $style.sh down || echo down.sh)
        same "$style leaves none" "$before" "$(nft list ruleset)"
      done
      nft add table inet netwright-lab
      before=$(nft list ruleset)
      check 'a table of that name' refuses 3 dash fast.sh
      check 'is named' grep -q 'table inet netwright-lab of nftables is there already' <(dash fast.sh 2>&1)
      same 'and left' "$before" "$(nft list ruleset)"
      nft delete table inet netwright-lab
      check up dash fast.sh
      nft delete table inet netwright-lab
      check 'missing' grep -q 'nftables: missing' <(dash fast.sh status)
      nft add table inet netwright-lab
      check 'replaced' grep -q 'nftables: replaced' <(dash fast.sh status)
      check down dash fast.sh down
      same 'the other stays' "$before" "$(nft list ruleset)"
      nft delete table inet netwright-lab
      mkdir bin
      for list in 'list tables' '-a list table'; do
        check up dash fast.sh
        printf '#!/bin/sh\ncase "$*" in "%s"*) exit 1 ;; esac\nexec %s "$@"\n' "$list" "$(command -v nft)" >bin/nft
        chmod +x bin/nft
        check "down without '$list'" refuses 3 env PATH="$DIR/bin:$PATH" dash fast.sh down
        check down dash fast.sh down
      done
      check 'the table is gone' [ -z "$(nft list tables | grep netwright)" ]
      """#)
  }

  /// The rules are more than a program takes as one argument.
  @Test func `chains are found among many of others`() throws {
    var plans = Plans()
    plans.add(.addNamespace(AddNamespace(name: try #require(NamespaceName("edge")))), "router edge")
    plans.add(try Self.ruleset([try Self.rule([], .accept)]), "network front")
    let plan = try plans.plan()
    try expectPass(
      plan, files: ["chains.sh": emitShellScript(plan, options: ScriptOptions(firewall: .iptables))],
      #"""
      {
        echo '*filter'
        for number in $(seq 4000); do
          echo "-A FORWARD -s 198.51.100.$((number % 250)) -d 203.0.113.$((number / 250)) -j ACCEPT"
        done
        echo COMMIT
      } | iptables-restore
      check 'they are many' [ "$(iptables-save | wc -c)" -gt 200000 ]
      chains() { iptables-save | grep -c '^:nw' || :; }
      for shell in "${shells[@]}"; do
        same "$shell up says no more" 'lab is up: 1 namespace' "$($shell chains.sh 2>&1)"
        check "$shell makes them" [ "$(chains)" -gt 0 ]
        check "$shell again" $shell chains.sh
        check "$shell status" $shell chains.sh status
        cp .check said
        check "$shell finds all" grep -x 'lab is up' said
        same "$shell down" 'lab is down' "$($shell chains.sh down 2>&1)"
        same "$shell leaves none" 0 "$(chains)"
      done
      """#)
  }

  @Test func `without nft nothing is begun`() throws {
    var plans = Plans()
    plans.add(.addNamespace(AddNamespace(name: try #require(NamespaceName("edge")))), "router edge")
    plans.add(try Self.ruleset([try Self.rule([], .accept)], in: space("edge")), "router edge")
    try expectPass(
      try plans.plan(),
      #"""
      mkdir "$DIR/few"
      for tool in sh dash id awk grep sed xargs find ls mkdir rm mv cat tail sleep rmdir ln kill ip sysctl mount umount; do
        path=$(command -v $tool) && ln -s "$path" "$DIR/few/$tool"
      done
      for style in fast plain; do
        check "$style is refused" refuses 3 env PATH="$DIR/few" dash -c "sed 's,:/usr/sbin:/sbin,,' $style.sh | dash"
        env PATH="$DIR/few" dash -c "sed 's,:/usr/sbin:/sbin,,' $style.sh | dash" 2>out
        check "$style says why" grep -q "'nft' is needed" out
      done
      """#)
  }
}
