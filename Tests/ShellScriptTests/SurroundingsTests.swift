import NetworkTypes
import Plan
import ShellScript
import Testing

/// Scripts where the caller, the machine or somebody else has made things otherwise than they mostly are.
@Suite struct SurroundingsTests {
  @Test func `what the caller has set changes nothing`() throws {
    try expectPass(
      try Plans.everything(),
      #"""
      before=$(snapshot)
      try() {
        check "$* up" "$@" fast.sh
        check "$* again" "$@" plain.sh
        check "$* is up" "$@" fast.sh status
        check "$* down" "$@" plain.sh down
        same "$* leaves nothing" "$before" "$(snapshot)"
      }
      for option in noclobber noglob pipefail allexport; do try bash -o $option; done
      for option in -C -f -a; do try dash $option; done
      for setting in QUOTING_STYLE=c LC_ALL=xx IFS=a POSIXLY_CORRECT=1 TIME_STYLE=+%s TIME_STYLE=bad FIND_BLOCK_SIZE=x; do try env "$setting" dash; done
      umask 077
      check 'up under a strict mask' dash fast.sh
      for path in /run/netwright/lab /run/netwright/lab/etc/web /run/netwright/lab/etc/web/hosts; do
        check "$path is for all" grep -q 'r..r-[-x]$' <(stat -c %A "$path")
      done
      check 'down under a strict mask' dash fast.sh down
      check 'without standard error' dash fast.sh 2>&-
      check 'down without any stream' dash fast.sh down <&- >&- 2>&-
      same 'nothing is left' "$before" "$(snapshot)"
      """#)
  }

  @Test func `a name that the records have of their own`() throws {
    try expectPass(
      try Plans.containers(1, instance: "lock"),
      #"""
      before=$(snapshot)
      check up dash fast.sh
      check down dash fast.sh down
      same 'nothing is left' "$before" "$(snapshot)"
      """#)
  }

  @Test func `who isn't root may see that there is nothing`() throws {
    try expectPass(
      try Plans.containers(1),
      #"""
      # Where the sandbox knows no user but its root, one without a name has to do.
      stranger='setpriv --reuid 65534 --regid 65534 --clear-groups'
      $stranger true 2>/dev/null || stranger='unshare --user'
      said() {
        text=$($stranger sh -s "$2" <"$1" 2>&1)
        text="$text $?"
      }
      for mask in 022 077; do
        said fast.sh down
        same "$mask down when down" 'lab is not up 0' "$text"
        said fast.sh status
        same "$mask status when down" 'lab is down 3' "$text"
        umask $mask
        check "$mask up" sh fast.sh
        umask 022
        for verb in up down status; do
          said fast.sh $verb
          same "$mask $verb" 'netwright: lab: must be run by root, or in a user namespace of one'"'"'s own 3' "$text"
        done
        check "$mask down" sh fast.sh down
      done
      """#)
  }

  @Test func `what can't be seen, or not written, isn't taken for gone`() throws {
    try expectPass(
      try Plans.everything(),
      #"""
      before=$(snapshot)
      mkdir bin
      printf '#!/bin/sh\nkill -KILL $$\n' >bin/awk
      chmod +x bin/awk
      check up dash fast.sh
      check 'down can see nothing' refuses 3 env PATH="$DIR/bin:$PATH" dash fast.sh down
      check 'up can see nothing' refuses 3 env PATH="$DIR/bin:$PATH" dash fast.sh up
      rm bin/awk
      printf '#!/bin/sh\nexit 1\n' >bin/ls
      chmod +x bin/ls
      check 'it is known of still' dash fast.sh down
      check 'up once more' dash fast.sh
      up=$(snapshot)
      for verb in status up; do
        check "$verb without ls" refuses 3 env PATH="$DIR/bin:$PATH" dash fast.sh $verb
      done
      same 'nothing was changed' "$up" "$(snapshot)"
      check 'down without ls' refuses 3 env PATH="$DIR/bin:$PATH" dash fast.sh down
      check 'it is known of still' dash fast.sh down
      same 'nothing is left' "$before" "$(snapshot)"

      check 'up again' dash fast.sh
      mount --bind /proc/sys /proc/sys
      mount -o remount,bind,ro /proc/sys
      check 'values stay' refuses 3 dash fast.sh down
      cp .check said
      check 'and are named' grep -q 'could not be put back:.* net/ipv4/ip_forward=0' said
      umount /proc/sys
      check 'the rest is gone' [ ! -e /run/netns/web ]
      check 'it is known of still' dash fast.sh down
      same 'nothing is left' "$before" "$(snapshot)"
      """#)
  }

  @Test func `where nothing can be written down, or no more, it is said at once or done all the same`() throws {
    try expectPass(
      try Plans.containers(2),
      #"""
      mkdir -p /run/netwright
      mount -t tmpfs -o size=400k tmpfs /run/netwright
      before=$(snapshot)
      for shell in "${shells[@]}"; do
        check "$shell up" $shell fast.sh
        dd if=/dev/zero of=/run/netwright/.fill bs=1k >/dev/null 2>&1
        check "$shell down without room" timeout 30 $shell fast.sh down
        rm /run/netwright/.fill
        same "$shell leaves nothing" "$before" "$(snapshot)"
      done
      umount /run/netwright
      rmdir /run/netwright
      before=$(snapshot)
      check up dash fast.sh
      mount --bind /run /run
      mount -o remount,bind,ro /run
      for verb in up down; do
        for shell in "${shells[@]}"; do
          check "$shell $verb on what is read-only" refuses 3 timeout 20 $shell fast.sh $verb
          cp .check said
          same "$shell $verb says why" "netwright: lab: can't write to /run/netwright" "$(cat said)"
        done
      done
      umount /run
      check down dash fast.sh down
      same 'nothing is left' "$before" "$(snapshot)"
      """#)
  }

  @Test func `a network that has no room for its records is undone`() throws {
    try expectPass(
      try Plans.containers(40),
      #"""
      mkdir -p /run/netwright
      before=$(snapshot)
      for pages in $(seq 1 40); do
        mount -t tmpfs -o size=$((4 * pages))k tmpfs /run/netwright
        dash fast.sh >said 2>&1
        status=$?
        if [ $status = 0 ]; then
          check 'with room it is up' dash fast.sh status
          check 'and goes' dash fast.sh down
        else
          same "$pages pages are too few" 3 $status
        fi
        umount /run/netwright
        same "$pages pages leave nothing" "$before" "$(snapshot)"
        [ $status = 0 ] && break
      done
      check 'some were too few, some enough' [ $status = 0 -a $pages -gt 3 ]
      """#)
  }

  @Test func `another network namespace is no place to take it down`() throws {
    try expectPass(
      try Plans.everything(),
      #"""
      ip netns add other
      echo 1 >/proc/sys/net/ipv4/ip_forward
      inside() { nsenter --net=/run/netns/other "$@"; }
      check 'up elsewhere' inside dash fast.sh
      before=$(snapshot)
      for verb in status down up; do check "no $verb here" refuses 3 dash fast.sh $verb; done
      same 'nothing was changed' "$before" "$(snapshot)"
      check 'up there' inside dash fast.sh status
      check 'down there' inside dash fast.sh down
      same 'forwarding stays' 1 "$(cat /proc/sys/net/ipv4/ip_forward)"
      """#)
  }

  @Test func `namespaces that are gone, or look alike`() throws {
    try expectPass(
      try Plans.containers(3),
      #"""
      before=$(snapshot)
      check up dash fast.sh
      sleep 0.1
      ip netns add 'c1 too'
      check 'down beside another' dash fast.sh down
      check 'which is left' [ -e '/run/netns/c1 too' ]
      ip netns del 'c1 too'
      umount /run/netns; rmdir /run/netns
      same 'nothing else is' "$before" "$(snapshot)"

      check 'up again' dash fast.sh
      umount /run/netns/c1
      check 'one is gone' dash fast.sh down
      same 'nothing is left of it' "$before" "$(snapshot)"

      # As after a restart that /run outlives.
      check 'up once more' dash fast.sh
      for name in c0 c1 c2; do umount /run/netns/$name; done
      sed -i 's/^within .*/within 1/' /run/netwright/lab/journal
      ip link del c-br
      check 'up after a restart' dash fast.sh
      check 'whole' dash fast.sh status
      check 'down after a restart' dash fast.sh down
      same 'nothing is left' "$before" "$(snapshot)"
      """#)
  }

  /// Signals the script from within `ip`, once a route of the host's is there: alone, and as a terminal does with all
  /// that it runs.
  @Test(arguments: ["INT", "TERM", "HUP"]) func `a signal beside a route of the host's undoes it`(signal: String) throws
  {
    try expectPass(
      try Plans.everything(),
      "signal=\(signal)\n" + #"""
        mkdir bin
        cat >bin/ip <<'WRAPPER'
        #!/bin/bash
        real=/usr/sbin/ip
        [ -x "$real" ] || real=/sbin/ip
        "$real" "$@"
        status=$?
        if [ -e "$DIR/armed" ] && [ -n "$("$real" route show type blackhole)" ]; then
          target=$PPID
          if [ "$(cat "$DIR/armed")" = all ]; then target=-$(cut -d ' ' -f 5 /proc/self/stat); fi
          rm "$DIR/armed"
          kill -s "$(cat "$DIR/signal")" -- "$target"
        fi
        exit $status
        WRAPPER
        chmod +x bin/ip
        echo "$signal" >signal
        before=$(snapshot)
        for shell in "${shells[@]}"; do
          for style in fast plain; do
            for target in one all; do
              echo $target >armed
              set -m
              PATH="$DIR/bin:$PATH" $shell $style.sh >out 2>&1 &
              set +m
              wait $!
              check "$shell $style is ended" [ $? -gt 128 ]
              check "$shell $style came so far" [ ! -e armed ]
              same "$shell $style, $target, is undone" "$before" "$(snapshot)"
            done
          done
        done
        """#)
  }

  @Test func `a lock that nobody holds is no obstacle for long`() throws {
    try expectPass(
      try Plans.containers(1),
      #"""
      before=$(snapshot)
      mkdir -p /run/netwright
      # Of a script that had no room to write its number, and of a dead one whose number is another process's.
      for holder in '' $$; do
        printf '%s' "$holder" >/run/netwright/.lock
        check "up past '$holder'" timeout 30 dash fast.sh
        check "down" dash fast.sh down
      done
      rmdir /run/netwright 2>/dev/null
      same 'nothing is left' "$before" "$(snapshot)"
      """#)
  }

  @Test func `a subnet that leads elsewhere is named`() throws {
    try expectPass(
      try Plans.containers(1),
      #"""
      ip link add other type bridge
      ip address add 172.17.9.9/16 dev other
      ip link set other up
      for style in fast plain; do
        dash $style.sh >out 2>err
        check "$style up" [ $? = 0 ]
        check "$style says so" grep -q '172.17.0.0/16 is routed by other here already' err
        check "$style down" dash fast.sh down
      done
      ip link delete other
      dash fast.sh >out 2>err
      check 'nothing to say' [ ! -s err ]
      """#)
  }

  @Test func `a list that ip fails to give isn't taken for an empty one`() throws {
    try expectPass(
      try Plans.everything(),
      #"""
      before=$(snapshot)
      mkdir bin
      printf '#!/bin/sh\ncase "$*" in *"-o link show"*) exit 1 ;; esac\nexec %s "$@"\n' "$(command -v ip)" >bin/ip
      chmod +x bin/ip
      check up dash fast.sh
      check 'down sees no links' refuses 3 env PATH="$DIR/bin:$PATH" dash fast.sh down
      check 'down' dash fast.sh down
      same 'nothing is left' "$before" "$(snapshot)"
      """#)
  }

  @Test func `a lock of another PID namespace is waited for`() throws {
    try expectPass(
      try Plans.containers(1),
      #"""
      before=$(snapshot)
      mkdir -p /run/netwright
      printf '%s %s\n' $$ "$(stat -L -c %i /proc/self/ns/pid)" >/run/netwright/.lock
      exec 9</run/netwright/.lock
      unshare --pid --fork --mount-proc timeout 8 dash fast.sh
      check 'it waits' [ $? = 124 ]
      check 'the lock is there' grep -q "^$$ " /run/netwright/.lock
      rm /run/netwright/.lock
      rmdir /run/netwright
      same 'nothing is left' "$before" "$(snapshot)"
      """#)
  }
}
