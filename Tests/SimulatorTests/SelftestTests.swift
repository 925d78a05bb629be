import Foundation
import KernelComparison
import Netwright
import Testing

/// Scenarios of the kernel's own networking tests (tools/testing/selftests/net), in files of ours: their checks hold in
/// the simulator and in the kernel, and both agree on all that else can be tried in them.
@Suite struct SelftestTests {
  @Test func `the kernel agrees with every file, and both with its checks`() throws {
    let files = try Self.files("Selftests")
    let comparisons = try files.map { name, text in
      try #require(Comparison(named: name, yaml: text, seed: 1), "\(name) has errors")
    }
    #expect(comparisons.map(\.checkCount).reduce(0, +) >= 100)
    for one in comparisons {
      let failed = one.failedChecks()
      #expect(failed.isEmpty, "\(one.name): \(failed.joined(separator: "\n"))")
    }
    let differences = try Comparison.differences(of: comparisons)
    for (name, found) in differences.sorted(by: { $0.key < $1.key }) {
      Issue.record("\(name):\n\(found.map(\.text).joined(separator: "\n"))")
    }
  }

  @Test func `netwright test says the same`() throws {
    for (name, text) in try Self.files("Selftests") where !text.contains("\n# set ") && !text.hasPrefix("# unchecked") {
      let outcomes = try #require(compile([Input(name: name, bytes: Array(text.utf8))]).runChecks(), "\(name)")
      #expect(!outcomes.hasFailures, "\(name):\n\(outcomes.text(as: .text))")
    }
  }

  @Test func `what once differed agrees now`() throws {
    let comparisons = try Self.files("Regressions").map { name, text in
      try #require(Comparison(named: name, yaml: text, seed: 1), "\(name) has errors")
    }
    // A macvlan device also hears groups whose hash is that of one it listens to: 256 values, of a seed that differs
    // each time (mc_hash, drivers/net/macvlan.c). In one try of five `macvlan-groups` differs by that.
    for (name, found) in try Comparison.differences(of: comparisons, rounds: 5) {
      Issue.record("\(name):\n\(found.map(\.text).joined(separator: "\n"))")
    }
  }

  /// The files of a folder, by their names without the end.
  static func files(_ folder: String) throws -> [(name: String, text: String)] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: folder)
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "yaml" }.sorted { $0.path < $1.path }
      .map { ($0.deletingPathExtension().lastPathComponent, try String(contentsOf: $0, encoding: .utf8)) }
  }
}
