import KernelComparison
import Netwright
import NetworkTypes
import Packets
import Simulator
import Testing

/// When a connection is asked for that nobody answers.
@Suite struct ConnectionAttemptTests {
  /// `a` asks for what its router drops without a word.
  private func machine(_ sysctls: String = "") throws -> Kernel {
    let yaml = """
      services:
        a:
          networks: { lan: {} }
          sysctls: { \(sysctls) }
          routes: [{ to: 192.0.2.0/24, via: 10.0.0.3 }]
      routers:
        r: { networks: { lan: { ipv4_address: 10.0.0.3 } }, routes: [{ to: 192.0.2.0/24, type: blackhole }] }
      networks: { lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } } }
      """
    let compilation = compile([Input(name: "lab.yaml", bytes: Array(yaml.utf8))])
    let machine = SimulatedMachine(try #require(compilation.makePlan()))
    #expect(machine.failure == nil)
    return machine.kernel
  }

  /// What came of an attempt within so many seconds, and after how many of them `a` had asked.
  private func attempt(_ kernel: Kernel, within seconds: UInt64) throws -> (moments: [UInt64], outcome: ConnectOutcome)
  {
    var kernel = kernel
    let space = try #require(kernel.namespaces.first { $0.name?.text == "a" }).id
    kernel.run(for: .seconds(10))
    kernel.recorder.keepsFrames = true
    let start = kernel.now
    let probe = kernel.beginConnect(to: try #require(IPAddress("192.0.2.1")), port: 80, .tcp, from: space)
    kernel.run(for: .seconds(seconds))
    let asked = kernel.recorder.frames.filter { captured in
      guard captured.isSent, kernel[captured.device].namespace == space, case .ip(let packet) = captured.frame.payload,
        case .tcp = packet.payload
      else { return false }
      return true
    }
    return (asked.map { $0.time.since(start).nanoseconds / 1_000_000_000 }, kernel.connectOutcome(of: probe))
  }

  /// Linux 6.18 asked after 1, 2, 3, 4, 5, 7, 11, 19, 35 and 67 seconds (and up to two more, as its timers are late),
  /// and connect(2) failed after 131, likewise.
  @Test func `it is repeated each second, then ever more rarely`() throws {
    let kernel = try machine()
    #expect(try attempt(kernel, within: 130) == ([0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67], .silence))
    #expect(try attempt(kernel, within: 132).outcome == .failed(.timedOut))
  }

  /// As kernels before Linux 6.5 did, and as ip-sysctl.rst says of three repetitions: 15 s.
  @Test func `parameters say how often`() throws {
    let kernel = try machine("net.ipv4.tcp_syn_linear_timeouts: 0, net.ipv4.tcp_syn_retries: 3")
    #expect(try attempt(kernel, within: 14) == ([0, 1, 3, 7], .silence))
    #expect(try attempt(kernel, within: 16).outcome == .failed(.timedOut))
  }

  @Test(arguments: ["net.ipv4.tcp_syn_linear_timeouts: 128", "net.ipv4.tcp_syn_retries: 0"])
  func `a number beyond its range is refused`(_ sysctl: String) throws {
    let yaml = "services: { a: { network_mode: none, sysctls: { \(sysctl) } } }"
    let compilation = compile([Input(name: "lab.yaml", bytes: Array(yaml.utf8))])
    let machine = SimulatedMachine(try #require(compilation.makePlan()))
    let path = sysctl.prefix { $0 != ":" }.replacing(".", with: "/")
    #expect(machine.failure?.message == "cannot write /proc/sys/\(path): Invalid argument")
  }
}
