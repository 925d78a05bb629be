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
    let outcome = try KernelSandbox.run(text, files: ["it.sh": script])
    #expect(outcome.status == 0 && outcome.output.hasSuffix("passed\n"), "\(outcome.output)\(outcome.errors)")
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
    let outcome = try KernelSandbox.run(text, files: ["it.sh": script])
    #expect(outcome.status == 0 && outcome.output.hasSuffix("passed\n"), "\(outcome.output)\(outcome.errors)")
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
    let outcome = try KernelSandbox.run(text, files: ["it.sh": script])
    #expect(outcome.status == 0 && outcome.output.hasSuffix("passed\n"), "\(outcome.output)\(outcome.errors)")
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().path + "/Regressions/"

  private static func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }.sorted()
  }
}
