import Foundation
import Plan
import Testing

/// Broken plans, made from good ones by changing every value, dropping every key and adding one to every object.
///
/// Whatever the reader refuses the schema must refuse too, and keys that the reader passes over. (The schema refuses
/// some things more: empty lists and numbers that the kernel doesn't take.)
@Suite struct PlanMutationTests {
  /// A document with one change in it.
  private struct Mutation {
    var document: JSON
    /// What was changed, for the message.
    var change: String
    /// Whether only the schema can know: the reader passes over keys that it doesn't know.
    var isUnknownKey = false
  }

  /// What a value is changed to: other types, and values that are almost right.
  private static func replacements(of value: JSON) -> [JSON] {
    switch value {
    case .null: [.boolean(true), .number(1), .text("Not A Name"), .list([])]
    case .boolean: [.number(1), .text("true"), .list([]), .null]
    case .number(let number):
      [.text("\(Int(number))"), .list([]), .null, .number(number + 0.5)]
        + [-1, 0, 1, number + 1, 4095, 4096, 65536, 16_777_216, 4_294_967_295, 4_294_967_296].map(JSON.number)
    case .text(let text):
      [.number(1), .boolean(true), .list([]), .object([:]), .null]
        + [
          "", text + "\n", text + " ", " " + text, "../" + text, text + "\u{e9}", text + "\u{0}", text.uppercased(),
          "-" + text, text + "/0", String(repeating: "a", count: 300), "'; touch x; '",
        ].map(JSON.text)
    case .list: [.object([:]), .list([]), .null]
    case .object: [.list([]), .null, .text("")]
    }
  }

  /// All changes of a value, put into the document by `place`.
  private static func mutations(of value: JSON, at path: String, place: (JSON) -> JSON) -> [Mutation] {
    var found = replacements(of: value).map { Mutation(document: place($0), change: "\(path) = \($0)") }
    switch value {
    case .object(let object):
      var larger = object
      larger["unknown"] = .number(1)
      found.append(
        Mutation(document: place(.object(larger)), change: "\(path) with a key more", isUnknownKey: true))
      for (key, inner) in object.sorted(by: { $0.key < $1.key }) {
        var smaller = object
        smaller[key] = nil
        found.append(Mutation(document: place(.object(smaller)), change: "\(path) without \(key)"))
        found += mutations(of: inner, at: "\(path).\(key)") { changed in
          var copy = object
          copy[key] = changed
          return place(.object(copy))
        }
      }
    case .list(let list):
      for (index, item) in list.enumerated().prefix(2) {
        found += mutations(of: item, at: "\(path)[\(index)]") { changed in
          var copy = list
          copy[index] = changed
          return place(.list(copy))
        }
      }
    case .null, .boolean, .number, .text: break
    }
    return found
  }

  @Test func `the schema refuses whatever the reader refuses`() throws {
    guard case .object(var whole) = try JSONDecoder().decode(JSON.self, from: Data(try everySample().json().utf8)),
      case .list(let steps) = whole["steps"]
    else {
      Issue.record("the samples are no plan")
      return
    }
    whole["steps"] = .list([])
    var mutations = Self.mutations(of: .object(whole), at: "plan") { $0 }
    for (index, step) in steps.enumerated() {
      let found = Self.mutations(of: step, at: "steps[\(index)]") { changed in
        var copy = whole
        copy["steps"] = .list([changed])
        return .object(copy)
      }
      // All steps have one origin: what can be wrong with it the first shows.
      mutations += index == 0 ? found : found.filter { !$0.change.hasPrefix("steps[\(index)].origin") }
    }
    #expect(mutations.count > 2000)

    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let documents = try mutations.map { try encoder.encode($0.document) }
    let verdicts = try verdicts(of: documents)
    try #require(verdicts.count == documents.count)
    var taken: [String] = []
    for (index, mutation) in mutations.enumerated() where verdicts[index] {
      let isRead = (try? JSONDecoder().decode(Plan.self, from: documents[index])) != nil
      if !isRead || mutation.isUnknownKey { taken.append(mutation.change) }
    }
    #expect(taken.isEmpty, "the schema takes \(taken.count):\n\(taken.prefix(40).joined(separator: "\n"))")
    #expect(verdicts.contains(true), "a change that does no harm is taken")
  }

  /// What the schema says of each document.
  private func verdicts(of documents: [Data]) throws -> [Bool] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = FileManager.default.temporaryDirectory.appending(path: "netwright-mutations-\(UUID().uuidString)")
    try Data(documents.joined(separator: [0x0a])).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = [
      "-c",
      #"exec "$(scripts/find-python.sh)" Tests/Support/validate-json-schema.py --lines Schemas/plan-v1.schema.json "$1""#,
      "sh", file.path,
    ]
    process.currentDirectoryURL = root
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    return output.split(separator: "\n").map { $0 == "1" }
  }
}

/// A JSON value.
private enum JSON: Codable {
  case null
  case boolean(Bool)
  case number(Double)
  case text(String)
  case list([JSON])
  case object([String: JSON])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([JSON].self) {
      self = .list(value)
    } else {
      self = .object(try container.decode([String: JSON].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .boolean(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .list(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }
}
