import Foundation
import Plan
import Testing

/// Plans against Schemas/plan-v1.schema.json, by a validator that isn't ours.
@Suite struct PlanSchemaTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// What a program wrote and how it ended.
  private struct Outcome {
    var output: String
    var status: Int32
  }

  private func run(_ program: String, _ arguments: [String]) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.currentDirectoryURL = Self.root
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    return Outcome(output: output, status: process.terminationStatus)
  }

  /// Holds documents against the schema.
  ///
  /// The outcome's messages name them 0.json, 1.json and so on.
  private func validate(_ documents: [String]) throws -> Outcome {
    let python = try run("/bin/sh", ["scripts/find-python.sh"])
    let path = python.output.trimmingCharacters(in: .whitespacesAndNewlines)
    try #require(
      python.status == 0 && !path.isEmpty,
      "no Python with a validator for JSON Schema 2020-12: `make setup` installs python3-jsonschema")
    let folder = FileManager.default.temporaryDirectory.appending(path: "netwright-plans-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var files: [String] = []
    for (index, document) in documents.enumerated() {
      let file = folder.appending(path: "\(index).json")
      try document.write(to: file, atomically: false, encoding: .utf8)
      files.append(file.path)
    }
    return try run(path, ["Tests/Support/validate-json-schema.py", "Schemas/plan-v1.schema.json"] + files)
  }

  @Test func `every sample is valid`() throws {
    let outcome = try validate([try everySample().json(), try plan([]).json()])
    #expect(outcome.status == 0, "\(outcome.output)")
  }

  /// Each is a plan of all samples with one thing changed.
  private static let changes: [(good: String, bad: String)] = [
    (#""version" : 1"#, #""version" : 2"#),
    (#""instance" : "shop""#, #""instance" : "Shop""#),
    (#""instance" : "shop","#, ""),
    (#""operation" : "addNamespace""#, #""operation" : "explode""#),
    (#""operation" : "addNamespace","#, ""),
    (#""operation" : "setMaster""#, #""operation" : "setLinkUp""#),
    (#""line" : 3"#, #""line" : 0"#),
    (#""kind" : "dummy""#, #""kind" : "dummy", "port" : 4789"#),
    (#""kind" : "dummy""#, #""kind" : "gre""#),
    (#""id" : 16777215"#, #""id" : 16777216"#),
    (#""id" : "42""#, #""id" : "4095""#),
    (#""id" : "42""#, #""id" : 42"#),
    (#""type" : "blackhole""#, #""type" : "blackhole", "nextHops" : []"#),
    (#""type" : "blackhole""#, #""type" : "nat""#),
    (#""weight" : 256"#, #""weight" : 257"#),
    (#""gateway" : "172.17.0.1","#, ""),
    (#""mtu" : 9000"#, #""mtu" : 67"#),
    (#""address" : "172.17.0.1/16""#, #""address" : "172.17.0.1/33""#),
    (#""address" : "172.17.0.1/16""#, #""address" : "172.17.0.300/16""#),
    (#""address" : "172.17.0.1/16""#, #""address" : "172.17.0.1/16", "label" : "x""#),
    (#""destination" : "::/0""#, #""destination" : "::/129""#),
    (#""address" : "02:42:ac:11:00:02""#, #""address" : "02-42-ac-11-00-02""#),
    (#""name" : "v-web""#, #""name" : "v web""#),
    (#""name" : "v-web""#, #""name" : "sixteen-bytes-ab""#),
    (#""name" : "v-web""#, #""name" : "all""#),
    (#""place" : "edge""#, #""place" : "../edge""#),
    (#""place" : "edge""#, #""place" : 1"#),
    (#""family" : "ipv6""#, #""family" : "ipx""#),
    (#""key" : "net.ipv4.ip_forward""#, #""key" : "net.ipv4.ip forward""#),
    (#""value" : "32768 60999""#, #""value" : "32768\n60999""#),
    (#""loss" : "0.1%""#, #""loss" : "101%""#),
    (#""delay" : "10ms""#, #""delay" : "10""#),
    (#""rate" : "1gbit""#, #""rate" : "0bit""#),
    (#""file" : "resolv.conf""#, #""file" : "passwd""#),
    (#""127.0.0.1\tlocalhost""#, #""127.0.0.1\n localhost""#),
    (#""hook" : "forward""#, #""hook" : "sideways""#),
    (#""ports" : "1000-1010""#, #""ports" : "all""#),
    (#""prefix" : "lost: ""#, #""prefix" : "lost\\""#),
    (#""comment" : "web publishes 8080/tcp""#, #""comment" : "web\\n""#),
    (#""verdict" : "accept""#, #""verdict" : "queue""#),
    (#""match" : "sourceIsLocal""#, #""match" : "mark""#),
    (#""mode" : "eui64""#, #""mode" : "random""#),
  ]

  @Test func `broken plans are refused`() throws {
    let whole = try everySample().json()
    var broken: [String] = []
    for change in Self.changes {
      let place = try #require(whole.firstRange(of: change.good), "no sample has \(change.good)")
      broken.append(whole.replacingCharacters(in: place, with: change.bad))
    }
    let outcome = try validate(broken)
    #expect(outcome.status == 1, "\(outcome.output)")
    for (index, change) in Self.changes.enumerated() {
      #expect(outcome.output.contains("/\(index).json: "), "the schema takes \(change.bad) for \(change.good)")
    }
  }

  /// The schema and the decoder know the same operations and kinds.
  @Test func `the schema names what there is`() throws {
    struct Schema: Decodable {
      struct Definition: Decodable {
        struct Alternative: Decodable {
          struct Constant: Decodable { var const: String? }
          var properties: [String: Constant]?
          var ref: String?

          enum CodingKeys: String, CodingKey {
            case properties
            case ref = "$ref"
          }
        }
        var oneOf: [Alternative]?
      }
      var definitions: [String: Definition]

      enum CodingKeys: String, CodingKey { case definitions = "$defs" }
    }
    let data = try Data(contentsOf: Self.root.appending(path: "Schemas/plan-v1.schema.json"))
    let definitions = try JSONDecoder().decode(Schema.self, from: data).definitions
    func names(_ definition: String, _ key: String) throws -> Set<String> {
      Set(try #require(definitions[definition]?.oneOf).compactMap { $0.properties?[key]?.const })
    }
    let operations = try #require(definitions["step"]?.oneOf).compactMap { $0.ref?.split(separator: "/").last }
    #expect(Set(operations.map(String.init)) == Set(OperationCase.allCases.map(\.rawValue)))
    #expect(try names("linkKind", "kind") == Set(LinkKindCase.allCases.map(\.rawValue)))
    #expect(try names("routeAction", "type") == Set(RouteActionCase.allCases.map(\.rawValue)))
    #expect(try names("ruleAction", "type") == Set(RuleActionCase.allCases.map(\.rawValue)))
    #expect(try names("netfilterMatch", "match") == Set(NetfilterMatchCase.allCases.map(\.rawValue)))
    #expect(try names("netfilterVerdict", "verdict") == Set(NetfilterVerdictCase.allCases.map(\.rawValue)))
    #expect(try names("qdiscKind", "kind") == Set(QdiscKindCase.allCases.map(\.rawValue)))
  }
}
