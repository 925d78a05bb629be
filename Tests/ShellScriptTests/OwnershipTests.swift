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
      ip link add up0 up type bridge
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
