import Diagnostics
import NetworkTypes
import ProjectFile
import Testing

/// The grammar of environment files, by hand from compose-go's dotenv/parser.go, and who wins.
@Suite struct EnvironmentFileTests {
  @Test(
    arguments: [
      ("A=1", "1"), ("A = 1 ", "1"), ("export A=1", "1"), ("export\tA: 1", "1"), ("A: yes", "yes"), ("A=", ""),
      ("# A=0\n\n  A=1", "1"), ("A=one two # why", "one two"), ("A=a#b", "a#b"), ("A=#b", "#b"), ("A=a\t#b", "a\t#b"),
      ("A=x\r\nB=y\r\n", "x"), ("A='raw $K \\n # x'", "raw $K \\n # x"), ("A='it\\'s'", "it's"),
      ("A=\"a\\tb\\\"c\\\\\"", "a\tb\"c\\"), ("A=\"cost: \\$5 $K\" # why", "cost: $5 known"), ("A=\"\\x\"", "\\x"),
      ("A=\"\\0101\"", "A"), ("A=\"two\nlines\"", "two\nlines"), ("A='two\nlines'\nB=1", "two\nlines"),
      ("A", "inherited"),
      ("A\nB=1", "inherited"), ("B=2\nA=$B${C:-3}", "23"), ("A=$$K", "$K"), ("B=x A=y", "inherited"), ("A=1\nA=2", "2"),
    ])
  func `a value`(_ text: String, _ expected: String) {
    let source = SourceText(name: ".env", bytes: Array(text.utf8))
    let known = ["K": "known", "A": "inherited"]
    let (pairs, diagnostics) = environmentPairs(of: source, id: SourceID(index: 0), environment: known)
    #expect(diagnostics.isEmpty)
    #expect(pairs["A"] ?? known["A"] == expected)
  }

  @Test func `a name that the process has wins in replacements`() {
    let source = SourceText(name: ".env", bytes: Array("K=own\nA=$K".utf8))
    let (pairs, _) = environmentPairs(of: source, id: SourceID(index: 0), environment: ["K": "process"])
    #expect(pairs == ["K": "own", "A": "process"])
  }

  @Test func `what can't be read`() {
    for text in [
      "A=1\nB C=2  # error: NW0122", "A=1\nB/C=2  # error: NW0122", "A=\"open  # error: NW0122\nB=1",
      "A=1\nnot a variable  # error: NW0122", "A=${B  # error: NW0122",
      "B C=2  # error: NW0122\nA=1\n\nD/E=2  # error: NW0122\nF=${G  # error: NW0122",
    ] {
      check("services: { web: {} }", environmentFiles: [".env": text])
    }
  }

  @Test func `the process wins over files, and the last file over the others`() {
    let file = check(
      "services: { web: { hostname: \"${X}-${Y}-${Z}\" } }", environment: ["X": "process"],
      environmentFiles: ["a.env": "X=a\nY=a\nZ=a", "b.env": "X=b\nZ=b${Y}"])
    #expect(file.nodes.first?.hostname?.value.text == "process-a-ba")
  }

  @Test func `the project's name is a variable`() {
    let text = "services: { web: { hostname: \"${COMPOSE_PROJECT_NAME}\" } }"
    #expect(check(text).nodes.first?.hostname?.value.text == "folder")
    let named = check("name: \"My ${APP}\"\n" + text, environment: ["APP": "Shop"])
    #expect(named.nodes.first?.hostname?.value.text == "myshop" && named.name?.value == "myshop")
    #expect(check("name: one\n" + text, "name: two").nodes.first?.hostname?.value.text == "two")
  }

  @Test func `an empty value is as none`() {
    let file = check(
      """
      services:
        web:
          hostname: "${NONE:-}"
          mac_address: ""
          network_mode: ${MODE-}
          dns: ["", 192.0.2.1, "${NONE:-}"]
          networks: { lan: { ipv4_address: "${IP}" } }  # warning: NW0119
      networks: { lan: { name: "" } }
      """, environment: ["MODE": ""])
    let web = file.nodes[0]
    #expect(web.hostname == nil && web.macAddress == nil && web.networkMode == nil && web.dns.count == 1)
    #expect(web.attachments[0].ipv4Address == nil && file.networks[0].name == nil)
  }
}
