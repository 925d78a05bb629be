import Diagnostics
import NetworkTypes
import ProjectFile
import Testing

/// Which services there are: profiles, dependencies, providers.
@Suite struct SelectionTests {
  private static let text = """
    services:
      web: { networks: [front] }
      debug: { profiles: [debug], networks: [front, tap] }
      test: { profiles: [test, "${CI_PROFILE:-ci}"], depends_on: [web] }
    networks: { front: , tap: }
    """

  @Test(arguments: [
    ([], ["web"]), (["debug"], ["web", "debug"]), (["ci"], ["web", "test"]), (["*"], ["web", "debug", "test"]),
    (["other", "test"], ["web", "test"]),
  ])
  func `profiles`(_ profiles: [String], _ expected: [String]) {
    let file = check(Self.text, profiles: profiles)
    #expect(file.nodes.map(\.name.value) == expected)
    #expect(file.networks.map(\.key.value) == (expected.contains("debug") ? ["front", "tap"] : ["front"]))
  }

  @Test func `references to what no active profile has`() {
    let text = """
      services:
        db: { profiles: [data] }
        a: { depends_on: [db] }  # error: NW0128
        b: { links: ["db:store"] }  # error: NW0128
        c: { network_mode: "service:db" }  # error: NW0128
        d: { depends_on: { db: { condition: service_started, required: false } } }
        e: { volumes_from: ["db:ro"] }  # error: NW0128
        f: { pid: "service:db" }  # error: NW0128
      """
    let file = check(text)
    #expect(file.nodes.allSatisfy { $0.dependencies.isEmpty })
    #expect(check(text.replacing("  # error: NW0128", with: ""), profiles: ["data"]).nodes.count == 7)
    check("services: { a: { profiles: [x] } }  # warning: NW0129")
  }

  @Test func `what hangs on an absent service goes with it`() {
    let file = check(
      """
      services: { probe: { profiles: [p] }, web: {} }
      routers: { r: {} }
      links: [{ endpoints: [r, probe] }, { endpoints: [r, web] }]
      checks: [{ from: probe, to: web, expect: reachable }, { from: r, to: web, expect: reachable }]
      """)
    #expect(file.links.count == 1 && file.checks.count == 1)
  }

  @Test func `circles`() {
    check(
      """
      services:
        a: { depends_on: [b] }
        b: { links: [c] }
        c: { volumes_from: [a] }  # error: NW0127
        d: { depends_on: [a, e] }
        e: { depends_on: { d: { condition: service_healthy } } }  # error: NW0127
        self: { depends_on: [self] }  # error: NW0127
        m: { network_mode: "service:n" }
        n: { depends_on: [m] }  # error: NW0127
      """)
    // Of modes alone: a rule finds that.
    check("services: { m: { network_mode: \"service:n\" }, n: { network_mode: \"service:m\" } }")
  }

  @Test func `forms of depends_on`() {
    check(
      """
      services:
        a: {}
        b: { depends_on: { a: { condition: service_ready } } }  # error: NW0103
        c: { depends_on: { a: { restart: true } } }  # error: NW0104
        d: { depends_on: { a: { condition: service_started, requred: false } } }  # error: NW0101
        e: { depends_on: { a: { condition: service_started, required: "false", restart: true, x-why: none } } }
      """)
  }

  @Test func `a provider is no container`() {
    let file = check(
      """
      services:
        model: { provider: { type: model, options: { model: x } } }
        web: { depends_on: [model] }
      """)
    #expect(file.nodes.map(\.name.value) == ["web"] && file.nodes[0].dependencies.isEmpty)
  }

  @Test func `what is about services that aren't there goes with them`() {
    let file = check(
      """
      services:
        web: { networks: [front, lan], profiles: [debug], scale: 2 }
        db: { networks: [lan] }
      networks: { front: {}, lan: {} }
      routers:
        edge:
          networks: [lan]
          firewall:
            sets: { web: [10.0.0.0/8] }
            forward: { rules: [{ from: [web-2, db], action: accept }, { to: front, action: drop }] }
            input: { rules: [{ from: web, action: accept }] }
          nat: [{ dnat: web, protocol: tcp, ports: 80 }, { masquerade: true, from: web-1 }, { masquerade: true }]
      host: { firewall: { forward: { rules: [{ from: db, to: web, action: drop }] } } }
      checks:
        - { from: web-1, to: db, expect: reachable }
      """)
    let edge = file.nodes[1]
    #expect(edge.firewall?.chains[.forward]?.rules.map { $0.match.from.map(\.value) } == [["db"]])
    #expect(edge.firewall?.chains[.input]?.rules.count == 1)
    #expect(edge.translations.count == 1 && file.checks.isEmpty)
    #expect(file.host?.firewall?.chains[.forward]?.rules.isEmpty == true)
  }
}
