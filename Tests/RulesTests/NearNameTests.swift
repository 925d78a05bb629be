import Diagnostics
import ProjectFile
import Testing
import Topology
import YAMLTree

@testable import Rules

/// A name that the file doesn't have, and that is near to one that it has, is said to be that.
@Suite struct NearNameTests {
  @Test(arguments: [
    "services: { web: { depends_on: [postgress] }, postgres: {} }",
    "services: { web: { network_mode: \"service:postgre\" }, postgres: {} }",
    "services: { web: { networks: [postgess] } }\nnetworks: { postgres: {} }",
    "services: { web: {}, postgres: {} }\nchecks: [{ from: web, to: postgrse, expect: reachable }]",
  ])
  func `is said to be that`(_ text: String) {
    var sources = SourceSet()
    let source = SourceText(name: "near.yaml", bytes: Array(text.utf8))
    let reading = readYAML(source, id: sources.add(source))
    let (file, _) = readProject(reading.documents, environment: [:])
    let found = findings(in: file, resolve(file, options: ResolutionOptions(defaultProjectName: "near")))
    #expect(found.contains { $0.help == "did you mean `postgres`?" }, "\(found)")
  }
}
