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

  private static func compilation(of file: String) throws -> Compilation {
    var selection = InputSelection()
    selection.files = [corpus + "/" + file]
    let (inputs, options) = try InputFiles.project(selection, in: ProcessContext(environment: [:], directory: corpus))
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
