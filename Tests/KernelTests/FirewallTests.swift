import Foundation
import Netwright
import NetwrightTestSupport
import Testing

/// What firewalls, translations and the bridge driver's options let through: the checks of the files in Firewalls/, in
/// the simulator and with real sockets in the kernel, the rules loaded by nft and by iptables.
@Suite struct FirewallTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Firewalls")
  private static let names = ["router", "service", "host", "nat", "publishing", "dual-stack", "words", "bridge"]

  private static func file(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: "\(name).yaml"), encoding: .utf8)
  }

  private static func compilation(_ name: String) throws -> Compilation {
    compile([Input(name: "\(name).yaml", bytes: Array(try file(name).utf8))])
  }

  @Test func `every file is tried`() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(Set(files) == Set(Self.names.map { "\($0).yaml" }))
  }

  @Test(arguments: names, ScriptFirewall.allCases)
  func `the simulator lets through what it should`(_ name: String, _ firewall: ScriptFirewall) throws {
    let compilation = try Self.compilation(name)
    let findings = try compilation.findings(as: .text)
    #expect(!compilation.hasErrors, "\(findings)")
    let outcomes = try #require(compilation.runChecks(firewall: firewall))
    #expect(!outcomes.hasFailures, "\(outcomes.text(as: .text))")
  }

  /// Tries `test --live` after `up`, with a namespace beyond the uplink that is called `outside`; and `down` leaves
  /// nothing.
  ///
  /// All of them at once, each in a sandbox of its own: most of the time is waiting for what never comes.
  @Test func `so does the kernel`() throws {
    var files: [String: String] = ["one.sh": KernelSandbox.prelude + Reach.functions + Self.program]
    var text = "export NETWRIGHT='\(try Products.path("netwright"))'\n"
    for name in Self.names {
      files["\(name).yaml"] = try Self.file(name)
      for firewall in ScriptFirewall.allCases {
        text +=
          "DIR=$(mktemp -d) unshare --net --mount bash one.sh \(name) \(firewall.rawValue) >\(name)-\(firewall).out 2>&1 &\n"
      }
    }
    let outcome = try KernelSandbox.run(text + "wait\ntail -v -n +1 *.out\n", files: files, seconds: 480)
    #expect(!outcome.output.contains("not ok"), "\(outcome.output)\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("1..") } == 2 * Self.names.count, "\(outcome.output)\(outcome.errors)")
    #expect(lines.count { $0 == "passed" } == 2 * Self.names.count + 1, "\(outcome.output)\(outcome.errors)")
  }

  private static let program = #"""
    mount -t tmpfs tmpfs /run && mount -t sysfs sysfs /sys && mkdir -p /etc/netns && mount -t tmpfs tmpfs /etc/netns || exit
    beyond 192.0.2.10/24 192.0.2.1/24 2001:db8::10/64 2001:db8::1/64
    ip address add 192.0.2.11/24 dev eth0
    iptables-save >/dev/null; ip6tables-save >/dev/null
    left() { snapshot; { iptables-save; ip6tables-save; nft list ruleset; } | grep -e '^-A' -e '^:nw' -e netwright; }
    before=$(left)
    check up "$NETWRIGHT" up --firewall $2 -f $1.yaml
    for try in $(seq 20); do
      for space in $(ls /run/netns); do ip -n "$space" address; done | grep -q tentative || break
      sleep 0.3
    done
    sleep 1
    "$NETWRIGHT" test --live -f $1.yaml --format tap | grep -v '^ok'
    check down "$NETWRIGHT" down -f $1.yaml
    same 'nothing is left' "$before" "$(left)"

    """#
}
