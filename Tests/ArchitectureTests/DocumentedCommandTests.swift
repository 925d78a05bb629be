import Foundation
import NetwrightTestSupport
import Testing

/// The code blocks of the documents: those marked `sh` are run, those marked `yaml` validated.
@Suite struct DocumentedCommandTests {
  /// A document and its blocks of one language, in their order.
  struct Blocks: CustomTestStringConvertible, Sendable {
    let path: String
    let texts: [String]

    var testDescription: String { path }
  }

  /// Documents whose commands need what this machine's kernel may lack; the second kernel builds their networks.
  private static let needSecondKernel = ["Examples/vlan-trunk/README.md", "Examples/lossy-link/README.md"]

  @Test(arguments: try documents(with: "sh"))
  func commandsWork(_ document: Blocks) throws {
    guard !Self.needSecondKernel.contains(document.path) else { return try compileOnly(document) }
    let folder = FileManager.default.temporaryDirectory.appending(path: "netwright-documents-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createSymbolicLink(
      at: folder.appending(path: "Examples"), withDestinationURL: Repository.root.appending(path: "Examples"))
    _ = try Products.path("netwright")
    let text = document.texts.joined(separator: "\n")
    let outcome = try Products.run("bash", ["-euxo", "pipefail", "-c", text], in: folder)
    #expect(outcome.status == 0, "\(outcome.output)")
  }

  @Test(arguments: try documents(with: "yaml"))
  func filesAreValid(_ document: Blocks) throws {
    for text in document.texts {
      let outcome = try Products.run(Products.path("netwright"), ["validate", "-f", "-"], input: text)
      // A block that shows an error says so in a comment.
      let expected: Int32 = text.contains("# error: NW") ? 1 : 0
      #expect(outcome.status == expected, "\(text)\n\(outcome.output)")
    }
  }

  @Test func documentsHaveCommands() throws {
    let paths = try Self.documents(with: "sh").map(\.path)
    #expect(paths.contains("README.md") && paths.count > 10)
    #expect(Set(Self.needSecondKernel).isSubset(of: paths))
  }

  /// Runs those commands of a document that need no kernel.
  private func compileOnly(_ document: Blocks) throws {
    let lines = document.texts.flatMap { $0.split(separator: "\n") }.filter { $0.hasPrefix("netwright plan") }
    try #require(!lines.isEmpty)
    for line in lines {
      _ = try Products.path("netwright")
      let outcome = try Products.run("bash", ["-euc", String(line)])
      #expect(outcome.status == 0, "\(outcome.output)")
    }
  }

  private static func documents(with language: String) throws -> [Blocks] {
    let files =
      try [Repository.files(below: "docs", suffix: ".md"), Repository.files(below: "Examples", suffix: ".md")]
      .joined() + [Repository.File(path: "README.md", text: Repository.text("README.md"))]
    return files.compactMap { file in
      let texts = file.text.components(separatedBy: "\n```\(language)\n").dropFirst().map {
        $0.components(separatedBy: "\n```")[0] + "\n"
      }
      return texts.isEmpty ? nil : Blocks(path: file.path, texts: texts)
    }
  }
}
