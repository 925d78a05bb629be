import KernelComparison
import Testing

/// What the simulator says of devices that the machine's kernel lacks is what the second kernel does: 802.1Q,
/// VLAN-aware bridges, ipvlan, dummy devices, VRFs, bonds and delays are in the files that these seeds make for it.
@Suite(.serialized) struct SecondKernelComparisonTests {
  /// Some of the first fifty seeds, all kinds of devices among their files.
  ///
  /// `netwright-fuzz --second` compares others.
  static let seeds: [UInt64] = [2, 3, 13, 16, 29, 41, 44, 48]

  /// All side by side, since they mostly wait: those of the seeds, and the files of what once differed.
  @Test func `the second kernel agrees, with what once differed too`() throws {
    let generated = Self.seeds.compactMap { Comparison(seed: $0, for: .second) }
    #expect(generated.count == Self.seeds.count, "only \(generated.map(\.name)) were accepted")
    let cases =
      try SelftestTests.files("SecondRegressions").map { name, text in
        try #require(Comparison(named: name, yaml: text, seed: 1, for: .second), "\(name) has errors")
      } + generated
    let findings = try Comparison.findings(of: cases, in: .second)
    for one in cases {
      let texts = findings.differences[one.name]?.map(\.text) ?? []
      #expect(texts.isEmpty, "\(one.name):\n\(texts.joined(separator: "\n"))\n\(one.yaml)")
    }
    // The machine may be so busy that some are late all the same: of those the outcomes and what was there before are
    // compared.
    #expect(
      findings.partial.count * 4 <= cases.count, "too busy: \(findings.partial.sorted()) were compared in part only")
  }

  @Test(arguments: [
    "type: vlan,", "vlan_filtering: true", "driver: ipvlan", "type: dummy", "type: vrf", "type: bond", "impairment:",
  ])
  func `what the machine's kernel lacks is among it`(_ word: String) {
    let files = Self.seeds.compactMap { Comparison(seed: $0, for: .second)?.yaml }
    #expect(files.contains { $0.contains(word) })
  }
}
