import Diagnostics
import ProjectFile
import Testing
import Topology
import YAMLTree

@testable import Rules

/// One mistake is one finding.
@Suite struct CascadeTests {
  @Test func `ports of a service whose network isn't defined`() {
    var sources = SourceSet()
    let source = SourceText(
      name: "test.yaml", bytes: Array("services: { web: { networks: [front], ports: [\"80:80\"] } }".utf8))
    let reading = readYAML(source, id: sources.add(source))
    let (file, _) = readProject(reading.documents, environment: [:])
    let found = findings(in: file, resolve(file, options: ResolutionOptions(defaultProjectName: "test")))
    #expect(found.map(\.code.number) == [RuleCode.undefinedNetwork.rawValue])
  }
}
