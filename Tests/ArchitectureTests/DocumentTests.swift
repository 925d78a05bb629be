import Foundation
import Testing

/// The documents against what they speak of.
@Suite struct DocumentTests {
  @Test func architectureDescribesEveryModule() throws {
    let text = try Repository.text("ARCHITECTURE.md")
    for module in try Repository.modules() {
      #expect(text.contains("\n**`\(module)`**"), "ARCHITECTURE.md has no paragraph on \(module)")
    }
  }

  @Test func everyInvariantNamesATestThatExists() throws {
    let text = try Repository.text("ARCHITECTURE.md")
    let invariants = text.split(separator: "\n- ").filter { $0.hasPrefix("**Invariant:**") }
    try #require(invariants.count >= 8)
    let tests = try Repository.files(below: "Tests", suffix: "Tests.swift").map(\.text).joined(separator: "\n")
    for invariant in invariants {
      let first = invariant.components(separatedBy: "\n\n")[0]
      let list = try #require(first.firstRange(of: /Kept by\s/), "it names no test: \(first)")
      let names = first[list.upperBound...].matches(of: /`([^`]+)`/).map { String($0.1) }
      #expect(!names.isEmpty, "no test is named: \(first)")
      for name in names {
        // SUITE, or SUITE.test.
        let parts = name.split(separator: ".", maxSplits: 1)
        let suite = parts.first.map(String.init) ?? ""
        #expect(tests.contains(try Regex("\\b(?:struct|class|enum|extension) \(suite)\\b")), "no suite \(suite)")
        if parts.count > 1 {
          #expect(tests.contains("func \(parts[1])(") || tests.contains("func `\(parts[1])`("), "no test \(name)")
        }
      }
    }
  }

  @Test func linksBetweenDocumentsLeadSomewhere() throws {
    let documents = try Repository.files(below: "", suffix: ".md")
    try #require(documents.count > 5)
    for document in documents where !document.path.hasPrefix("Tests/") {
      for link in document.text.matches(of: /\]\(([^)#\s]+)(?:#[^)]*)?\)/) where !link.1.contains(":") {
        let folder = Repository.root.appending(path: document.path).deletingLastPathComponent()
        let target = folder.appending(path: String(link.1)).path
        #expect(FileManager.default.fileExists(atPath: target), "\(document.path): \(link.1) is not there")
      }
    }
  }

  @Test func everyExampleIsListedAndExplained() throws {
    let index = try Repository.text("Examples/README.md")
    let folder = Repository.root.appending(path: "Examples")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasSuffix(".md") }
    try #require(names.count >= 10)
    for name in names {
      #expect(index.contains("[\(name)](\(name)/)"), "Examples/README.md does not list \(name)")
      let files = try Repository.files(below: "Examples/\(name)")
      #expect(files.contains { $0.name == "README.md" }, "Examples/\(name) has no README.md")
      let yaml = try #require(files.first { $0.path.hasSuffix(".yaml") }, "Examples/\(name) has no file")
      #expect(yaml.text.hasPrefix("# "), "\(yaml.path) does not start with what it shows")
      #expect(yaml.text.contains("expect: reachable"), "\(yaml.path) has no check of what answers")
      #expect(
        yaml.text.contains(/expect: (?:unreachable|filtered|refused)/), "\(yaml.path) has no check of what doesn't")
    }
  }

  /// Files speak of the project alone, not of a machine or a workplace it was written on.
  @Test func filesAreFreeOfTheirWorkplace() throws {
    let words = ["/wo" + "rk/", "/tmp/hel" + "per", "sub" + "agent", "cla" + "ude", "anthro" + "pic", "/ro" + "ot/"]
    let files = try Repository.files(below: "")
    try #require(files.count > 100)
    for file in files {
      let text = file.text.lowercased()
      for word in words { #expect(!text.contains(word), "\(file.path) says \(word)") }
    }
  }
}
