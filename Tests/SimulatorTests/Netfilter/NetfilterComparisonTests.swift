import Foundation
import NetworkTypes
import Plan
import Simulator
import Testing
import Views

/// What the simulator's netfilter does is what the kernel's does: what comes of probes, who is seen to have sent them,
/// what every rule has counted, and which connections are known.
@Suite struct NetfilterComparisonTests {
  /// How many networks are made: 100, or as many as NETWRIGHT_FILTERED says.
  static let count = ProcessInfo.processInfo.environment["NETWRIGHT_FILTERED"].flatMap { Int($0) } ?? 100
  /// The first seed: 1, or what NETWRIGHT_SEED says.
  static let firstSeed = ProcessInfo.processInfo.environment["NETWRIGHT_SEED"].flatMap { UInt64($0) } ?? 1
  /// Whether a network that differs is made smaller, which takes a minute.
  static let shrinks = ProcessInfo.processInfo.environment["NETWRIGHT_SHRINK"] != "0"
  /// How many networks are tried side by side.
  static let batch = 20

  @Test(arguments: Array(stride(from: 0, to: count, by: batch)))
  func `the kernel agrees`(_ start: Int) throws {
    let seeds = (start..<min(start + Self.batch, Self.count)).map { Self.firstSeed + UInt64($0) }
    let labs = seeds.compactMap { seed in
      var generator = RulesetGenerator(seed: seed)
      return generator.lab().map { (name: "\(seed)", lab: $0) }
    }
    #expect(labs.count == seeds.count, "only \(labs.map(\.name)) are right")
    try Self.compare(labs)
  }

  /// Networks that once differed, at their places in the sequence of the first comparisons.
  static let regressions: [(name: String, place: UInt64)] = [
    ("errors-while-sending-control", 17), ("errors-while-sending-control-again", 41), ("no-redirects-of-translated", 8),
    ("no-redirects-of-translated-again", 48), ("no-redirects-of-translated-third", 56),
    ("connected-datagram-sockets", 21), ("rejected-at-once", 19), ("bridged-to-unknown-neighbor", 37),
    ("resets-and-limits", 5372),
  ]

  /// Networks that once differed, by their seeds.
  static let seeded: [(name: String, seed: UInt64)] = [
    ("unlimited-errors-and-redirects", 5464), ("resets-by-a-bridge", 8854),
    ("no-time-for-what-is-not-sent", 20136),
  ]

  @Test func `what once differed agrees still`() throws {
    let generators =
      Self.regressions.map { ($0.name, RulesetGenerator(place: $0.place)) }
      + Self.seeded.map { ($0.name, RulesetGenerator(seed: $0.seed)) }
    let labs = generators.compactMap { name, generator in
      var generator = generator
      return generator.lab().map { (name: name, lab: $0) }
    }
    #expect(labs.count == generators.count)
    try Self.compare(labs)
  }

  /// Compares networks all at once, and those that differ once more, each by itself.
  static func compare(_ labs: [(name: String, lab: FilteredLab)]) throws {
    let answers = try FilteredAnswers(labs)
    var isShrunk = false
    for (name, lab) in labs where !Self.differences(lab, name, answers).isEmpty {
      // On a busy machine a probe may wait for longer than it was meant to; alone it won't, or not each time.
      var differences: [String] = []
      for _ in 0..<5 {
        differences = Self.differences(lab, name, try FilteredAnswers([(name, lab)]))
        if differences.isEmpty { break }
      }
      guard !differences.isEmpty else { continue }
      // One of a batch is enough to find out why.
      let smaller = isShrunk || !Self.shrinks ? lab.text : try Self.shrunk(lab)
      isShrunk = true
      Issue.record(
        """
        seed \(name):
        \(differences.joined(separator: "\n"))
        the network, or the smallest that differs:
        \(smaller)
        """)
    }
  }

  /// Where the kernel and the simulator differ.
  static func differences(_ lab: FilteredLab, _ name: String, _ answers: FilteredAnswers) -> [String] {
    if let trouble = answers.outcomes["\(name) up"] { return ["up: \(trouble)"] }
    let (outcomes, machine) = lab.simulate()
    var result: [String] = []
    for (probe, simulated) in zip(lab.probes, outcomes) {
      let real = answers.outcomes["\(name) \(probe.number)"] ?? "nothing"
      guard lab.withoutChance(real) != lab.withoutChance(simulated) else { continue }
      result.append("\(probe.line.dropLast()) -> the kernel says \(real), the simulator \(simulated)")
    }
    for space in lab.spaces {
      for (words, view) in lab.views {
        let real = lab.comparable(answers.states["\(name) \(space.name) \(words)"] ?? "", view)
        let simulated = lab.comparable(view.text(of: space.id, in: machine), view)
        for change in real.difference(from: simulated) {
          switch change {
          case .insert(_, let line, _): result.append("\(space.name) \(words): the kernel has \(line)")
          case .remove(_, let line, _): result.append("\(space.name) \(words): the simulator has \(line)")
          }
        }
      }
    }
    return result
  }

  /// The network with as few rules and probes as still differ.
  private static func shrunk(_ lab: FilteredLab) throws -> String {
    var best = lab
    for _ in 0..<12 {
      let candidates = best.smaller()
      guard !candidates.isEmpty else { break }
      let named = candidates.enumerated().map { (name: "\($0)", lab: $1) }
      let answers = try FilteredAnswers(named)
      guard let next = named.first(where: { !differences($0.lab, $0.name, answers).isEmpty }) else { break }
      best = next.lab
    }
    let answers = try FilteredAnswers([(name: "last", lab: best)])
    return """
      \(best.text)
      \(differences(best, "last", answers).joined(separator: "\n"))
      """
  }
}

extension FilteredLab {
  /// A text without the ports and identifiers that chance has chosen.
  func withoutChance(_ text: String) -> String {
    let known = Set(probes.map(\.own)).union([81, 82, 8080, 8081, 8082, 8083, 8084, 0])
    return text.replacing(#/(<[0-9a-f.:]+:|sport=|dport=|id=)([0-9]+)/#) { match in
      UInt16(match.output.2).map { known.contains($0) } == true ? String(match.output.0) : "\(match.output.1)ANY"
    }
  }

  /// The lines of what a program prints, as far as they don't hang on time.
  func comparable(_ text: String, _ view: View) -> [String] {
    let lines = text.split(separator: "\n").map(String.init)
    switch view {
    case .connections:
      // What was reset is forgotten after ten seconds.
      return lines.filter { !$0.contains(" CLOSE ") }.map { line in
        withoutChance(line.replacing(#/^([a-z0-9]+ +[0-9]+) [0-9]+ /#) { "\($0.output.1) " })
      }.sorted()
    case .nftables:
      return lines.map { line in
        line.contains("\"neighbors\"") || line.contains("\"neighbor discovery\"")
          ? line.replacing(#/packets [0-9]+ bytes [0-9]+/#) { _ in "packets N bytes N" } : line
      }
    case .iptablesSave(let family, _):
      return lines.filter { !$0.hasPrefix("#") }.map { line in
        isOfNeighbors(line, family) ? line.replacing(#/^\[[0-9]+:[0-9]+\]/#) { _ in "[N:N]" } : line
      }
    case .iptables(let family, _, let withNumbers):
      return lines.map { line in
        guard isOfNeighbors(line, family) else { return line }
        let number = withNumbers ? 5 : 0
        return line.prefix(number) + "    N     N" + line.dropFirst(number + 11)
      }
    case .links, .routes, .rules, .neighbors, .bridgeLinks, .forwardingDatabase, .bridgeVLANs, .bridges,
      .hardwareAddresses, .ifconfig, .routeTable, .peerNumbers, .parameters, .json:
      return lines
    }
  }

  /// Whether neighbor discovery is counted by a rule of iptables.
  private func isOfNeighbors(_ line: String, _ family: AddressFamily) -> Bool {
    line.contains("--comment neighbors") || line.contains("/* neighbors */")
      || line.contains("\"neighbor discovery\"") || line.contains("/* neighbor discovery */")
      || family == .ipv6 && (line.contains("\"netwright rules\"") || line.contains("/* netwright rules */"))
  }

  /// The network with something taken away: half the probes, a namespace's rules, a chain, a rule.
  func smaller() -> [FilteredLab] {
    var result: [FilteredLab] = []
    func add(_ change: (inout FilteredLab) -> Void) {
      var copy = self
      change(&copy)
      result.append(copy)
    }
    if probes.count > 1 {
      let half = probes.count / 2
      add { $0.probes = Array(probes.prefix(half)) }
      add { $0.probes = Array(probes.dropFirst(half)) }
      for index in probes.indices.prefix(8) { add { $0.probes.remove(at: index) } }
    }
    for (place, ruleset) in rulesets.enumerated() {
      if rulesets.count > 1 { add { $0.rulesets.remove(at: place) } }
      for (table, content) in ruleset.tables.enumerated() {
        for (chain, rules) in content.chains.enumerated() {
          if rules.base != nil, content.chains.count > 1 {
            add { $0.rulesets[place].tables[table].chains.remove(at: chain) }
          }
          for rule in rules.rules.indices {
            add { $0.rulesets[place].tables[table].chains[chain].rules.remove(at: rule) }
          }
        }
      }
    }
    return Array(result.prefix(40))
  }

  /// The file, the rules and the probes.
  var text: String {
    """
    \(yaml)
    by \(firewall)
    \(rulesets.map { "\($0.place): \(Self.text(of: $0))" }.joined(separator: "\n"))
    \(probes.map(\.line).joined())
    """
  }

  /// A namespace's rules, one a line.
  static func text(of ruleset: LoadRuleset) -> String {
    ruleset.tables.flatMap(\.chains).map { chain in
      let base = chain.base.map { " \($0.hook) \($0.priority)\($0.dropsByDefault ? " drop" : "")" } ?? ""
      return "chain \(chain.name)\(base)\n"
        + chain.rules.map { "  \($0.matches) \($0.verdict.map { "\($0)" } ?? "count")  # \($0.comment)" }
        .joined(separator: "\n")
    }.joined(separator: "\n")
  }
}
