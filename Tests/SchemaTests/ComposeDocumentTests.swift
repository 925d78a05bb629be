import Foundation
import ProjectFile
import Testing

/// docs/compose.md says of every key of compose what becomes of it, and of none that isn't one.
@Suite struct ComposeDocumentTests {
  /// The mappings that compose has, by the headings under which their keys stand.
  private static let headings = [
    "file", "service", "service's network", "deploy", "port", "dependency", "extends", "include", "network",
    "driver options", "ipam", "pool",
  ]

  @Test(arguments: headings)
  func `the document has every key of compose`(_ heading: String) throws {
    let table = try #require(TableDescription.all.first { $0.name == heading })
    let section = try Self.section(heading)
    let honoured = Set(table.keys.filter { $0.standing == .compose }.map(\.name))
    let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
    #expect(Set(rows.compactMap { Self.words(in: String($0)).first }) == honoured)
    let ignored = Set(table.keys.filter { $0.standing == .ignored }.map(\.name))
    let paragraph = section.range(of: "Accepted and not looked at").map { String(section[$0.lowerBound...]) } ?? ""
    #expect(Set(Self.words(in: paragraph)) == ignored)
  }

  @Test func `the tables have every key of the Compose Specification's schema`() throws {
    let path = Self.root + "../shared/schemas/compose-spec.json"
    guard let data = FileManager.default.contents(atPath: path) else { return }
    let schema = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let definitions = try #require(schema["definitions"] as? [String: Any])
    for (heading, keys) in [
      ("file", schema["properties"]), ("service", (definitions["service"] as? [String: Any])?["properties"]),
      ("network", (definitions["network"] as? [String: Any])?["properties"]),
    ] {
      let names = try #require(keys as? [String: Any]).keys
      let table = try #require(TableDescription.all.first { $0.name == heading })
      let known = Set(table.keys.map(\.name))
      #expect(names.filter { !known.contains($0) } == [], "\(heading)")
    }
  }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent().path + "/../../"

  /// What stands under a heading of the third level.
  private static func section(_ heading: String) throws -> String {
    let document = try String(contentsOfFile: root + "docs/compose.md", encoding: .utf8)
    let start = try #require(document.range(of: "\n### \(heading)\n"), "\(heading)")
    let rest = document[start.upperBound...]
    return String(rest[..<(rest.range(of: "\n##")?.lowerBound ?? rest.endIndex)])
  }

  /// What stands between single back quotes.
  private static func words(in text: String) -> [String] {
    text.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
      .map { String($0.element) }
  }
}
