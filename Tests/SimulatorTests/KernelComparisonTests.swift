import Foundation
import NetworkTypes
import Netwright
import NetwrightTestSupport
import Simulator
import Testing

/// What the simulator says comes of a probe is what comes of it in the kernel, and its state is the kernel's.
@Suite struct KernelComparisonTests {
  /// How many files are made: 200, or as many as NETWRIGHT_COMPARISONS says.
  static let count = ProcessInfo.processInfo.environment["NETWRIGHT_COMPARISONS"].flatMap { Int($0) } ?? 200
  /// The first seed: 1, or what NETWRIGHT_SEED says.
  static let firstSeed = ProcessInfo.processInfo.environment["NETWRIGHT_SEED"].flatMap { UInt64($0) } ?? 1
  /// How many networks are built side by side.
  static let batch = 10
  /// How many probes of a file that differ are tried again.
  static let mostRetries = 8

  private struct Case {
    let seed: UInt64
    let yaml: String
    let script: String
    let machine: SimulatedMachine
  }

  @Test(arguments: Array(stride(from: 0, to: count, by: batch)))
  func `the kernel agrees`(_ start: Int) throws {
    let seeds = (start..<min(start + Self.batch, Self.count)).map { Self.firstSeed + UInt64($0) }
    let cases = seeds.compactMap(Self.make)
    // Were most refused, the kernel would be asked about nothing.
    #expect(cases.count * 2 >= seeds.count, "only seeds \(cases.map(\.seed)) were accepted")
    let answers = try KernelAnswers(
      cases.map { .init(name: "\($0.seed)", script: $0.script, probes: $0.machine.timed($0.machine.probes)) })
    for one in cases {
      var differences = ["up", "down"].filter { answers.probes["\(one.seed) \($0)"] != nil }
      let differing = one.machine.probes.filter { probe in
        answers.probes["\(one.seed) \(probe.name)"] != one.machine.outcome(of: probe)
      }
      differences += try Self.confirmed(differing, of: one)
      differences += one.machine.stateDifferences(from: answers.states, job: "\(one.seed)")
      #expect(differences.isEmpty, "seed \(one.seed):\n\(differences.joined(separator: "\n"))\n\(one.yaml)")
    }
  }

  private static func make(_ seed: UInt64) -> Case? {
    var generator = TopologyGenerator(seed: seed)
    let yaml = generator.file()
    guard let machine = SimulatedMachine(yaml),
      let script = compile([Input(name: "lab.yaml", bytes: Array(yaml.utf8))]).script()
    else { return nil }
    return Case(seed: seed, yaml: yaml, script: script, machine: machine)
  }

  /// Tries probes again, each alone in a fresh network: those of one network share its neighbor tables and its
  /// allowances for errors.
  private static func confirmed(_ probes: [SimulatedMachine.Probe], of one: Case) throws -> [String] {
    let retried = probes.prefix(mostRetries).enumerated().map { (name: "\(one.seed)-\($0)", probe: $1) }
    let answers = try KernelAnswers(
      retried.map { .init(name: $0.name, script: one.script, probes: one.machine.timed([$0.probe])) })
    return retried.compactMap { name, probe in
      let simulated = one.machine.outcome(of: probe)
      let real = answers.probes["\(name) \(probe.name)"] ?? "no answer"
      return simulated == real ? nil : "\(probe.name) -> the kernel says \(real), the simulator \(simulated)"
    }
  }
}
