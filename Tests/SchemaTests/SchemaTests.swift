import Diagnostics
import Foundation
import Netwright
import Testing
import YAMLTree

/// The JSON Schemas, by a validator that isn't ours.
@Suite struct SchemaTests {
  @Test func `every example is valid by the file's schema`() throws {
    let files = try Self.examples()
    #expect(files.count >= 10)
    for file in files {
      let bytes = Array(try Data(contentsOf: file))
      #expect(try validate(json(of: bytes), by: "netwright.schema.json") == "", "\(file.lastPathComponent)")
    }
  }

  /// Files that are wrong in their form: the schema refuses what the reader does.
  @Test(arguments: [
    "servces: {}", "services: { web: { netwroks: [] } }", "services: { web: { networks: 5 } }",
    "services: { web: { scale: -1 } }", "services: { web: { mac_address: nothing } }",
    "services: { web: { networks: { lan: { vlan: 4095 } } } }", "networks: { lan: { mtu: 20 } }",
    "networks: { lan: { subnet: 10.0.0.0/24 } }", "networks: { lan: { driver: overlay } }",
    "networks: { lan: { ipam: { config: { subnet: 10.0.0.0/24 } } } }", "links: [{ endpoints: 5 }]",
    "routers: { r: { routes: [{ via: 10.0.0.1 }] } }", "routers: { r: { interfaces: { x: { parent: eth0 } } } }",
    "routers: { r: { firewall: { forward: { policy: deny } } } }", "checks: [{ from: a, to: b, expect: sometimes }]",
    "links: [{ endpoints: [a, b], impairment: { delay: 10 } }]",
  ])
  func `a file of a wrong form is refused by both`(_ text: String) throws {
    #expect(compile([Input(name: "it.yaml", bytes: Array(text.utf8))]).hasErrors)
    #expect(try validate(json(of: Array(text.utf8)), by: "netwright.schema.json") != "")
  }

  @Test(arguments: ["${WORD}", "${PORT:-8080}"])
  func `variables may stand where numbers and words do`(_ variable: String) throws {
    let text =
      "services: { web: { scale: \"\(variable)\", networks: { lan: { ipv4_address: \"\(variable)\" } } } }\nnetworks: { lan: { internal: \"\(variable)\" } }"
    #expect(try validate(json(of: Array(text.utf8)), by: "netwright.schema.json") == "")
  }

  @Test func `findings and plans are what their schemas say`() throws {
    for text in ["services: { web: { networks: [lan], nope: 1 } }", "a: [", "services: { web: {} }"] {
      let findings = try compile([Input(name: "it.yaml", bytes: Array(text.utf8))]).findings(as: .json)
      #expect(try validate(findings, by: "diagnostics-v1.schema.json") == "")
    }
    for file in try Self.examples() {
      let plan = try #require(
        try compile([Input(name: file.path, bytes: Array(try Data(contentsOf: file)))]).planJSON())
      #expect(try validate(plan, by: "plan-v1.schema.json") == "", "\(file.path)")
    }
  }

  // MARK: Help

  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func examples() throws -> [URL] {
    let folder = root.appending(path: "Examples")
    return try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }.sorted()
      .map { folder.appending(path: $0) }
  }

  /// A YAML file as JSON, as the core schema of YAML 1.2 reads it.
  private func json(of bytes: [UInt8]) throws -> String {
    var sources = SourceSet()
    let source = SourceText(name: "it.yaml", bytes: bytes)
    let node = try #require(readYAML(source, id: sources.add(source)).documents.first)
    return String(
      decoding: try JSONSerialization.data(withJSONObject: object(of: node), options: .fragmentsAllowed), as: UTF8.self)
  }

  private func object(of node: YAMLNode) -> Any {
    switch node.content {
    case .sequence(let items): return items.map(object(of:))
    case .mapping(let mapping):
      return Dictionary(uniqueKeysWithValues: mapping.entries.map { ($0.key.value, object(of: $0.value)) })
    case .scalar:
      switch node.coreValue {
      case .boolean(let value): return value
      case .integer(let value): return value
      case .float(let value): return value
      case .string(let value): return value
      case .null, nil: return NSNull()
      }
    }
  }

  /// What the validator says of a document: nothing if it is valid.
  private func validate(_ json: String, by schema: String) throws -> String {
    let document = FileManager.default.temporaryDirectory.appending(path: "netwright-\(UUID().uuidString).json")
    try json.write(to: document, atomically: false, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: document) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      ProcessInfo.processInfo.environment["NETWRIGHT_PYTHON"] ?? "python3",
      Self.root.appending(path: "Tests/Support/validate-json-schema.py").path,
      Self.root.appending(path: "Schemas/\(schema)").path, document.path,
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    // 1: not valid. Anything else is no answer.
    try #require(process.terminationStatus == 0 || process.terminationStatus == 1, "\(output)")
    return process.terminationStatus == 0 ? "" : output
  }
}
