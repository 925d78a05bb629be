import NetworkTypes
import Plan
import ShellScript
import Testing

/// Texts that try to become shell.
@Suite struct HostileTextTests {
  static let texts = [
    "$(touch \"$DIR/canary\")", "`touch $DIR/canary`", "'; touch $DIR/canary; '", "\"; touch $DIR/canary; \"",
    "\\'; touch $DIR/canary #", "END", "END\ntouch $DIR/canary", "x\r\ntouch $DIR/canary", "a\u{0}b; touch $DIR/canary",
    "*", "~", "$DIR", "\u{1b}]0;title\u{7}", "\u{202e}dehsinif", "| touch $DIR/canary", "& touch $DIR/canary &", "END_",
    "",
    "'\"'\"'; touch $DIR/canary; :'", "-n -e %s%n \\n \\c", "\\", "}", "} ; touch $DIR/canary",
  ]

  @Test func `in files and comments they stay text`() throws {
    var plans = Plans()
    let name = try #require(NamespaceName("web"))
    plans.add(.addNamespace(AddNamespace(name: name)))
    plans.add(.writeNamespaceFile(WriteNamespaceFile(namespaces: [name], file: .hosts, lines: Self.texts + ["last"])))
    var plan = try plans.plan()
    for text in Self.texts {
      plan.steps.append(
        Step(
          .setLinkUp(SetLinkUp(link: LinkReference(.namespace(name), .loopback))),
          origin: Origin(subject: text, file: text, line: 1, column: 1)))
      plan.steps.append(
        Step(
          .setSysctl(SetSysctl(place: .namespace(name), key: sysctl("net.ipv4.ip_forward"), value: "1")),
          origin: Origin(subject: text, file: text, line: 1, column: 1)))
    }
    let expected = (Self.texts + ["last"]).map { text in
      String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? "?" : $0 }))
    }
    try expectPass(
      plan, files: ["expected": expected.joined(separator: "\n") + "\n"],
      #"""
      before=$(snapshot)
      for shell in "${shells[@]}"; do
        for style in fast plain; do
          check "$shell $style up" $shell $style.sh
          check "$shell $style hosts" cmp expected /etc/netns/web/hosts
          check "$shell $style down" $shell $style.sh down
          check "$shell $style nothing ran" [ ! -e canary ]
          same 'nothing is left' "$before" "$(snapshot)"
        done
      done
      check 'no control characters' refuses 1 grep -q "$(printf '[\001-\010\013-\037]')" fast.sh plain.sh
      """#)
  }

  @Test func `as values of parameters they are refused by the kernel`() throws {
    var files: [String: String] = [:]
    for (index, text) in Self.texts.enumerated() where text != "" {
      for (letter, place) in [("h", Place.host), ("n", space("web"))] {
        var plans = Plans()
        plans.add(.addNamespace(AddNamespace(name: try #require(NamespaceName("web")))))
        plans.add(.setSysctl(SetSysctl(place: place, key: sysctl("net.ipv4.ip_forward"), value: text)), text)
        for style in ScriptOptions.Style.allCases {
          files["try-\(index)\(letter)\(style.rawValue)"] = emitShellScript(
            try plans.plan(), options: ScriptOptions(style: style))
        }
      }
    }
    try expectPass(
      try Plans.containers(1), files: files,
      #"""
      before=$(snapshot)
      for attempt in try-*; do
        check "$attempt" refuses 3 dash $attempt
        check "$attempt did nothing" [ ! -e canary ]
      done
      same 'nothing is left' "$before" "$(snapshot)"
      """#)
  }
}
