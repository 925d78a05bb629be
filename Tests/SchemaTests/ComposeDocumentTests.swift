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

  @Test(arguments: ComposeKeys.all.map(\.mapping))
  func `the tables have every key of the Compose Specification`(_ mapping: String) throws {
    let keys = try #require(ComposeKeys.all.first { $0.mapping == mapping }).keys
    let table = try #require(TableDescription.all.first { $0.name == mapping })
    let known = Set(table.keys.filter { $0.standing == .compose || $0.standing == .ignored }.map(\.name))
    #expect(keys.filter { !known.contains($0) } == [], "\(mapping)")
  }

  /// The list is the specification's own, where its schema is at hand.
  @Test func `the list is what the specification's schema says`() throws {
    let path = Self.root + "../shared/schemas/compose-spec.json"
    guard let data = FileManager.default.contents(atPath: path) else { return }
    let schema = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let definitions = try #require(schema["definitions"] as? [String: Any])
    for (mapping, keys) in [
      ("file", schema["properties"]), ("service", (definitions["service"] as? [String: Any])?["properties"]),
      ("network", (definitions["network"] as? [String: Any])?["properties"]),
      ("deploy", (definitions["deployment"] as? [String: Any])?["properties"]),
    ] {
      let names = try #require(keys as? [String: Any]).keys.sorted()
      #expect(names == ComposeKeys.all.first { $0.mapping == mapping }?.keys, "\(mapping)")
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
