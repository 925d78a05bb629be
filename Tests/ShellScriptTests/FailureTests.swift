import NetworkTypes
import NetwrightTestSupport
import Plan
import ShellScript
import Testing

/// What a script does when something goes wrong half-way.
@Suite struct FailureTests {
  @Test(arguments: ScriptOptions.Style.allCases)
  func `a failure at any step undoes everything`(style: ScriptOptions.Style) throws {
    try expectPass(
      try Plans.everything(),
      StandIn.use + "style=\(style.rawValue)\n" + #"""
        before=$(snapshot)
        step=0
        while [ $step -lt 200 ]; do
          step=$((step + 1))
          echo $step >fail-at
          status=0
          script dash $style.sh >out 2>&1 || status=$?
          [ -e fail-at ] && break
          [ $status = 3 ] || { echo "step $step: status $status"; cat out; failures=1; }
          grep -q 'Injected failure' out && grep -q 'from .* (lab.yaml:' out ||
            { echo "step $step: no cause"; cat out; failures=1; }
          same "step $step is undone" "$before" "$(snapshot)"
          [ $failures = 0 ] || exit 1
        done
        check 'all steps were tried' [ $step -gt 40 ]
        check 'in the end it is up' [ $status = 0 ]
        rm -f fail-at
        check down dash $style.sh down
        same 'nothing is left' "$before" "$(snapshot)"
        """#)
  }

  @Test func `a failure names the line, the command and the cause`() throws {
    try expectPass(
      try Plans.containers(2),
      StandIn.use + #"""
        echo 16 >fail-at
        script dash fast.sh >out 2>&1
        grep -v undoing out >rest
        same message 'netwright: lab: RTNETLINK answers: Injected failure
        netwright: lab: failed: ip -n c1 address add 172.17.0.3/16 brd + dev eth0, from service c1 (lab.yaml:21)' "$(cat rest)"
        """#)
  }

  @Test func `a parameter that the kernel hasn't got is named`() throws {
    var plan = try Plans.containers(2)
    let origin = try #require(plan.steps.last).origin
    let key = try #require(SysctlKey("net.ipv4.unheard_of"))
    plan.steps.append(Step(.setSysctl(SetSysctl(place: space("c1"), key: key, value: "1")), origin: origin))
    try expectPass(
      plan,
      #"""
      check 'it fails' refuses 3 sh fast.sh
      cp .check said
      check 'it says why' grep -F 'failed: ip netns exec c1 sh -e: printf' said
      check 'in the plain style too' refuses 3 sh plain.sh
      cp .check said
      check 'it says why' grep -F 'unheard_of' said
      """#)
  }

  @Test func `a failure or a signal while namespaces are set up side by side undoes everything`() throws {
    var plan = try Plans.containers(40)
    let bad = AddRoute(
      place: space("c17"), destination: prefixValue("10.0.0.0/8"),
      action: .unicast([NextHop(gateway: IPAddress("192.0.2.1"), device: nil)]))
    let last = try #require(
      plan.steps.lastIndex { step in
        if case .addRoute(let route) = step.operation { route.place == space("c17") } else { false }
      })
    plan.steps.insert(Step(.addRoute(bad), origin: plan.steps[last].origin), at: last + 1)
    try expectPass(
      plan, files: ["good.sh": emitShellScript(try Plans.containers(40))],
      StandIn.use + #"""
        check 'it has lanes' grep -q '^lane=4' fast.sh
        before=$(snapshot)
        for shell in "${shells[@]}"; do
          check "$shell fails" refuses 3 $shell fast.sh
          cp .check said
          check "$shell names it" grep 'failed: ip -n c17 route add 10.0.0.0/8 via 192.0.2.1, from service c17' said
          same "$shell is undone" "$before" "$(snapshot)"
          touch slow
          check "$shell is interrupted" refuses 130 script timeout --preserve-status -s INT 2 $shell good.sh
          same "$shell is undone after a signal" "$before" "$(snapshot)"
          rm slow
          check "$shell up" $shell good.sh
          check "$shell ping" ip netns exec c39 ping -c 1 -W 2 172.17.0.2
          check "$shell down" $shell good.sh down
          same "$shell leaves nothing" "$before" "$(snapshot)"
        done
        """#)
  }

  @Test func `a signal leaves no lock that has just been made`() throws {
    try expectPass(
      try Plans.containers(1),
      #"""
      before=$(snapshot)
      # As on a machine that is so busy that the signal comes between the making of the lock and the next line.
      sed '/^ .*set -C/ s/: >"$lock"/& \&\& sleep 1/' fast.sh >busy.sh
      check 'the place is known' refuses 1 cmp -s fast.sh busy.sh
      for shell in "${shells[@]}"; do
        check "$shell is ended" refuses 129 timeout --preserve-status -s HUP 0.5 $shell busy.sh
        same "$shell leaves nothing" "$before" "$(snapshot)"
      done
      """#)
  }

  @Test(arguments: [("INT", 130), ("TERM", 143), ("HUP", 129)])
  func `a signal undoes what was done`(signal: String, status: Int) throws {
    try expectPass(
      try Plans.containers(3),
      StandIn.use + "signal=\(signal); status=\(status)\n" + #"""
        before=$(snapshot)
        touch slow
        for shell in "${shells[@]}"; do
          for style in fast plain; do
            for time in 0.4 0.9 1.5; do
              check "$shell $style after $time s" refuses $status script timeout --preserve-status -s $signal $time $shell $style.sh
              same "$shell $style after $time s is undone" "$before" "$(snapshot)"
            done
          done
        done
        """#)
  }

  @Test func `after a kill, down and up put things right`() throws {
    try expectPass(
      try Plans.everything(),
      StandIn.use + #"""
        before=$(snapshot)
        touch slow
        for time in 0.4 1.3; do
          (PATH="$DIR/bin:$PATH" exec dash fast.sh >/dev/null 2>&1) &
          sleep $time
          kill -9 $! && wait $! 2>/dev/null
          # A program that the dead script started may still be at work; what comes next must wait for it.
          check "down after $time s" script dash down.sh
          sleep 0.4
          same "nothing is left after $time s" "$before" "$(snapshot)"
          (PATH="$DIR/bin:$PATH" exec dash fast.sh >/dev/null 2>&1) &
          sleep $time
          kill -9 $! && wait $! 2>/dev/null
          check "status after $time s" refuses 3 dash status.sh
          check "up after $time s" script dash fast.sh
          check "whole after $time s" dash fast.sh status
          check "ping after $time s" ip netns exec web ping -c 1 -W 2 db
          check "down again" dash fast.sh down
          same "nothing is left" "$before" "$(snapshot)"
        done
        """#)
  }

  @Test func `a truncated script does nothing`() throws {
    try expectPass(
      try Plans.containers(1),
      #"""
      before=$(snapshot)
      mkdir canary
      for tool in ip mkdir rm cat awk sed grep find mount id sh sleep ls mv; do
        printf '#!/bin/sh\n: >"$DIR/hit"\n' >canary/$tool
        chmod +x canary/$tool
      done
      for style in fast plain; do
        size=$(wc -c <$style.sh)
        # Every place in the network's own part and at the end, and one in 41 of the part that is always the same.
        own=$(grep -b -m 1 '^state=' $style.sh | cut -d: -f1)
        for offset in $(seq 0 5 $own) $(seq $own 61 $((size - 3))) $(seq $((size - 300)) $((size - 3))); do
          head -c $offset $style.sh >part
          PATH=$DIR/canary /bin/dash part >out 2>&1
          [ ! -e hit ] || { echo "$style: something ran at $offset of $size"; failures=1; break; }
        done
        check "$style, the whole, runs" dash $style.sh help
      done
      check 'a canary sings' bash -c "PATH=$DIR/canary /bin/dash -c ip; [ -e hit ]"
      for shell in "${shells[@]:1}"; do
        for offset in $(seq 0 97 $((size - 3))); do head -c $offset plain.sh | $shell >out 2>&1; done
      done
      same 'nothing changed' "$before" "$(snapshot)"
      """#)
  }

  @Test func `two at once take turns`() throws {
    try expectPass(
      try Plans.containers(20),
      #"""
      before=$(snapshot)
      for shell in "${shells[@]}"; do
        for n in 1 2 3; do $shell fast.sh >out$n 2>&1 & done
        wait
        same "$shell" "$(printf 'lab is already up: 20 namespaces, 1 bridge\n%.0s' 1 2; echo 'lab is up: 20 namespaces, 1 bridge')" "$(cat out? | sort)"
        $shell fast.sh down >out1 2>&1 & $shell plain.sh down >out2 2>&1 & wait
        same "$shell down" "$(printf 'lab is down\nlab is not up')" "$(cat out1 out2 | sort)"
        same 'nothing is left' "$before" "$(snapshot)"
      done
      """#)
  }
}
