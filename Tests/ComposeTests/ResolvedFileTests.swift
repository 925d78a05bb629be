import Foundation
import NetwrightTestSupport
import Testing

@testable import Netwright

/// What `netwright config` prints is valid as input again, and comes to the same: the same text, and the same
/// operations.
@Suite struct ResolvedFileTests {
  /// How many files of each kind are made: 400, or as many as NETWRIGHT_RESOLVED says.
  static let count: Int = ProcessInfo.processInfo.environment["NETWRIGHT_RESOLVED"].flatMap { Int($0) } ?? 400
  static let batch: Int = 50

  /// What a project comes to.
  private func compiled(_ project: ComposeGenerator.Project) -> Compilation {
    var options = CompileOptions(environment: project.environment)
    options.directory = "/generated"
    options.profiles = project.profiles
    return compile(
      project.files.enumerated().map { Input(name: "\($0).yaml", bytes: Array($1.utf8)) }, options: options)
  }

  @Test(arguments: Array(stride(from: 0, to: count, by: batch)))
  func `generated compose projects`(_ start: Int) throws {
    var accepted = 0
    for seed in start..<(start + Self.batch) {
      var generator = ComposeGenerator(seed: UInt64(seed))
      let project = generator.project()
      let compilation = compiled(project)
      guard !compilation.hasErrors else { continue }
      accepted += 1
      try expectSame(compilation, "seed \(seed)\n\(project.files.joined(separator: "=====\n"))")
    }
    // A generator of files that nobody takes would test nothing.
    #expect(accepted > Self.batch / 2, "\(accepted) of \(Self.batch) files are accepted")
  }

  @Test(arguments: Array(stride(from: 0, to: count, by: batch)), [TopologyGenerator.Kernel.common, .complete])
  func `generated files with all that a plan can have`(_ start: Int, _ kernel: TopologyGenerator.Kernel) throws {
    for seed in start..<(start + Self.batch) {
      var generator = TopologyGenerator(seed: UInt64(seed), for: kernel)
      let text = generator.file()
      let compilation = compile([Input(name: "generated.yaml", bytes: Array(text.utf8))])
      guard !compilation.hasErrors else { continue }
      try expectSame(compilation, "seed \(seed)\n\(text)")
    }
  }

  @Test(arguments: ComposeFiles.own + ComposeFiles.corpus)
  func `every real file`(_ project: ComposeFiles.Project) throws {
    try expectSame(try project.compilation(), project.testDescription)
  }

  @Test(arguments: try examples())
  func `every example`(_ path: String) throws {
    let bytes = Array(try Data(contentsOf: URL(filePath: path)))
    try expectSame(compile([Input(name: path, bytes: bytes)]), path)
  }

  @Test func `a file of networks alone`() throws {
    let text = """
      name: base
      networks:
        plain:
        inner: { internal: true, ipam: { config: [{ subnet: 10.0.0.0/24, aux_addresses: { a: 10.0.0.9 } }] } }
        layer2: { ipam: { driver: "null" } }
        six: { enable_ipv6: true }
        theirs: { external: true }
      """
    let compilation = compile([Input(name: "base.yaml", bytes: Array(text.utf8))])
    try expectSame(compilation, text)
    let resolved = try #require(compilation.resolvedFile())
    for line in ["plain:", "subnet: 10.0.0.0/24", "driver: \"null\"", "enable_ipv6: true", "external: true"] {
      #expect(resolved.contains(line), "\(line)\n\(resolved)")
    }
  }

  @Test func `dollar signs, and the weight of one next hop`() throws {
    let text = #"""
      services:
        web:
          networks: { lan: { ipv4_address: 10.0.0.2 } }
          routes: [{ to: 10.9.0.0/16, nexthops: [{ via: 10.0.0.3, weight: 7 }] }]
          firewall: { input: { rules: [{ icmp: echo-request, action: accept, comment: "costs $$HOME $$5" }] } }
      networks: { lan: { name: "net$$HOME", ipam: { config: [{ subnet: 10.0.0.0/24 }] } } }
      """#
    let compilation = compile([Input(name: "dollars.yaml", bytes: Array(text.utf8))])
    try expectSame(compilation, text)
    let resolved = try #require(compilation.resolvedFile())
    for words in ["name: net$$HOME", "costs $$HOME $$5", "weight: 7"] {
      #expect(resolved.contains(words), "\(words)\n\(resolved)")
    }
  }

  private func expectSame(_ compilation: Compilation, _ what: String) throws {
    let once = try #require(compilation.resolvedFile())
    let again = compile([Input(name: "resolved.yaml", bytes: Array(once.utf8))])
    let findings = try again.findings(as: .text)
    #expect(!again.hasErrors, "\(what)\n\(findings)\n\(once)")
    guard let twice = again.resolvedFile() else { return }
    #expect(twice == once, "\(what)\n\(once)\nbecomes\n\(twice)")
    let first = compilation.operations
    let second = again.operations
    for (one, other) in zip(first, second) where one != other {
      Issue.record("\(what)\n\(one)\nbecomes\n\(other)\n\(once)")
      break
    }
    #expect(first.count == second.count, "\(what)")
  }

  private static func examples() throws -> [String] {
    let folder = URL(filePath: ComposeFiles.root).appending(path: "../../Examples").standardizedFileURL
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
    return paths.sorted().map { folder.appending(path: $0).path }
  }
}
