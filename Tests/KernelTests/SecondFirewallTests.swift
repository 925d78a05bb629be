import Foundation
import Netwright
import NetwrightTestSupport
import Testing

/// Firewalls of routers with devices that the machine's kernel lacks: the checks of the files in SecondFirewalls/ hold
/// in the simulator and in the second kernel, which has iptables' rules.
@Suite struct SecondFirewallTests {
  private static let names = ["vrf"]

  private static func file(_ name: String) throws -> String {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "SecondFirewalls")
    return try String(contentsOf: folder.appending(path: "\(name).yaml"), encoding: .utf8)
  }

  @Test(arguments: names, ScriptFirewall.allCases)
  func `the simulator lets through what it should`(_ name: String, _ firewall: ScriptFirewall) throws {
    let compilation = compile([Input(name: "\(name).yaml", bytes: Array(try Self.file(name).utf8))])
    #expect(!compilation.hasErrors)
    let outcomes = try #require(compilation.runChecks(firewall: firewall))
    #expect(!outcomes.hasFailures, "\(outcomes.text(as: .text))")
  }

  @Test(arguments: names) func `so does the second kernel`(_ name: String) throws {
    let outcome = try SecondKernel.run(
      "NETWRIGHT='\(try Products.path("netwright"))'; NAME=\(name)\n" + Self.program,
      files: ["\(name).yaml": try Self.file(name)])
    #expect(outcome.output.contains("checks, 0 failed\n"), "\(outcome.output)\(outcome.errors)")
  }

  private static let program = #"""
    modprobe -a iptable_filter iptable_nat ip6table_filter ip6table_nat xt_tcpudp xt_conntrack xt_comment xt_multiport \
      xt_addrtype xt_MASQUERADE xt_nat 2>/dev/null
    mkdir -p /run/bin
    for program in iptables ip6tables; do
      for part in '' -restore -save; do ln -s "$(command -v $program-legacy$part)" /run/bin/$program$part; done
    done
    PATH=/run/bin:$PATH
    "$NETWRIGHT" up --firewall iptables -f $NAME.yaml 2>&1 || exit
    sleep 2
    "$NETWRIGHT" test --live -f $NAME.yaml

    """#
}
