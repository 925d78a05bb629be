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
      result += check(entry.firewall, known(entry.translations, context), node.firewall, node.translations)
    }
    if let host = context.file.host {
      let topology = context.topology.host
      result += check(
        host.firewall, known(host.translations, context), topology.firewall, topology.translations)
    }
    return result
  }

  /// The translations to something that there is; of what isn't there nothing is made, as has been reported.
  private static func known(_ entries: [TranslationEntry], _ context: RuleContext) -> [TranslationEntry] {
    entries.filter { entry in
      if case .destination(let name) = entry.kind { context.isTarget(name.value) } else { true }
    }
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
      // What a partly read rule takes, and what takes it, isn't known.
      let partial = Set(written.filter(\.match.isPartial).map(\.match.range))
      result += shadowed(partial.isEmpty ? rules : rules.filter { !partial.contains($0.origin) })
    }
    return result + mixed(translationEntries.map(\.match), found: Set(translations.map(\.origin)))
  }

  /// The rules that stand for no match at all; those with names that mean nothing have been reported, and those that
  /// couldn't be read too.
  private static func mixed(_ entries: [PacketMatchEntry], found: Set<SourceRange>) -> [Diagnostic] {
    entries.filter { entry in
      !entry.isPartial && !found.contains(entry.range) && (entry.from + entry.to).allSatisfy { !isWord($0.value) }
    }.map { entry in
      finding(
        "no packet has both ends in these: they are of different families", at: entry.range,
        help: "write a rule for each family")
    }
  }

  /// Whether a text is a name rather than an address: one may be undefined.
  private static func isWord(_ text: String) -> Bool { !text.contains(where: { $0 == "." || $0 == ":" }) }

  private static func shadowed(_ rules: [FilterRule]) -> [Diagnostic] {
    var result: [Diagnostic] = []
    var deciding = DecidingRules()
    // The parts that a written rule has become stand one after the other.
    var rest = rules[...]
    while let first = rest.first {
      let parts = rest.prefix { $0.origin == first.origin }
      rest = rest.dropFirst(parts.count)
      // A rule of several parts is dead only if all of them are, by the same rule.
      if let earlier = parts.lazy.compactMap(deciding.one(before:)).first,
        parts.allSatisfy({ earlier.takesEverything || $0.match == earlier.match })
      {
        result.append(
          finding(
            "nothing is left for this rule", at: first.origin, labels: [.init(earlier.origin, "this one takes it")],
            help: "put it before that one, or take it out"))
      }
      for part in parts where part.action != nil && part.limit == nil { deciding.add(part) }
    }
    return result
  }
}

/// The rules so far that decide on every packet that they match.
private struct DecidingRules {
  private var takingEverything: (position: Int, rule: FilterRule)?
  private var byMatch: [PacketMatch: [(position: Int, rule: FilterRule)]] = [:]
  private var count = 0

  mutating func add(_ rule: FilterRule) {
    if takingEverything == nil, rule.takesEverything { takingEverything = (count, rule) }
    // A second one of the same states never is the first to decide.
    if !(byMatch[rule.match] ?? []).contains(where: { $0.rule.states == rule.states }) {
      byMatch[rule.match, default: []].append((count, rule))
    }
    count += 1
  }

  /// The first that decides on everything that another matches.
  func one(before rule: FilterRule) -> FilterRule? {
    let alike = byMatch[rule.match]?.first { $0.rule.states.isEmpty || $0.rule.states == rule.states }
    return [takingEverything, alike].compactMap { $0 }.min { $0.position < $1.position }?.rule
  }
}

extension FilterRule {
  /// Whether every packet matches.
  fileprivate var takesEverything: Bool {
    match.from == .any && match.to == .any && match.family == nil && match.transport == nil && match.ports.isEmpty
      && match.sourcePorts.isEmpty && match.controlTypes == nil && states.isEmpty
  }
}
