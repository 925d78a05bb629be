import Diagnostics
import NetworkTypes
import ProjectFile
import Testing

/// What `include` takes in (compose-spec, 14-include.md; compose-go, loader/include.go).
@Suite struct IncludeTests {
  @Test func `services and networks of other files`() {
    let file = check(
      """
      include:
        - db/compose.yaml
        - { path: [cache/compose.yaml, cache/more.yaml], project_directory: cache }
      services:
        web: { networks: [data], depends_on: [db, cache] }
      """,
      others: [
        "db/compose.yaml": """
        name: theirs
        services: { db: { networks: { data: { ipv4_address: "${DB_IP}" } } } }
        networks: { data: { ipam: { config: [{ subnet: 10.1.0.0/24 }] } } }
        volumes: { pg: }
        """,
        "db/.env": "DB_IP=10.1.0.9",
        "cache/compose.yaml": "services: { cache: { hostname: first } }",
        "cache/more.yaml": "services: { cache: { hostname: second } }",
      ])
    #expect(
      file.nodes.map(\.name.value) == ["db", "cache", "web"], "in the order of the includes, the file's own last")
    #expect(file.networks.map(\.key.value) == ["data"])
    #expect(file.name == nil, "an included project's name is its own")
    let db = file.nodes.first { $0.name.value == "db" }
    #expect(db?.attachments.first?.ipv4Address?.value.description == "10.1.0.9")
    #expect(file.nodes.first { $0.name.value == "cache" }?.hostname?.value.text == "second")
  }

  @Test func `the including file wins, and may take away`() {
    let file = check(
      """
      include: [other.yaml]
      services:
        db: { hostname: mine, ports: !reset [], dns: [192.0.2.2] }
      """,
      others: [
        "other.yaml": "services: { db: { hostname: theirs, domainname: d, ports: [\"80:80\"], dns: 192.0.2.1 } }"
      ])
    let db = file.nodes[0]
    #expect(db.hostname?.value.text == "mine" && db.domainname?.value.text == "d")
    #expect(db.ports.isEmpty && db.dns.map(\.value.description) == ["192.0.2.1", "192.0.2.2"])
  }

  @Test func `of two that say different things the earlier wins`() {
    let file = check(
      "include: [a.yaml, b.yaml]\nservices: { web: { domainname: own } }",
      others: [
        "a.yaml": "services: { web: { hostname: a, domainname: a } }",
        "b.yaml": "services: { db: {}, web: { hostname: b, domainname: b, mac_address: 02:00:00:00:00:02 } }",
      ])
    #expect(file.nodes.map(\.name.value) == ["web", "db"])
    let web = file.nodes[0]
    #expect(web.hostname?.value.text == "a" && web.domainname?.value.text == "own" && web.macAddress != nil)
  }

  @Test func `variables: the including project's win, then the named files'`() {
    let file = check(
      """
      include:
        - { path: sub/one.yaml, env_file: [sub/a.env, sub/b.env] }
        - { path: sub/two.yaml, env_file: /dev/null }
      """,
      others: [
        "sub/one.yaml": "services: { one: { hostname: \"${X}-${Y}-${Z}\" } }",
        "sub/two.yaml": "services: { two: { hostname: \"${X}-${Y:-unset}\" } }",
        "sub/a.env": "X=a\nY=a\nZ=a", "sub/b.env": "Y=b", "sub/.env": "Y=never",
      ], environment: ["X": "outer"])
    #expect(file.nodes.first { $0.name.value == "one" }?.hostname?.value.text == "outer-b-a")
    #expect(file.nodes.first { $0.name.value == "two" }?.hostname?.value.text == "outer-unset")
  }

  @Test func `paths start from the project's folder, nested ones from their own`() {
    let file = check(
      "include: [a/one.yaml]",
      others: [
        "a/one.yaml": "include: [b/two.yaml, ../c.yaml]",
        "a/b/two.yaml": "services: { two: {} }",
        "c.yaml": "services: { c: { hostname: \"${WHERE}\" } }",
        ".env": "WHERE=top",
      ])
    #expect(Set(file.nodes.map(\.name.value)) == ["two", "c"])
    #expect(file.nodes.first { $0.name.value == "c" }?.hostname?.value.text == "top")
  }

  @Test func `a file that is included twice is one`() {
    let file = check(
      "include: [a.yaml, b.yaml]",
      others: [
        "a.yaml": "include: [common.yaml]", "b.yaml": "include: [common.yaml]",
        "common.yaml": "services: { c: { x-netwright: { routes: [{ to: 10.9.0.0/16, type: blackhole }] } } }",
      ])
    #expect(file.nodes.map(\.routes.count) == [1])
  }

  @Test func `circles and files that aren't there`() {
    check(
      """
      services: { web: {} }
      include:
        - missing.yaml  # error: NW0123
        - oci://registry.example.com/x  # error: NW0123
        - { path: a.yaml, env_file: no.env }  # error: NW0123
        - a.yaml
      """,
      others: [
        "a.yaml": "include: [b.yaml]\nservices: { a: {} }",
        "b.yaml": """
        include:
          - ./a.yaml  # error: NW0124
        """,
      ])
  }

  @Test func `findings in an included file have their place there`() {
    check(
      "include: [sub/compose.yaml]",
      others: [
        "sub/compose.yaml": """
        services:
          web:
            networks:
              lan: { ipv4_address: 10.0.0.300 }  # error: NW0106
            hostname: ${NAME}x  # warning: NW0119
        """
      ])
    check("include: [sub/compose.yaml]", others: ["sub/compose.yaml": "a: b: c  # error: NW0001"])
  }

  @Test func `wrong forms`() {
    check(
      """
      services: { web: {} }
      include:
        - { path: a.yaml, env: x }  # error: NW0101
        - { project_directory: x }  # error: NW0104
      """, others: ["a.yaml": "services: { a: {} }"])
  }
}
