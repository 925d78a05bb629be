import Netwright
import NetwrightTestSupport
import Testing

/// Texts that try to become rules, or commands: whatever stands in a file's comments, lines of the log, sets and names,
/// the rules that are loaded are those of the same file with harmless words there.
@Suite struct HostileRuleTests {
  /// What would be a rule, a table, a chain, an option or the end of a here-document, if it weren't a text.
  private static let texts = [
    "\"; flush ruleset; #", "\" accept comment \"", "x\" drop\n}\ntable inet evil {\nchain evil {",
    "x; add table inet evil", "{ 0.0.0.0/0 } accept", "' -j ACCEPT #", "\" -j ACCEPT -m comment --comment \"",
    "COMMIT\n*nat\n:evil - [0:0]\nCOMMIT", "$evil @evil", "# evil", "} }", "10.0.0.0/8, 0.0.0.0/0", "x\\\" accept",
    "-j ACCEPT", "accept", "`nft add table inet evil`", "$(nft add table inet evil)", "\\", "a\\", "it's -A FORWARD",
    "! -s 10.0.0.0/8", "%s%n", "-m limit", ":evil - [0:0]", "eth+", "*", "--help", "-A", "'", "\"", "\\n", "!", "\t",
    "é",
    "include \"/etc/passwd\"", "define x = 1", "END", "tcp dport 1", "\r\nCOMMIT", String(repeating: "x", count: 64),
    "$(touch /run/canary)", "`touch /run/canary`", "'; touch /run/canary; '", "\"; touch /run/canary; \"",
  ]

  /// Words of the rules' languages, and of the script's own, that are good names; sorted, for so are the rules.
  private static let names = ["END", "EOF", "accept", "counter", "drop", "host0", "ip", "jump", "masquerade", "table"]

  @Test(arguments: ScriptFirewall.allCases, ScriptStyle.allCases)
  func `a text is never a rule`(_ firewall: ScriptFirewall, _ style: ScriptStyle) throws {
    let comments = Self.accepted(Self.texts) { "{ comment: \($0), action: drop }" }
    let prefixes = Self.accepted(Self.texts) { "{ log: \($0), action: reject }" }
    // Many are good texts, and must be nothing but that; those that would end a text are refused.
    #expect(comments.count > 20 && prefixes.count > 20, "\(comments) \(prefixes)")
    for list in [comments, prefixes] { #expect(!list.contains { $0.contains("\"") || $0.contains("\n") }, "\(list)") }
    // There nft would look for a variable.
    #expect(!prefixes.contains { $0.contains("$") }, "\(prefixes)")
    let sets = Self.texts.filter { !Self.names.contains($0) }
    let hostile = Self.file(comments, prefixes, sets: sets, Self.names)
    let harmless = Self.file(
      comments.map { _ in "word" }, prefixes.map { _ in "word" },
      sets: sets.indices.map { "set\($0)" }, Self.names.indices.map { "w\($0)" })
    var files: [String: String] = [:]
    for (name, yaml) in [("hostile", hostile), ("harmless", harmless)] {
      let compilation = compile([Input(name: "it.yaml", bytes: Array(yaml.utf8))])
      let findings = try compilation.findings(as: .text)
      let compiled = compilation.script(style: style, firewall: firewall)
      let script = try #require(compiled, "\(findings)")
      files["\(name).sh"] = script
    }
    let outcome = try KernelSandbox.run(Self.program, files: files, seconds: 480)
    #expect(outcome.status == 0 && outcome.output.hasSuffix("passed\n"), "\(outcome.output)\(outcome.errors)")
  }

  /// The texts that a rule may have at a place.
  private static func accepted(_ texts: [String], _ rule: (String) -> String) -> [String] {
    texts.filter { text in
      let yaml =
        "routers: { a: { networks: [lan], firewall: { input: { rules: [\(rule(quoted(text)))] } } } }\nnetworks: { lan: {} }"
      return !compile([Input(name: "it.yaml", bytes: Array(yaml.utf8))]).hasErrors
    }
  }

  /// A file with all of the texts: a router's and the host's rules, and names of networks, bridges, devices and
  /// services, each of which publishes a port.
  private static func file(_ comments: [String], _ prefixes: [String], sets: [String], _ names: [String]) -> String {
    var yaml = "name: it\nservices:\n"
    for (number, name) in names.enumerated() {
      yaml += "  \(name): { networks: [\(name)], ports: [\"\(20_000 + number):80\"] }\n"
    }
    yaml += "networks:\n"
    for (number, name) in names.enumerated() {
      let opening = "  \(name): { driver_opts: { com.docker.network.bridge.name: \(name) }, "
      yaml += opening + "ipam: { config: [{ subnet: 10.77.\(number).0/24 }] } }\n"
    }
    yaml += "routers:\n  a:\n    networks:\n"
    for name in names { yaml += "      \(name): { interface_name: \(name) }\n" }
    yaml += "    nat: [\(names.map { "{ masquerade: \($0) }" }.joined(separator: ", "))]\n    firewall:\n      sets:\n"
    for (number, set) in sets.enumerated() { yaml += "        \(quoted(set, isKey: true)): [10.66.\(number).0/24]\n" }
    yaml += "      output:\n        rules:\n"
    for set in sets { yaml += "          - { to: \(quoted(set)), action: accept }\n" }
    var rules = ""
    for (number, comment) in comments.enumerated() {
      rules += "        - { protocol: udp, ports: \(1 + number), comment: \(quoted(comment)), action: drop }\n"
    }
    for (number, prefix) in prefixes.enumerated() {
      rules += "        - { protocol: tcp, ports: \(1 + number), log: \(quoted(prefix)), action: reject }\n"
    }
    for name in names { rules += "        - { from: \(name), action: accept }\n" }
    yaml += "      input:\n        rules:\n" + rules.replacing("        - ", with: "          - ")
    return yaml + "host:\n  firewall:\n    forward:\n      rules:\n" + rules
  }

  /// What `hostile` loads is what `harmless` did, but for comments, prefixes and the names of devices.
  private static let program = #"""
    ip link set lo up
    rules() {
      for space in host $(ls /run/netns); do
        run=
        case $space in host) ;; a) run="ip netns exec a" ;; *) continue ;; esac
        echo "in $space"
        $run nft list ruleset
        $run iptables-save
        $run ip6tables-save
      done 2>/dev/null | grep -v -e '^#' | sed -E 's/--comment ("[^"]*"|[^ ]+)//; s/--log-prefix ("[^"]*"|[^ ]+)//
        s/comment "[^"]*"//; s/prefix "[^"]*"//; s/\{ "[^}]*"[^}]*\}/DEVICES/; s/(-[io]|[io]ifname) (!= )?[^ ]+/\1 \2DEVICE/
        s/to-[A-Za-z0-9]+/to-DEVICE/g; s/packets [0-9]+ bytes [0-9]+/packets N bytes N/; s/\[[0-9]+:[0-9]+\]/[N:N]/'
    }
    for name in harmless hostile; do
      nft flush ruleset
      nft add table inet canary
      check "$name is built" sh $name.sh up
      rules >$name.rules
      check "$name has rules" [ "$(grep -c -e counter -e '^-A' $name.rules)" -gt 150 ]
      check "$name leaves the tables of others" [ "$(nft list tables | grep -c -e canary)" = 1 ]
      check "$name adds no table" [ -z "$(nft list tables | grep -e evil)" ]
      check "$name goes" sh $name.sh down
      check "$name runs no command" [ ! -e /run/canary ]
    done
    same 'the rules are the same' "$(cat harmless.rules)" "$(cat hostile.rules)"

    """#

  /// A text as a double-quoted scalar of YAML; in values, not in keys, `$` begins a variable.
  private static func quoted(_ text: String, isKey: Bool = false) -> String {
    "\""
      + text.unicodeScalars.map { scalar in
        switch scalar {
        case "\"": "\\\""
        case "\\": "\\\\"
        case "$" where !isKey: "$$"
        default: scalar.value < 32 ? "\\x\(String(scalar.value + 256, radix: 16).dropFirst())" : String(scalar)
        }
      }.joined() + "\""
  }
}
