import Foundation
import Netwright
import NetwrightTestSupport
import Testing

/// Whatever `validate` accepts the kernel must accept; up, up and down leave no trace.
@Suite struct GeneratedTopologyTests {
  /// How many files are made: 320, or as many as NETWRIGHT_TOPOLOGIES says.
  static let count = ProcessInfo.processInfo.environment["NETWRIGHT_TOPOLOGIES"].flatMap { Int($0) } ?? 320
  /// The first seed: 1, or what NETWRIGHT_SEED says.
  static let firstSeed = ProcessInfo.processInfo.environment["NETWRIGHT_SEED"].flatMap { UInt64($0) } ?? 1
  /// How many files a sandbox takes, one after the other.
  static let batch = 20

  @Test(arguments: Array(stride(from: 0, to: count, by: batch)))
  func `what is accepted works, twice, and goes without a trace`(_ start: Int) throws {
    let all = (start..<min(start + Self.batch, Self.count)).map { Self.firstSeed + UInt64($0) }
    var files: [String: String] = [:]
    var seeds: [UInt64] = []
    // The carrier of a device that has just gone up is reported a little later, and is no change.
    var text = #"""
      before=$(snapshot)
      links() { ip -o link show | sed 's/NO-CARRIER,//; s/,LOWER_UP//; s/ state [A-Z]*//'; ls -i /run/netns; }

      """#
    for (offset, seed) in all.enumerated() {
      var generator = TopologyGenerator(seed: seed)
      let yaml = generator.file()
      let compilation = compile([Input(name: "seed-\(seed).yaml", bytes: Array(yaml.utf8))])
      guard let script = compilation.script(style: offset % 4 == 3 ? .plain : .fast) else { continue }
      seeds.append(seed)
      files["\(seed).sh"] = script
      text += """
        check 'seed \(seed): up' sh \(seed).sh up
        first=$(links)
        check 'seed \(seed): up again' sh \(seed).sh up
        same 'seed \(seed): up again changes nothing' "$first" "$(links)"
        check 'seed \(seed): down' sh \(seed).sh down
        same 'seed \(seed): down leaves nothing' "$before" "$(snapshot)"

        """
    }
    // Were most refused, the kernel would be asked about nothing.
    #expect(seeds.count * 3 >= all.count, "only seeds \(seeds) were accepted")
    let outcome = try KernelSandbox.run(text, files: files, seconds: 240)
    #expect(
      outcome.status == 0 && outcome.output.hasSuffix("passed\n"),
      "seeds \(seeds)\n\(outcome.output)\(outcome.errors)")
  }
}
