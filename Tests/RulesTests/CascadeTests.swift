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

  @Test(arguments: [
    ("{ limit: 10/s, action: drop }, { from: lan, action: accept }", ["NW0103"]),
    ("{ state: establish, action: accept }, { from: lan, action: accept }", ["NW0103"]),
    ("{ protocol: tpc, ports: 80, action: accept }, { protocol: tcp, ports: 80, action: drop }", ["NW0103"]),
    ("{ protocol: tcp, ports: http, action: accept }, { protocol: tcp, ports: 80, action: drop }", ["NW0113"]),
    ("{ action: drop }, { prtocol: tcp, action: accept }", ["NW0101"]),
    ("{ action: drop }, { limit: 10/s, action: accept }, { from: lan, action: accept }", ["NW0103", "NW0702"]),
  ])
  func `rules of which something can't be read`(_ rules: String, _ codes: [String]) {
    let firewall = "firewall: { forward: { rules: [\(rules)] } }"
    #expect(errors(in: "routers: { r: { networks: [lan], \(firewall) } }\nnetworks: { lan: {} }") == codes)
  }

  @Test func `a translation of which something can't be read`() {
    let translation = "nat: [{ protocol: tpc, ports: 80, dnat: \"10.0.0.9:80\" }]"
    #expect(errors(in: "routers: { r: { networks: [lan], \(translation) } }\nnetworks: { lan: {} }") == ["NW0103"])
  }

  @Test func `addresses in a subnet that the network doesn't carry`() {
    let file = """
      services:
        a: { networks: { lan: { ipv6_address: "fd00::2" } } }
        b: { networks: { lan: { ipv6_address: "fd00::3" } } }
      networks: { lan: { ipam: { config: [{ subnet: "fd00::/64" }] } } }
      """
    #expect(errors(in: file) == ["NW0305"] && warnings(in: file) == [])
  }

  @Test(arguments: [("include: [missing.yaml]", true), ("x-include: [missing.yaml]", false)])
  func `what a file defines that can't be had`(_ include: String, _ isOnce: Bool) {
    let text = """
      \(include)
      services: { a: { networks: [theirs], depends_on: [db] }, b: { network_mode: "service:cache" } }
      networks: { mine: {} }
      checks: [{ from: a, to: db, expect: reachable }]
      """
    let project = loadProject([SourceText(name: "it.yaml", bytes: Array(text.utf8))])
    let file = project.file ?? ProjectFile()
    let found = findings(in: file, resolve(file, options: ResolutionOptions(defaultProjectName: "it")))
    #expect(project.diagnostics.map(\.code.number) == (isOnce ? ["NW0123"] : []))
    #expect(found.isEmpty == isOnce, "\(found.map(\.message))")
  }
}
