import NetworkTypes
import Plan
import ShellScript
import Testing

/// Scripts that are run for real, from nothing to up and back.
@Suite struct LifecycleTests {
  @Test(arguments: shells) func `up, up again and down leave no trace`(shell: String) throws {
    try expectPass(
      try Plans.everything(),
      """
      shell='\(shell)'
      """ + #"""

        before=$(snapshot)
        for style in fast plain; do
          check "$style up" $shell $style.sh
          up=$(snapshot)
          check "$style ping by name" ip netns exec web ping -c 1 -W 2 db
          check "$style ping the bridge over IPv6" ip netns exec web ping -c 1 -W 2 fd00:1::1
          check "$style own sysctl" grep -q 2 <(ip netns exec web cat /proc/sys/net/ipv4/conf/eth0/rp_filter)
          check "$style host sysctl" grep -q 1 /proc/sys/net/ipv4/ip_forward
          check "$style rule" grep -q '^50:.*from 10.1.0.0/24 lookup 100' <(ip -n web rule)
          check "$style IPv6 rule" grep -q '^51:.*fwmark 0x9 unreachable' <(ip -n web -6 rule)
          check "$style multipath" grep -q 'nexthop via 10.1.0.3 dev eth0 weight 2' <(ip -n web route show 10.9.0.0/16)
          check "$style on-link" grep -q 'via 192.0.2.1 dev eth0 src 10.1.0.2 onlink' <(ip -n web route show table 100)
          check "$style default" grep -q 'default via fd00:1::1' <(ip -n db -6 route)
          check "$style blackhole" grep -q 10.66.0.0/16 <(ip route show type blackhole)
          check "$style qdisc" grep -q 'tbf .* rate 10Mbit burst 5000b' <(tc -n web qdisc show dev eth1)
          check "$style no link-local on a port" refuses 1 grep -q fe80 <(ip -6 address show dev v-web)
          check "$style hosts" grep -q -x "10.1.0.3"$'\t'"db" /etc/netns/web/hosts
          check "$style status" $shell $style.sh status
          check "$style status without the plan" $shell status.sh
          sed 's/^digest=.*/digest=0/' $style.sh >other.sh
          output=$($shell other.sh status; echo "status $?")
          check "$style status of another plan" grep -q -x 'lab is up in another form' <<<"$output"
          check "$style its exit status" grep -q -x 'status 3' <<<"$output"
          output=$($shell $style.sh </dev/null)
          same "$style says that it is up" 'lab is already up: 2 namespaces, 1 bridge' "$output"
          same "$style up again changes nothing" "$up" "$(snapshot)"
          check "$style down" $shell $([ $style = fast ] && echo "$style.sh down" || echo down.sh)
          same "$style down leaves nothing" "$before" "$(snapshot)"
          check "$style status when down" refuses 3 $shell $style.sh status
          check "$style down again" $shell $style.sh down
        done
        check 'an unknown verb' refuses 2 $shell fast.sh sideways
        check 'two verbs' refuses 2 $shell fast.sh up down
        check 'help' $shell fast.sh help
        same 'nothing changed by that' "$before" "$(snapshot)"
        """#)
  }

  @Test func `both styles make the same network`() throws {
    try expectPass(
      try Plans.everything(),
      #"""
      look() {
        for at in '' '-n web' '-n db'; do
          ip $at -d link show | sed -E 's/[0-9a-f:]{17}|[0-9a-f.]+:[0-9a-f:]+|_timer +[0-9.]+|link-netnsid [0-9]|if[0-9]+|^[0-9]+: //g'
          ip $at address show | grep -o 'inet6\? [^ ]* \(brd [^ ]*\)\?' | grep -v fe80
          for family in -4 -6; do ip $at $family route show table all | grep -v fe80 | sort; ip $at $family rule; done
          tc $at qdisc show | sed 's/ [0-9a-f]*: / /'
        done
        cat /etc/netns/*/*
      }
      check up dash fast.sh
      sleep 1
      one=$(look)
      check down dash fast.sh down
      check up dash plain.sh
      sleep 1
      same 'fast and plain' "$one" "$(look)"
      check 'the other style knows it' grep -q 'already up' <(dash fast.sh)
      """#)
  }

  @Test func `a script read from standard input keeps it to itself`() throws {
    try expectPass(
      try Plans.containers(3),
      #"""
      before=$(snapshot)
      for shell in "${shells[@]}"; do
        check "$shell up" bash -c "cat fast.sh - <<<'touch eaten' | $shell"
        check "$shell ping" ip netns exec c0 ping -c 1 -W 2 172.17.0.4
        check "$shell down" bash -c "cat fast.sh | $shell -s down"
        check "$shell nothing after it ran" [ ! -e eaten ]
        same "$shell nothing is left" "$before" "$(snapshot)"
      done
      """#)
  }

  @Test func `many files are kept once`() throws {
    var plans = Plans()
    let names = try (0..<60).map { try #require(NamespaceName("n\($0)")) }
    for name in names { plans.add(.addNamespace(AddNamespace(name: name))) }
    let line = String(repeating: "x", count: 999)
    plans.add(
      .writeNamespaceFile(
        WriteNamespaceFile(
          namespaces: names, file: .hosts, lines: Array(repeating: line, count: 1120) + ["192.0.2.1 end"])))
    try expectPass(
      try plans.plan(),
      #"""
      before=$(snapshot)
      check up dash fast.sh
      check 'the file is there' grep -q '192.0.2.1 end' /etc/netns/n59/hosts
      check 'it is a link' [ -L /etc/netns/n7/hosts ]
      check 'names resolve' grep -q 192.0.2.1 <(ip netns exec n7 getent hosts end)
      check down dash fast.sh down
      same 'nothing is left' "$before" "$(snapshot)"
      """#)
  }
}
