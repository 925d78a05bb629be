/// Makes the sections `firewall` and `nat` of a node of a file.
struct SectionMaker {
  var choice: SeededChoice
  /// The services of the file.
  let nodes: [String]
  let hasIPv6: Bool
  /// What rules may name.
  private var names: [String] = []

  init(choice: SeededChoice, nodes: [String], hasIPv6: Bool) {
    self.choice = choice
    self.nodes = nodes
    self.hasIPv6 = hasIPv6
  }

  /// The sections, each after a comma; none, now and then.
  ///
  /// - Parameters:
  ///   - ways: the networks or devices of the node, by which packets come and go.
  ///   - forwards: whether it passes packets on.
  /// - Returns: the text.
  mutating func sections(ways: [String], forwards: Bool) -> String {
    names = nodes + ways
    var result = ""
    if choice.chance(forwards ? 85 : 30) {
      var entries = ["sets: { some: [\(block()), \(hasIPv6 ? "\"fd00:9::/64\"" : "10.9.0.0/24")] }"]
      if choice.chance(15) { entries.append("stateless: true") }
      for (way, percent) in [("input", 45), ("forward", forwards ? 85 : 0), ("output", 35)] where choice.chance(percent)
      {
        let policy = choice.chance(40) ? "policy: drop, " : ""
        let rules = (0..<(1 + choice.below(4))).map { _ in rule() }
        entries.append("\(way): { \(policy)rules: [\(rules.joined(separator: ", "))] }")
      }
      result += ", firewall: { \(entries.joined(separator: ", ")) }"
    }
    if choice.chance(forwards ? 65 : 15) {
      let items = (0..<(1 + choice.below(3))).map { _ in translation(ways) }
      result += ", nat: [\(items.joined(separator: ", "))]"
    }
    return result
  }

  private mutating func block() -> String {
    choice.pick(["10.1.0.0/24", "10.9.0.10", "10.0.0.0/8", "10.1.0.10", "10.1.0.11"])
  }

  /// What may stand in `from` and `to`.
  private mutating func end() -> String {
    switch choice.below(10) {
    case 0..<6: choice.pick(names)
    case 6: "some"
    case 7: "[\(choice.pick(names)), \(choice.pick(names))]"
    default: block()
    }
  }

  private mutating func rule() -> String {
    var parts: [String] = []
    if choice.chance(45) { parts.append("from: \(end())") }
    if choice.chance(35) { parts.append("to: \(end())") }
    var isTCP = false
    switch choice.below(100) {
    case 0..<45:
      let transport = choice.pick(["tcp", "tcp", "udp"])
      isTCP = transport == "tcp"
      parts.append("protocol: \(transport)")
      if choice.chance(75) { parts.append("ports: \(choice.pick(["81", "82", "8080", "[81, 8080]", "80-90"]))") }
      if choice.chance(8) { parts.append("source_ports: 40000-40010") }
    case 45..<62: parts.append("icmp: \(choice.pick(["echo-request", "echo-reply", "[echo-request, echo-reply]"]))")
    case 62..<68: parts.append("protocol: icmp")
    default: if hasIPv6, choice.chance(30) { parts.append("family: \(choice.pick(["ipv4", "ipv6"]))") }
    }
    if choice.chance(15) { parts.append("state: \(choice.pick(["new", "[new, related]", "established", "invalid"]))") }
    if choice.chance(10) {
      parts.append("limit: \(1 + choice.below(3))/\(choice.pick(["hour", "day"])) burst \(1 + choice.below(3))")
    }
    if choice.chance(10) { parts.append(choice.chance(50) ? "log: true" : "log: \"seen: \"") }
    switch choice.below(100) {
    case 0..<42: parts.append("action: accept")
    case 42..<62: parts.append("action: drop")
    case 62..<85:
      let kinds = ["host-unreachable", "network-unreachable", "admin-prohibited"] + (isTCP ? ["tcp-reset"] : [])
      parts.append("action: reject" + (choice.chance(70) ? ", with: \(choice.pick(kinds))" : ""))
    default: break
    }
    return parts.isEmpty ? "{ log: true }" : "{ \(parts.joined(separator: ", ")) }"
  }

  private mutating func translation(_ ways: [String]) -> String {
    let transport = choice.pick(["tcp", "udp"])
    var parts: [String]
    switch choice.below(4) {
    case 0:
      parts = ["masquerade: \(choice.pick(ways))"]
      if choice.chance(25) { parts.append("protocol: \(transport), to_ports: 2000-2100") }
      if choice.chance(30) { parts.append("from: \(end())") }
    case 1:
      parts = ["snat: 10.9.0.1", "to: \(choice.pick(ways))"]
      if choice.chance(30) { parts.append("from: \(end())") }
    case 2:
      parts = ["dnat: \(choice.pick(["\"web:81\"", "\"far:81\"", "web", "10.1.0.11"]))"]
      parts.append("protocol: \(transport), ports: \(choice.pick(["8080", "8083", "8080-8083"]))")
      if choice.chance(35) { parts.append("from: \(end())") }
      if choice.chance(25) { parts.append("to: \(choice.pick(["10.9.0.10", "10.1.0.1", "10.5.0.0/16"]))") }
    default:
      parts = ["redirect: \(choice.pick(["81", "8081"]))", "protocol: \(transport)"]
      if choice.chance(70) { parts.append("ports: 8080") }
      if choice.chance(60) { parts.append("from: \(end())") }
    }
    return "{ \(parts.joined(separator: ", ")) }"
  }
}
