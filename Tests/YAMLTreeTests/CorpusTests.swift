import Diagnostics
import Foundation
import Testing
import YAMLTree

/// Where compose files of public projects are, if they are: a folder beside the repository, or `NETWRIGHT_CORPUS`.
private let corpus: URL? = {
  let beside = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../shared/corpus/compose")
  let folder = ProcessInfo.processInfo.environment["NETWRIGHT_CORPUS"].map { URL(filePath: $0) } ?? beside.standardized
  return FileManager.default.fileExists(atPath: folder.path()) ? folder : nil
}()

@Suite struct CorpusTests {
  @Test(.enabled(if: corpus != nil)) func `Compose files of public projects are read without findings`() throws {
    let folder = try #require(corpus)
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    var count = 0
    for case let file as URL in files where file.pathExtension == "yml" || file.pathExtension == "yaml" {
      let sample = Sample(bytes: Array(try Data(contentsOf: file)))
      #expect(sample.findings == [], "\(file.path())")
      #expect(sample.reading.documents.count == 1, "\(file.path())")
      count += 1
    }
    #expect(count > 0)
  }
}
