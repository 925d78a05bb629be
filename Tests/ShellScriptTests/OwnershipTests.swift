import NetworkTypes
import Plan
import ShellScript
import Testing

/// What isn't the network's own stays as it is.
@Suite struct OwnershipTests {
  @Test func `a name that is taken is refused and left alone`() throws {
    let other = emitShellScript(try Plans.containers(2, prefix: "c", instance: "other"))
    try expectPass(
      try Plans.containers(2), files: ["other.sh": other],
      #"""
      ip link add cv1 type bridge
      ip netns add c0
      mkdir -p /etc/netns/mine
      before=$(snapshot)
      for style in fast plain; do
        check "$style is refused" refuses 3 dash $style.sh
        dash $style.sh 2>out
        check 'the device is named' grep -q "device cv1 is there already, and is not netwright's" out
        check 'the namespace is named' grep -q "namespace c0 is there already, and is not netwright's" out
        check 'a way out is named' grep -q -e --prefix out
        same 'nothing changed' "$before" "$(snapshot)"
      done
      ip link del cv1
      ip netns del c0
      before=$(snapshot)
      check 'the other network is up' dash other.sh
      check 'its names are refused' refuses 3 dash fast.sh
      check 'its owner is named' grep -q "namespace c1 is there already, and is the network other's" <(dash fast.sh 2>&1)
      check 'the other network is whole' dash other.sh status
      check 'and goes' dash other.sh down
      same 'nothing is left' "$before" "$(snapshot)"
      """#)
  }

  @Test func `what was replaced behind its back is left alone and named`() throws {
    try expectPass(
      try Plans.containers(3),
      #"""
      before=$(snapshot)
      check up dash fast.sh
      ip netns del c1
      check 'missing is noticed' refuses 3 dash fast.sh
      check 'missing is named' grep -q 'missing: namespace c1' <(dash fast.sh 2>&1)
      check 'status tells' grep -q 'namespace c1: missing' <(dash fast.sh status)
      check 'status is 3' refuses 3 dash fast.sh status
      ip netns add c1
      ip link del cv0 2>/dev/null
      ip link add cv0 type bridge
      check 'replaced is noticed' grep -q 'namespace c1: replaced' <(dash fast.sh status)
      ip link add mine group "$(sed -n 's/^group=//p' fast.sh)" type bridge
      check down dash fast.sh down
      check 'the namespace is left' ip netns exec c1 true
      check 'the device is left' ip link show cv0
      check 'a device in the group is left' ip link show mine
      ip netns del c1
      ip link del cv0
      ip link del mine
      umount /run/netns; rmdir /run/netns
      same 'nothing else is left' "$before" "$(snapshot)"
      """#)
  }

  /// Takes a name of the network's just before the script makes its namespaces, which is after it has looked.
  private static let thief = #"""
    mkdir -p "$DIR/bin"
    cat >"$DIR/bin/ip" <<'THIEF'
    #!/bin/bash
    real=/usr/sbin/ip
    [ -x "$real" ] || real=/sbin/ip
    if [ -e "$DIR/steal" ] && [ "$*" != -V ]; then
      case $(cat "$DIR/steal") in
        namespace) case "$*" in '-batch -' | 'netns add db') rm "$DIR/steal"; "$real" netns add db ;; esac ;;
        files) rm "$DIR/steal"; mkdir -p /etc/netns/db; echo theirs >/etc/netns/db/hosts ;;
      esac
    fi
    exec "$real" "$@"
    THIEF
    chmod +x "$DIR/bin/ip"

    """#

  @Test func `what others made between the look and the making is left alone`() throws {
    try expectPass(
      try Plans.everything(),
      Self.thief + #"""
        before=$(snapshot)
        for style in fast plain; do
          echo namespace >steal
          check "$style is refused" refuses 3 env PATH="$DIR/bin:$PATH" dash $style.sh
          cp .check said
          check "$style names it" grep -q 'namespace db' said
          check "$style leaves their namespace" ip netns exec db true
          check "$style has taken its own away" [ ! -e /run/netns/web ]
          ip netns del db
          umount /run/netns; rmdir /run/netns
          same "$style left nothing else" "$before" "$(snapshot)"
          echo files >steal
          check "$style is refused again" refuses 3 env PATH="$DIR/bin:$PATH" dash $style.sh
          check "$style leaves their files" grep -q theirs /etc/netns/db/hosts
          rm -r /etc/netns
          same "$style left nothing else again" "$before" "$(snapshot)"
        done
        # The same when the script was killed, and another has to find out.
        echo namespace >steal
        mkdir slow
        printf '#!/bin/sh\nsleep 0.3\nexec /usr/bin/find "$@"\n' >slow/find
        chmod +x slow/find
        (PATH="$DIR/slow:$DIR/bin:$PATH" exec dash fast.sh >/dev/null 2>&1) &
        for _ in $(seq 100); do [ -e /run/netns/db ] && break; sleep 0.02; done
        kill -9 $! && wait $! 2>/dev/null
        sleep 0.3
        check 'down after a kill' dash down.sh
        check 'their namespace is left after a kill' ip netns exec db true
        ip netns del db
        umount /run/netns; rmdir /run/netns
        same 'nothing else is left after a kill' "$before" "$(snapshot)"
        """#)
  }

  @Test func `what a reboot has left is no obstacle`() throws {
    var plans = Plans()
    let names = try ["web", "db"].map { try #require(NamespaceName($0)) }
    for name in names { plans.add(.addNamespace(AddNamespace(name: name))) }
    plans.add(.writeNamespaceFile(WriteNamespaceFile(namespaces: names, file: .hosts, lines: ["192.0.2.1 end"])))
    let other = emitShellScript(try plans.plan("other"))
    try expectPass(
      try plans.plan(), files: ["other.sh": other],
      #"""
      # Namespaces and /run don't outlive a reboot; /etc does.
      reboot() { ip -all netns delete; umount /run/netns; rm -r /run/netns /run/netwright; }
      before=$(snapshot)
      check up dash fast.sh
      reboot
      check 'it is not up' refuses 3 dash fast.sh status
      check 'links of another network are in the way' refuses 3 dash other.sh
      check 'up after a reboot' dash fast.sh
      check 'names resolve' grep -q 192.0.2.1 <(ip netns exec web getent hosts end)
      check 'whole' dash fast.sh status
      reboot
      check 'down after a reboot' dash down.sh
      rmdir /etc/netns
      same 'nothing is left' "$before" "$(snapshot)"
      """#)
  }

  @Test func `a kernel without IPv6 will do for a network without it`() throws {
    var plans = Plans()
    let name = try #require(NamespaceName("edge"))
    plans.add(.addNamespace(AddNamespace(name: name)))
    plans.add(.setSysctl(SetSysctl(place: .namespace(name), key: sysctl("net.ipv6.conf.all.forwarding"), value: "1")))
    let eth0 = LinkReference(.namespace(name), interface("eth0"))
    plans.add(.addVethPair(AddVethPair(.init(host("v-edge")), .init(eth0))))
    for link in [host("v-edge"), eth0] {
      plans.add(.setAddressGeneration(SetAddressGeneration(link: link, mode: .none)))
      plans.add(.setLinkUp(SetLinkUp(link: link)))
    }
    try expectPass(
      try plans.plan(),
      #"""
      before=$(snapshot)
      # What a kernel without IPv6 says, and a /proc as it has.
      mkdir bin empty
      cat >bin/ip <<'STAND_IN'
      #!/bin/bash
      case "$*" in *'-batch -') text=$(cat) ;; *) text=$* ;; esac
      case $text in *addrgenmode*) echo 'RTNETLINK answers: Address family not supported by protocol' >&2; exit 2 ;; esac
      case "$*" in *'-batch -') exec /usr/sbin/ip "$@" <<<"$text" ;; *) exec /usr/sbin/ip "$@" ;; esac
      STAND_IN
      chmod +x bin/ip
      for style in fast plain; do
        (
          PATH=$DIR/bin:$PATH
          mount -t tmpfs tmpfs /proc/sys/net
          check "$style up" dash $style.sh
          exit "$failures"
        ) || failures=$((failures + $?))
        umount /proc/sys/net
        check "$style is up" grep -q UP <(ip -n edge link show eth0)
        check "$style down" dash $style.sh down
        same "$style left nothing" "$before" "$(snapshot)"
      done
      """#)
  }

  @Test func `another plan under the same name is refused`() throws {
    let other = emitShellScript(try Plans.containers(1))
    try expectPass(
      try Plans.containers(2), files: ["other.sh": other],
      #"""
      check up dash fast.sh
      up=$(settled)
      check 'another plan' refuses 3 dash other.sh
      same 'nothing changed' "$up" "$(snapshot)"
      check 'its down works all the same' dash other.sh down
      """#)
  }

  @Test func `the last network to go puts a shared parameter back`() throws {
    var files: [String: String] = [:]
    for name in ["one", "two"] {
      var plans = Plans()
      plans.add(.addNamespace(AddNamespace(name: try #require(NamespaceName(name)))))
      plans.add(.setSysctl(SetSysctl(place: .host, key: sysctl("net.ipv4.ip_forward"), value: "1")))
      files["\(name).sh"] = emitShellScript(try plans.plan(name))
    }
    try expectPass(
      try Plans.containers(1), files: files,
      #"""
      before=$(snapshot)
      for order in 'one two' 'two one'; do
        check one dash one.sh
        check two dash two.sh
        set -- $order
        check "$1 down" dash $1.sh down
        check 'still on' grep -q 1 /proc/sys/net/ipv4/ip_forward
        check "$2 down" dash $2.sh down
        same 'as before' "$before" "$(snapshot)"
      done
      """#)
  }

  @Test func `a device of the host's own gets back what it had`() throws {
    var plans = Plans()
    plans.add(.addNamespace(AddNamespace(name: try #require(NamespaceName("web")))))
    let uplink = LinkReference(.host, interface("up0"))
    plans.add(.addAddress(AddAddress(link: uplink, address: address("192.0.2.9/24"))))
    plans.add(
      .addLink(
        AddLink(link: LinkReference(space("web"), interface("eth0")), kind: .macvlan(parent: uplink, mode: .bridge))))
    let hop = NextHop(gateway: IPAddress("192.0.2.1"), device: interface("up0"))
    plans.add(.addRoute(AddRoute(place: .host, destination: prefixValue("198.51.100.0/24"), action: .unicast([hop]))))
    try expectPass(
      try plans.plan(),
      #"""
      ip link add up0 type bridge
      # The search for doubles of its link-local address could end within the comparison.
      ip link set up0 addrgenmode none
      ip link set up0 up
      ip address add 203.0.113.1/24 dev up0
      before=$(snapshot)
      for style in fast plain; do
        check up dash $style.sh
        check route grep -q 192.0.2.1 <(ip route show 198.51.100.0/24)
        check down dash down.sh
        same 'as before' "$before" "$(snapshot)"
      done
      """#)
  }
}
