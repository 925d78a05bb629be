import Foundation
import Netwright
import NetwrightTestSupport
import Testing

/// The examples on the real kernel: what they say holds, and nothing of them stays.
@Suite struct ExampleTests {
  /// An example, and what must be true of it while it is up, as shell checks written by hand.
  struct Example: CustomTestStringConvertible, Sendable {
    let path: String
    let checks: String

    var testDescription: String { path }
  }

  @Test(arguments: hostKernel)
  func `is built, behaves as it says, and goes without a trace`(_ example: Example) throws {
    let (fast, plain) = try scripts(of: example)
    let text =
      Self.functions + """
        before=$(snapshot)
        for style in fast plain; do
          check "$style up" sh $style.sh
          \(example.checks)
          check "$style down" sh $style.sh down
          same "$style leaves nothing" "$before" "$(settled)"
        done
        """
    let outcome = try KernelSandbox.run(text, files: ["fast.sh": fast, "plain.sh": plain], seconds: 180)
    #expect(outcome.status == 0 && outcome.output.hasSuffix("passed\n"), "\(outcome.output)\(outcome.errors)")
  }

  @Test(arguments: secondKernel)
  func `is built and behaves as it says in the second kernel`(_ example: Example) throws {
    let (fast, plain) = try scripts(of: example)
    let text =
      Self.functions + """
        for style in fast plain; do
          check "$style up" sh $style.sh
          \(example.checks)
          check "$style down" sh $style.sh down
          same "$style leaves no device" 'lo' "$(ip -br link show | grep -v -e sit0 -e tunl0 -e dummy0 -e bond0 -e gre -e erspan | cut -d' ' -f1)"
        done
        """
    let outcome = try SecondKernel.run(text, files: ["fast.sh": fast, "plain.sh": plain], seconds: 180)
    #expect(outcome.status == 0 && outcome.output.contains("passed\n"), "\(outcome.output)\(outcome.errors)")
  }

  @Test func `every example has its checks here`() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.root + "Examples").filter {
      !$0.contains(".")
    }
    let tested = (Self.hostKernel + Self.secondKernel).map { String($0.path.split(separator: "/")[0]) }
    #expect(Set(tested) == Set(folders))
  }

  private func scripts(of example: Example) throws -> (fast: String, plain: String) {
    let bytes = try Data(contentsOf: URL(filePath: Self.root + "Examples/" + example.path))
    let compilation = compile([Input(name: example.path, bytes: Array(bytes))])
    let findings = try compilation.findings(as: .text)
    #expect(!compilation.hasFindings, "\(findings)")
    return (try #require(compilation.script(style: .fast)), try #require(compilation.script(style: .plain)))
  }

  private static let root =
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path + "/"

  /// A shell function for the checks.
  ///
  /// `takes MS A B`: of three pings from A to B, the quickest takes MS milliseconds or more.
  private static let functions = #"""
    takes() {
      out=$(ip netns exec "$2" ping -c 3 -W 2 "$3")
      echo "$out"
      fastest=$(sed -n 's|^rtt [^=]*= \([0-9]*\)\..*|\1|p' <<<"$out")
      [ "${fastest:-0}" -ge "$1" ]
    }

    """#
}

extension ExampleTests {
  /// The examples that the machine's own kernel can do.
  static let hostKernel = [
    Example(
      path: "docker0/compose.yaml",
      checks: """
        check address has 172.17.0.2/16 "$(ip -n busybox1 -br address show dev eth0)"
        check address has 172.17.0.3/16 "$(ip -n busybox2 -br address show dev eth0)"
        check MAC has 02:42:ac:11:00:02 "$(ip -n busybox1 link show eth0)"
        check MAC has 02:42:ac:11:00:03 "$(ip -n busybox2 link show eth0)"
        check gateway has 172.17.0.1/16 "$(ip -br address show dev docker0)"
        check route has 'default via 172.17.0.1 dev eth0' "$(ip -n busybox1 route)"
        check 'port of docker0' has 'master docker0' "$(bridge link)"
        check ping reaches busybox1 172.17.0.3
        check ping reaches busybox2 172.17.0.1
        check learned has '02:42:ac:11:00:03 dev v-busybox2' "$(bridge fdb show br docker0)"
        check 'no name of others' misses busybox1 busybox2
        """),
    Example(
      path: "host-and-none/compose.yaml",
      checks: """
        check address has 172.28.0.2/24 "$(ip -n web -br address show dev eth0)"
        same 'vault has loopback alone' lo "$(ip -n vault -br link | cut -d' ' -f1)"
        check vault misses vault 172.28.0.2
        check host ping -c 1 -W 2 172.28.0.2
        """),
    Example(
      path: "two-networks/compose.yaml",
      checks: """
        check front reaches web app
        check back reaches app db
        check apart misses web 172.29.2.2
        check route has 'default via 172.29.1.1 dev eth0' "$(ip -n app route)"
        check 'no way out' refuses 1 grep -q default <(ip -n db route)
        """),
    Example(
      path: "router/netwright.yaml",
      checks: """
        check routed reaches alice 10.2.0.10
        check back reaches bob 10.1.0.10
        check forwards has 1 "$(ip netns exec edge cat /proc/sys/net/ipv4/ip_forward)"
        check route has 'default via 10.1.0.1 dev eth0' "$(ip -n alice route)"
        check apart misses alice 10.3.0.2
        check unreachable has 'Destination Host Unreachable' "$(ip netns exec alice ping -c 1 -W 2 10.77.0.1)"
        """),
    Example(
      path: "router-chain/netwright.yaml",
      checks: """
        check 'through three' reaches alice 10.2.0.10
        check hops has 'ttl=61' "$(ip netns exec alice ping -c 1 -W 2 10.2.0.10)"
        check carol reaches carol 10.0.12.2
        check 'r1 knows no way' misses alice 10.9.0.2
        check 'no answer' misses carol 10.1.0.10
        """),
    Example(
      path: "dual-stack/netwright.yaml",
      checks: """
        check IPv4 reaches client 10.20.0.10
        check IPv6 reaches client fd00:20::10
        check back reaches server fd00:10::10
        check 'IPv6 route' has 'default via fd00:10::1 dev eth0' "$(ip -n client -6 route)"
        check legacy reaches legacy 10.20.0.10
        check 'no IPv6' misses legacy fd00:20::10
        check 'no link-local' refuses 1 grep -q fe80 <(ip -n legacy -6 address show dev eth0)
        """),
    Example(
      path: "vxlan/netwright.yaml",
      checks: """
        check overlay reaches web 10.42.0.2
        check underlay reaches leaf1 192.0.2.5
        check encapsulated has 'vxlan id 42' "$(ip -n leaf1 -d link show vx42)"
        check apart misses spine 10.42.0.1
        """),
    Example(
      path: "web-db/compose.yaml",
      checks: """
        check 'web to db by name' reaches web db
        check 'proxy to web by name' reaches proxy web
        check 'proxy not to db' misses proxy 172.30.1.2
        """),
    Example(
      path: "published/compose.yaml",
      checks: """
        check 'web to db by name' reaches web db
        check 'guest not to web' misses guest 172.31.0.2
        check 'published' has 'tcp dport 8080 .*dnat ip to 172.31.0.2:80' "$(nft list chain inet netwright-published publish)"
        check 'on loopback' has 'ip daddr 127.0.0.1 tcp dport 9000' "$(nft list chain inet netwright-published publish)"
        check 'the host forwards' grep -q 1 /proc/sys/net/ipv4/ip_forward
        """),
    Example(
      path: "firewall/netwright.yaml",
      checks: """
        check 'desk to the street' reaches desk 10.6.0.10
        check 'street not to the desk' misses stranger 10.5.0.10
        check 'the door answers' reaches stranger 10.6.0.2
        ip netns exec server timeout 20 busybox nc -l -p 80 </dev/null >/dev/null 2>&1 &
        awaits ip netns exec server grep -q ':0050 .* 0A ' /proc/net/tcp /proc/net/tcp6
        check 'the door leads in' ip netns exec stranger timeout 5 busybox nc -w 2 10.6.0.2 8080 </dev/null
        wait
        check 'masqueraded' has 'masquerade' "$(ip netns exec door nft list table inet netwright-guarded)"
        """),
  ]

  /// The examples that need what the machine's kernel may lack.
  static let secondKernel = [
    Example(
      path: "vlan-trunk/netwright.yaml",
      checks: """
        check red reaches red1 10.0.0.2
        check blue reaches blue1 10.0.0.4
        check 'apart on one switch' misses red1 10.0.0.3
        check 'apart over the trunk' misses red1 10.0.0.4
        check 'apart back' misses blue2 10.0.0.2
        check access has '10 PVID Egress Untagged' "$(bridge vlan show dev v-red1-eth0)"
        """),
    Example(
      path: "lossy-link/netwright.yaml",
      checks: """
        check line has 'delay 20ms *2ms loss 1% rate 10Mbit' "$(tc -n near qdisc show dev line)"
        check slow reaches client 10.6.0.2
        # 20 ms each way, each drawn from 18 to 22.
        check 'takes as long as the delay says' takes 36 client 10.6.0.2
        """),
  ]
}
