import Foundation
import KernelComparison
import Testing

/// What the simulator says comes of a probe is what comes of it in the kernel, and its state is the kernel's.
@Suite(.serialized) struct KernelComparisonTests {
  /// How many files are made: so many that 200 are accepted, or as many as NETWRIGHT_COMPARISONS says.
  static let count = ProcessInfo.processInfo.environment["NETWRIGHT_COMPARISONS"].flatMap { Int($0) } ?? 236
  /// The first seed: 1, or what NETWRIGHT_SEED says.
  static let firstSeed = ProcessInfo.processInfo.environment["NETWRIGHT_SEED"].flatMap { UInt64($0) } ?? 1
  /// How many networks are built in one sandbox, a dozen of them side by side.
  static let batch = 50

  @Test(arguments: Array(stride(from: 0, to: count, by: batch)))
  func `the kernel agrees`(_ start: Int) throws {
    let seeds = (start..<min(start + Self.batch, Self.count)).map { Self.firstSeed + UInt64($0) }
    let cases = seeds.compactMap { Comparison(seed: $0) }
    // Were many refused, the kernel would be asked about little.
    #expect(cases.count * 3 >= seeds.count * 2, "only seeds \(cases.map(\.name)) were accepted")
    let findings = try Comparison.findings(of: cases)
    expectNone(findings.differences, of: cases)
    // A machine may be too busy for a few to be compared whole, but not for many: it would say little.
    if !findings.partial.isEmpty { print("compared in part only: seeds \(findings.partial.sorted())") }
    #expect(findings.partial.count * 4 <= cases.count, "the machine is too busy to compare with")
    #expect(findings.racing.count * 8 <= cases.count, "races: seeds \(findings.racing.sorted())")
    // So it would if much were left to chance.
    let (kept, leftOut) = (cases.map(\.probeCount).reduce(0, +), cases.map(\.leftOutCount).reduce(0, +))
    #expect(leftOut * 20 <= kept, "\(leftOut) connections left out beside \(kept) probes")
  }

  private func expectNone(_ differences: [String: [Comparison.Difference]], of cases: [Comparison]) {
    for one in cases {
      let texts = differences[one.name]?.map(\.text) ?? []
      #expect(texts.isEmpty, "seed \(one.name):\n\(texts.joined(separator: "\n"))\n\(one.yaml)")
    }
  }
}
