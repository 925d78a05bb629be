import Foundation
import NetworkTypes
import NetwrightTestSupport
import Testing
import Topology

@testable import Netwright

/// Compose files as people have them: they compile without a word, the simulator and the kernel carry them out, and
/// services reach each other on every network.
@Suite struct RealFileTests {
  private static let all = ComposeFiles.own + ComposeFiles.corpus

  @Test func `there are many of them`() {
    #expect(ComposeFiles.own.count >= 30)
    #expect(ComposeFiles.corpus.isEmpty || ComposeFiles.corpus.count > 100)
  }

  /// There is none but those that a comment marks: what a file asks for and a script can't do.
  @Test(arguments: ComposeFiles.own)
  func `no finding is a false one`(_ project: ComposeFiles.Project) throws {
    let findings = try project.compilation().findings(as: .text)
    let found = findings.split(separator: "\n").filter { $0.hasPrefix("error[") || $0.hasPrefix("warning[") }
    let marked = try project.files.flatMap { name in
      try String(contentsOfFile: "\(project.folder)/\(name)", encoding: .utf8).matches(of: /# (warning): (NW[0-9]+)/)
        .map { "\($0.1)[\($0.2) " }
    }
    #expect(found.count == marked.count && zip(found, marked).allSatisfy { $0.hasPrefix($1) }, "\(findings)")
  }

  @Test(arguments: all)
  func `the simulator carries the plan out, and neighbors answer`(_ project: ComposeFiles.Project) throws {
    let compilation = try project.compilation()
    let findings = try compilation.findings(as: .text)
    let simulation = try #require(Simulation(compilation), "\(findings)")
    #expect(!simulation.hasFailures, "\(simulation.stepsText(showsAll: false))")
    for (from, to) in Self.neighbors(in: try #require(compilation.topology)) {
      var copy = simulation
      let outcome = try copy.run(try ScenarioStep("ping \(from) \(to)"))
      #expect(outcome.isGood, "\(from) to \(to)")
    }
  }

  @Test(arguments: all)
  func `the resolved file resolves to itself`(_ project: ComposeFiles.Project) throws {
    let once = try #require(try project.compilation().resolvedFile())
    let again = compile([Input(name: "resolved.yaml", bytes: Array(once.utf8))])
    let findings = try again.findings(as: .text)
    #expect(again.resolvedFile() == once, "\(findings)")
  }

  /// One sandbox for them all: each is built, tried and taken down, and nothing stays.
  @Test func `the kernel carries the scripts out, and neighbors answer`() throws {
    var files: [String: String] = [:]
    var text = """
      # What macvlan networks stand on; the other end is the house's network.
      ip link add eth0 type veth peer name house
      ip link set eth0 up; ip link set house up; ip link set lo up
      before=$(settled)

      """
    for (index, project) in Self.all.enumerated() {
      let compilation = try project.compilation()
      let topology = try #require(compilation.topology)
      // The machine's kernel may have no ipvlan and no dummy devices.
      guard !topology.networks.contains(where: Self.needsMore) else { continue }
      let script: String = try #require(compilation.script())
      files["\(index).sh"] = script
      text += "check '\(project.testDescription): up' sh \(index).sh\n"
      for (from, to) in Self.neighbors(in: topology) {
        text += "check '\(project.testDescription): \(from) to \(to)' ip netns exec \(from) ping -c 1 -W 3 \(to)\n"
      }
      text += "check '\(project.testDescription): down' sh \(index).sh down\n"
    }
    text += "same 'nothing stays' \"$before\" \"$(settled)\"\n"
    let outcome = try KernelSandbox.run(text, files: files, seconds: 500)
    #expect(outcome.status == 0 && outcome.output.hasSuffix("passed\n"), "\(outcome.output)\(outcome.errors)")
  }

  private static func needsMore(_ network: Network) -> Bool {
    guard network.isUsed else { return false }
    switch network.driver {
    case .ipvlan, .macvlan(_, true, _): return true
    case .macvlan(_, false, _), .bridge, .host, .none: return false
    }
  }

  /// For each network two nodes on it: the namespace of one, and an address of the other.
  private static func neighbors(in topology: Topology) -> [(from: String, to: String)] {
    topology.networks.indices.compactMap { index in
      var members: [(namespace: String, address: IPAddress)] = []
      for node in topology.nodes {
        guard case .namespace(let name) = node.home else { continue }
        for interface in node.interfaces {
          switch interface.source {
          case .port(let id, _, _), .child(let id):
            guard id.index == index, let address = interface.addresses.first?.address.address else { continue }
            members.append((name.text, address))
          case .link, .device: continue
          }
        }
      }
      guard members.count > 1, let last = members.last else { return nil }
      return (members[0].namespace, last.address.description)
    }
  }
}
