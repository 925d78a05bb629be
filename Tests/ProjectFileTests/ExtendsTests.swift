import Diagnostics
import NetworkTypes
import ProjectFile
import Testing

/// What `extends` makes of a service (compose-spec, 05-services.md; compose-go, loader/extends.go).
@Suite struct ExtendsTests {
  @Test func `from this file, over several steps`() {
    let file = check(
      """
      services:
        c: { extends: { service: b }, hostname: c, dns: 192.0.2.3 }
        b: { extends: a, domainname: b, ports: ["80:80", "443:443"] }
        a: { hostname: a, domainname: a, dns: [192.0.2.1], ports: ["80:80"], networks: [lan] }
      networks: { lan: }
      """)
    let c = file.nodes[0]
    #expect(c.hostname?.value.text == "c" && c.domainname?.value.text == "b")
    #expect(c.dns.map(\.value.description) == ["192.0.2.1", "192.0.2.3"])
    #expect(c.ports.map(\.target.description) == ["80", "443"])
    #expect(c.attachments.map(\.network.value) == ["lan"])
    #expect(file.nodes[2].ports.count == 1, "a base is left as it is")
  }

  @Test func `from another file, whose own paths start from its folder`() {
    let file = check(
      "services: { web: { extends: { file: common/base.yaml, service: base } } }",
      others: [
        "common/base.yaml": """
        services:
          base: { extends: { file: deeper/x.yaml, service: x }, hostname: "${NAME}" }
          other: { networks: [nowhere] }
        networks: { theirs: {} }
        """,
        "common/deeper/x.yaml": "services: { x: { domainname: x, container_name: x } }",
        "common/.env": "NAME=never",
      ], environment: ["NAME": "mine"])
    #expect(file.nodes.map(\.name.value) == ["web"] && file.networks.isEmpty)
    #expect(file.nodes[0].hostname?.value.text == "mine" && file.nodes[0].domainname?.value.text == "x")
  }

  @Test func `a base that is included, and tags`() {
    let file = check(
      """
      include: [base.yaml]
      services:
        web: { extends: base, ports: !override ["81:80"], hostname: !reset null }
      """, others: ["base.yaml": "services: { base: { ports: [\"80:80\"], hostname: base } }"])
    let web = file.nodes.first { $0.name.value == "web" }
    #expect(web?.ports.map { "\($0.published?.description ?? "")" } == ["81"])
    #expect(web?.hostname == nil)
  }

  @Test func `circles and bases that aren't there`() {
    check(
      """
      services:
        a: { extends: b }
        b: { extends: c }
        c: { extends: a }  # error: NW0125
        self: { extends: self }  # error: NW0125
        web: { extends: bse }  # error: NW0126
        far: { extends: { file: far.yaml, service: none } }  # error: NW0126
        lost: { extends: { file: none.yaml, service: x } }  # error: NW0123
        odd: { extends: { file: far.yaml } }  # error: NW0104
        round: { extends: { file: round.yaml, service: x } }
        empty: { extends: { file: empty.yaml, service: x } }  # error: NW0126
      """,
      others: [
        "far.yaml": "services: { base: {} }", "empty.yaml": "networks: {}",
        "round.yaml": "services: { x: { extends: { file: round.yaml, service: x } } }  # error: NW0125",
      ])
  }

  @Test func `a base that leads into a circle`() {
    let file = check(
      """
      services:
        web: { extends: a, hostname: web }
        a: { extends: b, domainname: a }
        b: { extends: a, container_name: b }  # error: NW0125
        other: { extends: web }
      """)
    #expect(file.nodes.map(\.hostname?.value.text) == ["web", nil, nil, "web"])
    #expect(file.nodes.allSatisfy { $0.containerName?.value.text == "b" })
  }

  @Test func `findings about what is inherited have their place in the base`() {
    check(
      "services: { web: { extends: { file: base.yaml, service: x } } }",
      others: ["base.yaml": "services:\n  x:\n    mac_address: nothing  # error: NW0111"])
  }
}
