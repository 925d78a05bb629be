import Foundation
import KernelComparison
import Testing

/// What the simulator says comes of a probe is what comes of it in the kernel, and its state is the kernel's.
@Suite(.serialized) struct KernelComparisonTests {
  /// How many files are made: 100, or as many as NETWRIGHT_COMPARISONS says.
  static let count = ProcessInfo.processInfo.environment["NETWRIGHT_COMPARISONS"].flatMap { Int($0) } ?? 100
  /// The first seed: 1, or what NETWRIGHT_SEED says.
  static let firstSeed = ProcessInfo.processInfo.environment["NETWRIGHT_SEED"].flatMap { UInt64($0) } ?? 1
  /// Seeds of which kernel and simulator are known to differ, and in what; docs/fidelity.md tells of them.
  static let known: [UInt64: Comment] = [
    6: "DOWN or LOWERLAYERDOWN", 10: "a connection to a network's first address",
    48: "routes of a device without carrier",
    61: "whether an address is said to be unreachable", 75: "states or routes before the probes",
    85: "a ping that can't be sent", 97: "connections to a network's first address",
    100: "states or routes before the probes",
  ]
  /// How many networks are built in one sandbox, a dozen of them side by side.
  static let batch = 50

  @Test(arguments: Array(stride(from: 0, to: count, by: batch)))
  func `the kernel agrees`(_ start: Int) throws {
    let seeds = (start..<min(start + Self.batch, Self.count)).map { Self.firstSeed + UInt64($0) }
    let isThorough = ProcessInfo.processInfo.environment["NETWRIGHT_THOROUGH"] != nil
    let cases = seeds.compactMap { seed in
      var one = Comparison(seed: seed)
      one?.isThorough = isThorough
      return one
    }
    // Were most refused, the kernel would be asked about nothing.
    #expect(cases.count * 2 >= seeds.count, "only seeds \(cases.map(\.name)) were accepted")
    let differences = try Comparison.differences(of: cases)
    for one in cases {
      let texts = differences[one.name]?.map(\.text) ?? []
      let text = "seed \(one.name):\n\(texts.joined(separator: "\n"))\n\(one.yaml)"
      if let reason = UInt64(one.name).flatMap({ Self.known[$0] }) {
        withKnownIssue(reason, isIntermittent: true) { #expect(texts.isEmpty, "\(text)") }
      } else {
        #expect(texts.isEmpty, "\(text)")
      }
    }
  }
}
