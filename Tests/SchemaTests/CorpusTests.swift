import Foundation
import Netwright
import Testing

private let corpus =
  ProcessInfo.processInfo.environment["NETWRIGHT_CORPUS"]
  ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appending(path: "shared/corpus/compose").path

/// Real compose files of public projects, where they are at hand: NETWRIGHT_CORPUS, or ../shared/corpus/compose.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: corpus))) struct CorpusTests {
  /// What docker-compose 1.29 says of a file.
  struct Verdict: CustomTestStringConvertible, Sendable {
    let file: String
    let isAccepted: Bool
    let message: String

    var testDescription: String { file }

    /// Whether the file is refused for what concerns no network, or by what is too old for it.
    var isRefusedForOtherReasons: Bool {
      message.contains("has neither an image nor a build context") || message.contains("'name' does not match")
    }
  }

  @Test(arguments: try verdicts())
  func `what compose accepts compiles, what it refuses is refused`(_ verdict: Verdict) throws {
    let compilation = try Self.compilation(of: verdict.file)
    let findings = try compilation.findings(as: .text)
    if verdict.isAccepted || verdict.isRefusedForOtherReasons {
      #expect(!compilation.hasErrors && compilation.script() != nil, "\(findings)")
    } else {
      #expect(compilation.hasErrors, "\(verdict.message)")
    }
  }

  @Test(arguments: try verdicts())
  func `the resolved file resolves to itself`(_ verdict: Verdict) throws {
    guard let once = try Self.compilation(of: verdict.file).resolvedFile() else { return }
    let twice = compile([Input(name: "resolved.yaml", bytes: Array(once.utf8))])
    let findings = try twice.findings(as: .text)
    #expect(twice.resolvedFile() == once, "\(findings)")
  }

  @Test func `the corpus is whole`() throws {
    let count = try Self.verdicts().count
    #expect(count > 100)
  }

  /// Where a file that docker-compose refuses for the sake of its model is wrong: found by reading the file, with the
  /// code that fits.
  private static let refused = [
    // Line 36 is `environment:` with nothing but a comment below it.
    "nginx-proxy__nginx-proxy/docker-compose-separate-containers.yml": ["36 NW0102"]
  ]

  @Test func `what is refused for the model is refused at its line`() throws {
    let verdicts = try Self.verdicts()
    let models = verdicts.filter { !$0.isAccepted && !$0.isRefusedForOtherReasons }.map(\.file)
    #expect(models == Self.refused.keys.sorted())
    for (file, expected) in Self.refused {
      #expect(try Self.findings(in: file) == expected, "\(file)")
    }
  }

  /// What deserves a warning in what docker-compose accepts, by reading the files.
  ///
  /// It is a variable that neither the file nor an `.env` beside it sets, and a network that nothing is attached to.
  /// docker-compose warns of each of them too.
  private static let warned = [
    "hyperledger__fabric-samples/asset-transfer-basic/rest-api-typescript/docker-compose.yaml": ["6 NW0119"],
    "hyperledger__fabric-samples/test-network/addOrg3/compose/compose-ca-org3.yaml": ["7 NW0202"],
    "hyperledger__fabric-samples/test-network/addOrg3/compose/docker/docker-compose-org3.yaml": [
      "7 NW0202", "22 NW0119",
    ],
    "hyperledger__fabric-samples/test-network/compose/docker/docker-compose-bft-test-net.yaml": ["18 NW0119"],
    "hyperledger__fabric-samples/test-network/compose/docker/docker-compose-test-net.yaml": ["18 NW0119"],
  ]

  @Test func `no warning is a false one`() throws {
    for verdict in try Self.verdicts() where verdict.isAccepted {
      #expect(try Self.findings(in: verdict.file) == Self.warned[verdict.file] ?? [], "\(verdict.file)")
    }
  }

  /// What is found in a file: `LINE CODE`.
  private static func findings(in file: String) throws -> [String] {
    try compilation(of: file).findings(as: .json).matches(
      of: /"code" ?: ?"(?<code>NW\d+)"[\s\S]*?"start" ?: ?\{[^}]*"line" ?: ?(?<line>\d+)/
    ).map { "\($0.output.line) \($0.output.code)" }
  }

  private static func compilation(of file: String) throws -> Compilation {
    var selection = InputSelection()
    selection.files = [corpus + "/" + file]
    // Every shell sets PWD, and compose files count on it.
    let context = ProcessContext(environment: ["PWD": corpus], directory: corpus)
    let (inputs, options) = try InputFiles.project(selection, in: context)
    return compile(inputs, options: options)
  }

  private static func verdicts() throws -> [Verdict] {
    guard let text = try? String(contentsOfFile: corpus + "/oracle.tsv", encoding: .utf8) else { return [] }
    return text.split(separator: "\n").dropFirst().map { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return Verdict(file: fields[0], isAccepted: fields[1] == "accepts", message: fields.count > 2 ? fields[2] : "")
    }
  }
}
