import KernelComparison
import Testing

/// What the simulator says of devices that the machine's kernel lacks is what the second kernel does: 802.1Q, VLAN-aware
/// bridges, ipvlan, dummy devices, VRFs, bonds and delays are in the files that these seeds make for it.
@Suite(.serialized) struct SecondKernelComparisonTests {
  /// Some of the first fifty seeds, all kinds of devices among their files.
  ///
  /// `netwright-fuzz --second` compares others.
  static let seeds: [UInt64] = [3, 13, 29, 41, 44]

  @Test func `the second kernel agrees`() throws {
    let cases = Self.seeds.compactMap { Comparison(seed: $0, for: .second) }
    #expect(cases.count == Self.seeds.count, "only \(cases.map(\.name)) were accepted")
    let findings = try Comparison.findings(of: cases, in: .second)
    for one in cases {
      let texts = findings.differences[one.name]?.map(\.text) ?? []
      #expect(texts.isEmpty, "seed \(one.name):\n\(texts.joined(separator: "\n"))\n\(one.yaml)")
    }
    // It has one processor, and a busy machine leaves it little: outcomes and what was there before are compared all the same.
    if !findings.partial.isEmpty { print("compared in part only: seeds \(findings.partial.sorted())") }
  }

  @Test func `what once differed there agrees now`() throws {
    let comparisons = try SelftestTests.files("SecondRegressions").map { name, text in
      try #require(Comparison(named: name, yaml: text, seed: 1, for: .second), "\(name) has errors")
    }
    for (name, found) in try Comparison.differences(of: comparisons, in: .second) {
      Issue.record("\(name):\n\(found.map(\.text).joined(separator: "\n"))")
    }
  }

  @Test(arguments: [
    "type: vlan,", "vlan_filtering: true", "driver: ipvlan", "type: dummy", "type: vrf", "type: bond", "impairment:",
  ])
  func `what the machine's kernel lacks is among it`(_ word: String) {
    let files = Self.seeds.compactMap { Comparison(seed: $0, for: .second)?.yaml }
    #expect(files.contains { $0.contains(word) })
  }
}
