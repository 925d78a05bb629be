import Foundation
import Netwright
import Testing

/// Real compose files of public projects, where they are at hand: NETWRIGHT_CORPUS, or ../shared/corpus/compose.
@Suite struct CorpusTests {
  @Test(.enabled(if: FileManager.default.fileExists(atPath: CorpusTests.folder)))
  func `every file compiles`() throws {
    let files = try FileManager.default.subpathsOfDirectory(atPath: Self.folder)
      .filter { $0.hasSuffix(".yml") || $0.hasSuffix(".yaml") }.sorted()
    #expect(files.count > 100)
    for file in files {
      let path = Self.folder + "/" + file
      let input = Input(name: file, bytes: Array(try Data(contentsOf: URL(filePath: path))))
      let project = URL(filePath: path).deletingLastPathComponent().path
      let environment = try InputFiles.environment(in: project, over: [:])
      let compilation = compile([input], options: CompileOptions(directory: project, environment: environment))
      let findings = try compilation.findings(as: .text)
      #expect(!compilation.hasErrors && compilation.script() != nil, "\(findings)")
    }
  }

  private static let folder =
    ProcessInfo.processInfo.environment["NETWRIGHT_CORPUS"]
    ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "shared/corpus/compose").path
}
