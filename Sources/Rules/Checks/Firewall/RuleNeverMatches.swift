import Diagnostics
import ProjectFile
import Topology

/// A rule that no packet can match.
enum RuleNeverMatches: Rule {
  static let code = RuleCode.ruleNeverMatches
  static let name = "rule-never-matches"
  static let summary = "A rule mixes families, or comes after one that leaves nothing for it."
  static let rationale = """
    A packet is of one family: no one has an IPv4 source and an IPv6 destination. And rules are asked in turn: after one \
    that takes every packet, or every packet that this one would, it is never asked.
    """
  static let failing = """
    services:
      web: { networks: [lan] }
    routers:
      edge:
        networks: [lan]
        firewall:
          forward:
            rules:
              - { from: 10.0.0.0/8, to: "fd00::/8", action: drop }  # error: NW0702
              - { from: web, protocol: tcp, action: accept }
              - { from: web, protocol: tcp, action: drop }  # error: NW0702
              - { action: drop }
              - { from: lan, action: accept }  # error: NW0702
    networks:
      lan: {}
    """
  static let passing = """
    services:
      web: { networks: [lan] }
    routers:
      edge:
        networks: [lan]
        firewall:
          forward:
            rules:
              - { from: web, protocol: tcp, limit: 10/second, action: accept }
              - { from: web, protocol: tcp, action: drop }
              - { from: lan, action: accept }
              - { action: drop }
    networks:
      lan: {}
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    var result: [Diagnostic] = []
    for node in context.unusualNamespaces where (node.replica ?? 1) == 1 {
      let entry = context.entry(of: node)
      result += check(entry.firewall, entry.translations, node.firewall, node.translations)
    }
    if let host = context.file.host {
      let topology = context.topology.host
      result += check(host.firewall, host.translations, topology.firewall, topology.translations)
    }
    return result
  }

  private static func check(
    _ entry: FirewallEntry?, _ translationEntries: [TranslationEntry], _ firewall: Firewall?,
    _ translations: [Translation]
  ) -> [Diagnostic] {
    var result: [Diagnostic] = []
    for way in Firewall.Way.allCases {
      guard let rules = firewall?.chains[way]?.rules,
        let written = FirewallChain(rawValue: way.rawValue).flatMap({ entry?.chains[$0]?.rules })
      else { continue }
      result += mixed(written.map(\.match), found: Set(rules.map(\.origin)))
      result += shadowed(rules)
    }
    return result + mixed(translationEntries.map(\.match), found: Set(translations.map(\.origin)))
  }

  /// The rules that stand for no match at all; those with names that mean nothing have been reported.
  private static func mixed(_ entries: [PacketMatchEntry], found: Set<SourceRange>) -> [Diagnostic] {
    entries.filter { !found.contains($0.range) && ($0.from + $0.to).allSatisfy { !isWord($0.value) } }.map { entry in
      finding(
        "no packet has both ends in these: they are of different families", at: entry.range,
        help: "write a rule for each family")
    }
  }

  /// Whether a text is a name rather than an address: one may be undefined.
  private static func isWord(_ text: String) -> Bool { !text.contains(where: { $0 == "." || $0 == ":" }) }

  private static func shadowed(_ rules: [FilterRule]) -> [Diagnostic] {
    var result: [Diagnostic] = []
    var seen: Set<SourceRange> = []
    for (index, rule) in rules.enumerated() {
      let earlier = rules[..<index].first { other in
        other.origin != rule.origin && other.action != nil && other.limit == nil
          && (other.takesEverything
            || other.match == rule.match && (other.states.isEmpty || other.states == rule.states))
      }
      guard let earlier, seen.insert(rule.origin).inserted else { continue }
      // A rule of several parts is dead only if all of them are.
      let parts = rules.enumerated().filter { $0.element.origin == rule.origin }
      guard parts.allSatisfy({ part in earlier.takesEverything || part.element.match == earlier.match }) else {
        continue
      }
      result.append(
        finding(
          "nothing is left for this rule", at: rule.origin, labels: [.init(earlier.origin, "this one takes it")],
          help: "put it before that one, or take it out"))
    }
    return result
  }
}

extension FilterRule {
  /// Whether every packet matches.
  fileprivate var takesEverything: Bool {
    match.from == .any && match.to == .any && match.family == nil && match.transport == nil && match.ports.isEmpty
      && match.sourcePorts.isEmpty && match.controlTypes == nil && states.isEmpty
  }
}
