import Foundation
import Netwright
import NetwrightTestSupport
import Testing

/// Files on which the kernel once disagreed.
///
/// Each says in its first line what about. All must work, and go.
@Suite struct RegressionTests {
  @Test(arguments: try names())
  func `works now`(_ name: String) throws { try expectWorking(Self.folder + name) }

  /// What was recorded must also be right: all golden files for which the machine's kernel has the devices.
  @Test(arguments: ["bridge-link", "dual-stack", "modes", "router-and-link", "two-on-docker0", "vxlan"])
  func `the golden file works`(_ name: String) throws {
    try expectWorking(Self.folder + "../../GoldenTests/Cases/\(name)/input.yaml")
  }

  private func expectWorking(_ path: String) throws {
    let bytes = try Data(contentsOf: URL(filePath: path))
    let compilation = compile([Input(name: "it.yaml", bytes: Array(bytes))])
    let script = try #require(compilation.script())
    let text = """
      before=$(snapshot)
      check up sh it.sh
      check down sh it.sh down
      same 'nothing is left' "$before" "$(snapshot)"
      """
    try expectPassed(text, ["it.sh": script])
  }

  private func expectPassed(_ text: String, _ files: [String: String]) throws {
    let outcome = try KernelSandbox.run(text, files: files)
    #expect(outcome.status == 0 && outcome.output.hasSuffix("passed\n"), "\(outcome.output)\(outcome.errors)")
  }

  /// `fast.sh` and `plain.sh`.
  private static func bothStyles(_ compilation: Compilation) throws -> [String: String] {
    [
      "fast.sh": try #require(compilation.script()), "plain.sh": try #require(compilation.script(style: .plain)),
    ]
  }

  /// `ip -batch` takes 511 words a line, and its message to the kernel has 4096 bytes.
  @Test func `as many next hops as fit`() throws {
    func route(_ to: String, _ hop: String, _ count: Int) -> String {
      let hops = (10..<10 + count).map { "{ \(hop.replacing("N", with: "\($0)")) }" }.joined(separator: ", ")
      return "{ to: \(to), nexthops: [\(hops)] }"
    }
    let file = """
      routers:
        r:
          networks: [lan]
          routes:
            - \(route("10.9.0.0/16", "via: 10.0.0.N", 169))
            - \(route("10.8.0.0/16", "via: 10.0.0.N, dev: eth0", 101))
            - \(route("\"fd09::/64\"", "via: \"fd00::N\"", 144))
      networks: { lan: { enable_ipv6: true, ipam: { config: [{ subnet: 10.0.0.0/24 }, { subnet: "fd00::/64" }] } } }
      """
    let compilation = compile([Input(name: "it.yaml", bytes: Array(file.utf8))])
    let text = """
      for style in fast plain; do
        check "up $style" sh $style.sh
        same "$style" "169 101" "$(for to in 10.9.0.0/16 10.8.0.0/16; do
          ip -n r route show $to | grep -c 'nexthop via'
        done | xargs)"
        # More than 130 or so of IPv6 are more than the kernel puts into one message of a list.
        check "$style IPv6" grep -q "from :: via fd00::" <(ip -n r -6 route get fd09::9)
        check "down $style" sh $style.sh down
      done
      """
    try expectPassed(text, Self.bothStyles(compilation))
  }

  /// A bridge that was given an address has no carrier as long as it has no port.
  @Test func `devices on a bridge without ports reach each other`() throws {
    let file = """
      services: { one: { networks: [over] }, two: { networks: [over] } }
      networks:
        under: { ipam: { driver: "null" } }
        over: { driver: macvlan, driver_opts: { parent: br-under }, ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
      """
    let script = try #require(compile([Input(name: "it.yaml", bytes: Array(file.utf8))]).script())
    let text = """
      check up sh it.sh
      check 'one reaches two' ip netns exec one ping -c 1 -W 5 two
      """
    try expectPassed(text, ["it.sh": script])
  }

  /// Writing ip_forward sets the forwarding of every device, so it has to be put back before theirs.
  @Test func `a device's forwarding is put back though ip_forward was set after it`() throws {
    let file = """
      host: { sysctls: { net.ipv4.conf.d0.forwarding: 1, net.ipv4.ip_forward: 1 } }
      services: { web: { network_mode: none } }
      """
    let script = try #require(compile([Input(name: "it.yaml", bytes: Array(file.utf8))]).script())
    let text = """
      look() { cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/conf/d0/forwarding; }
      ip link add d0 type bridge
      echo 0 >/proc/sys/net/ipv4/ip_forward
      echo 1 >/proc/sys/net/ipv4/conf/d0/forwarding
      before=$(look)
      check up sh it.sh
      check down sh it.sh down
      same 'as it was' "$before" "$(look)"
      """
    try expectPassed(text, ["it.sh": script])
  }

  /// Linux takes neither a range of ports that begins below those without privilege, nor the other way round, not even
  /// for a moment.
  @Test func `ports below 1024 are given out`() throws {
    let file = """
      services:
        alone: { sysctls: { net.ipv4.ip_local_port_range: 1 65535 } }
        low: { sysctls: { net.ipv4.ip_local_port_range: 80 90, net.ipv4.ip_unprivileged_port_start: 80 } }
        high: { sysctls: { net.ipv4.ip_unprivileged_port_start: 40000, net.ipv4.ip_local_port_range: 50000 60000 } }
      host: { sysctls: { net.ipv4.ip_local_port_range: 1 65535, net.ipv4.ip_unprivileged_port_start: 0 } }
      """
    let compilation = compile([Input(name: "it.yaml", bytes: Array(file.utf8))])
    #expect(try compilation.findings(as: .text) == "")
    let text = """
      look() { (cd /proc/sys/net/ipv4 && cat ip_local_port_range ip_unprivileged_port_start | xargs); }
      before=$(look)
      for style in fast plain; do
        check "up $style" sh $style.sh
        same "$style" '1 65535 0|80 90 80|50000 60000 40000|1 65535 0' "$(for node in alone low high; do
          printf '%s|' "$(ip netns exec $node cat /proc/sys/net/ipv4/ip_{local_port_range,unprivileged_port_start} | xargs)"
        done; look)"
        check "down $style" sh $style.sh down
        same "$style as it was" "$before" "$(look)"
      done
      """
    try expectPassed(text, Self.bothStyles(compilation))
  }

  /// Linux changes every device's forwarding with ip_forward, and whether redirects are taken; with conf/all of IPv6
  /// every device's.
  @Test(arguments: ScriptStyle.allCases)
  func `what changes along with forwarding is put back`(_ style: ScriptStyle) throws {
    let file = """
      host:
        sysctls:
          net.ipv4.ip_forward: 1
          net.ipv4.conf.d0.forwarding: 0
          net.ipv4.conf.default.arp_ignore: 1
          net.ipv4.conf.d0.arp_ignore: 2
          net.ipv6.conf.all.disable_ipv6: 0
      services: { web: { networks: [lan], ports: ["8080:80"] } }
      networks: { lan: { enable_ipv6: true, ipam: { config: [{ subnet: 10.0.0.0/24 }, { subnet: "fd00::/64" }] } } }
      """
    let script = try #require(compile([Input(name: "it.yaml", bytes: Array(file.utf8))]).script(style: style))
    let text = """
      ip link add d0 type bridge; ip link add d1 type bridge; ip link add d2 type bridge
      cd /proc/sys/net
      echo 1 >ipv6/conf/all/disable_ipv6
      for value in ipv4/ip_forward=0 ipv4/conf/all/accept_redirects=0 ipv4/conf/d1/forwarding=1 \
        ipv6/conf/all/forwarding=0 ipv6/conf/d1/forwarding=1 ipv6/conf/d1/disable_ipv6=0; do
        echo "${value#*=}" >"${value%=*}"
      done
      look() { grep -r '' ipv4/conf ipv6/conf ipv4/ip_forward 2>/dev/null | grep -v stable_secret | sort; }
      before=$(look)
      check up sh "$DIR/it.sh"
      same 'while it is up' '1 0 1 1 2 1 0' "$(cat ipv4/ip_forward ipv4/conf/{d0,d1,d2}/forwarding \
        ipv4/conf/{d0,d1}/arp_ignore ipv6/conf/d0/disable_ipv6 | xargs)"
      check down sh "$DIR/it.sh" down
      same 'as it was' "$before" "$(look)"
      # Another device still follows what is written for new ones.
      echo 1 >ipv4/conf/default/accept_local
      same 'untouched' 1 "$(cat ipv4/conf/d2/accept_local)"
      """
    try expectPassed(text, ["it.sh": script])
  }

  /// The last of several networks that forward puts back what was before the first.
  @Test func `what changes along with forwarding is put back by the last network`() throws {
    var files: [String: String] = [:]
    for (name, number) in [("one", 1), ("two", 2)] {
      let file = """
        name: \(name)
        services: { \(name): { networks: [\(name)], ports: ["8\(number):80"] } }
        networks: { \(name): { ipam: { config: [{ subnet: 10.\(number).0.0/24 }] } } }
        """
      files["\(name).sh"] = compile([Input(name: "it.yaml", bytes: Array(file.utf8))]).script()
    }
    let text = """
      ip link add d0 type bridge
      echo 0 >/proc/sys/net/ipv4/conf/all/accept_redirects
      echo 1 >/proc/sys/net/ipv4/conf/d0/forwarding
      look() { (cd /proc/sys/net/ipv4 && cat ip_forward conf/all/accept_redirects conf/d0/forwarding | xargs); }
      same before '0 0 1' "$(look)"
      check 'up one' sh one.sh
      check 'up two' sh two.sh
      check 'down one' sh one.sh down
      same 'two is up' '1 0 1' "$(look)"
      check 'down two' sh two.sh down
      same 'as it was' '0 0 1' "$(look)"
      """
    try expectPassed(text, files)
  }

  /// A device's parameters are there as soon as it is, and no earlier.
  @Test func `parameters of the network's own devices are set`() throws {
    let file = """
      host: { sysctls: { net.ipv4.conf.br-lan.proxy_arp: 1 } }
      services: { web: { networks: { lan: { interface_name: lan0 } }, sysctls: { net.ipv4.conf.lan0.rp_filter: 2 } } }
      routers: { r: { networks: [lan], sysctls: { net.ipv4.conf.eth0.rp_filter: 1, net.ipv4.neigh.eth0.app_solicit: 2 } } }
      networks: { lan: { driver_opts: { com.docker.network.bridge.name: br-lan } } }
      """
    let compilation = compile([Input(name: "it.yaml", bytes: Array(file.utf8))])
    #expect(try compilation.findings(as: .text) == "")
    let text = """
      before=$(snapshot)
      for style in fast plain; do
        check "up $style" sh $style.sh
        same "$style" '1 2 1 2' "$({
          cat /proc/sys/net/ipv4/conf/br-lan/proxy_arp
          ip netns exec web cat /proc/sys/net/ipv4/conf/lan0/rp_filter
          ip netns exec r cat /proc/sys/net/ipv4/conf/eth0/rp_filter /proc/sys/net/ipv4/neigh/eth0/app_solicit
        } | xargs)"
        check "down $style" sh $style.sh down
        same "$style: nothing is left" "$before" "$(snapshot)"
      done
      """
    try expectPassed(text, Self.bothStyles(compilation))
  }

  /// Linux drops the default routes that routers have advertised when it begins to forward IPv6, and heeds
  /// advertisements no more, but where accept_ra is 2.
  @Test func `a machine keeps the routes that routers have advertised`() throws {
    var files = ["advertise.py": Self.advertiser]
    for (name, style) in [("one", ScriptStyle.fast), ("two", .plain)] {
      let file = """
        name: \(name)
        services: { \(name): { networks: [\(name)] } }
        networks: { \(name): { enable_ipv6: true } }
        """
      files["\(name).sh"] = compile([Input(name: "it.yaml", bytes: Array(file.utf8))]).script(style: style)
    }
    let text = """
      ip netns add provider
      ip link add uplink type veth peer name eth0 netns provider
      ip -n provider link set eth0 addrgenmode none
      ip -n provider address add fe80::1/64 dev eth0 nodad
      ip -n provider link set eth0 up
      ip link set uplink up
      ip link add quiet type bridge
      ip link set quiet up
      advertised() { ip netns exec provider python3 advertise.py && ip -6 route show default | grep -q .; }
      awaits advertised
      look() {
        ip -6 route show | grep -c -e '^default via fe80::1 dev uplink' -e '^2001:db8::/64 dev uplink'
        cat /proc/sys/net/ipv6/conf/{uplink/accept_ra,quiet/accept_ra,all/forwarding}
      }
      same 'before' '2 1 1 0' "$(look | xargs)"
      check 'up one' sh one.sh
      same 'one is up' '2 2 1 1' "$(look | xargs)"
      check 'up two' sh two.sh
      check 'down one' sh one.sh down
      same 'two is up' '2 2 1 1' "$(look | xargs)"
      check 'down two' sh two.sh down
      same 'after' '2 1 1 0' "$(look | xargs)"
      """
    try expectPassed(text, files)
  }

  /// A bridge heeds no router advertisement, with IPv6 and without, and has IPv6 where the host gives devices none.
  @Test func `no node gives the host routes, and bridges have IPv6 where the file says so`() throws {
    let file = """
      services: { web: { networks: [old, new] } }
      networks:
        old: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
        new: { internal: true, enable_ipv6: true, ipam: { config: [{ subnet: 10.1.0.0/24 }, { subnet: "fd00::/64" }] } }
      """
    let compilation = compile([Input(name: "it.yaml", bytes: Array(file.utf8))])
    var files = try Self.bothStyles(compilation)
    files["old.py"] = Self.advertiser
    files["new.py"] = Self.advertiser.replacing("eth0", with: "eth1")
    let text = """
      before=$(snapshot)
      heard=0
      hears() { [ "$(awk '$1 == "Icmp6InRouterAdvertisements" { print $2 }' /proc/net/snmp6)" = "$heard" ]; }
      for style in fast plain; do
        echo 0 >/proc/sys/net/ipv6/conf/default/disable_ipv6
        check "up $style" sh $style.sh
        ip -n web address add fe80::1/64 dev eth0 nodad
        ip -n web address add fe80::2/64 dev eth1 nodad
        for name in old new; do ip netns exec web python3 $name.py; heard=$((heard + 1)); done
        check "$style: both are heard" awaits hears
        same "$style: nothing learned" '' "$(ip -6 route show proto ra; ip -6 address show dynamic)"
        check "down $style" sh $style.sh down
        echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
        check "up $style again" sh $style.sh
        check "$style: IPv6" reaches web fd00::1
        check "down $style again" sh $style.sh down
      done
      echo 0 >/proc/sys/net/ipv6/conf/default/disable_ipv6
      same 'nothing is left' "$before" "$(snapshot)"
      """
    try expectPassed(text, files)
  }

  /// A router that advertises itself and a prefix once (RFC 4861 §4.2), on eth0.
  private static let advertiser = """
    import socket, struct
    device = socket.if_nametoindex("eth0")
    sender = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
    sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 255)
    sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, device)
    router = struct.pack("!BBHBBHII", 134, 0, 0, 64, 0, 1800, 0, 0)
    prefix = struct.pack("!BBBBIII", 3, 4, 64, 0xC0, 86400, 14400, 0) + socket.inet_pton(socket.AF_INET6, "2001:db8::")
    sender.sendto(router + prefix, ("ff02::1", 0, 0, device))
    """

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().path + "/Regressions/"

  private static func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }.sorted()
  }
}
