import Foundation
import Netwright
import Testing

/// The plan and the script of small files, as they were read and found right by hand.
///
/// With NETWRIGHT_RECORD=1 they are written anew, and the test fails: what was written is to be read before it is kept.
@Suite struct GoldenTests {
  @Test(arguments: try cases())
  func `plan and script are as recorded`(_ name: String) throws {
    let input = try Data(contentsOf: Self.folder.appending(path: "\(name)/input.yaml"))
    let compilation = compile([Input(name: "input.yaml", bytes: Array(input))])
    let again = compile([Input(name: "input.yaml", bytes: Array(input))])
    #expect(!compilation.hasErrors && compilation.script() == again.script())
    try compare(try #require(compilation.planText(showsSteps: true)), with: "\(name)/plan.txt")
    for style in ScriptStyle.allCases {
      try compare(commands(of: try #require(compilation.script(style: style))), with: "\(name)/\(style.rawValue).txt")
    }
  }

  @Test func `nothing lies about without a test`() throws {
    for name in try Self.cases() {
      let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.appending(path: name).path).sorted()
      #expect(files == ["fast.txt", "input.yaml", "plain.txt", "plan.txt"])
    }
  }

  /// What a script does, without the runtime that all scripts share.
  private func commands(of script: String) -> String {
    let lines = script.split(separator: "\n", omittingEmptySubsequences: false)
    let first = lines.firstIndex { $0 == "block_1() {" || $0 == "apply() {" } ?? 0
    let apply = lines.firstIndex { $0 == "apply() {" } ?? 0
    let runtime = lines[apply...].firstIndex { $0.hasPrefix("state=") } ?? lines.count - 1
    let last = lines[..<runtime].lastIndex { $0 == "}" } ?? lines.count - 1
    return lines[first...last].joined(separator: "\n") + "\n"
  }

  private func compare(_ text: String, with path: String) throws {
    let file = Self.folder.appending(path: path)
    if ProcessInfo.processInfo.environment["NETWRIGHT_RECORD"] == "1" {
      try text.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded \(path): read it before it is kept")
      return
    }
    let recorded = try String(contentsOf: file, encoding: .utf8)
    #expect(text == recorded, "\(path)")
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")

  private static func cases() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }
}
