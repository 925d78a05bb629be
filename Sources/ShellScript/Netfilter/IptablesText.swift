import NetworkTypes
import Plan

/// The tables of an `IptablesRuleset` in the language of iptables-restore(8): `iptables-restore --noflush`.
struct IptablesText {
  /// The lines.
  private(set) var lines: [String] = []

  /// Writes the tables.
  init(_ ruleset: IptablesRuleset) {
    for table in ruleset.tables {
      let (own, builtIn) = (table.chains.filter { $0.base == nil }, table.chains.filter { $0.base != nil })
      lines.append("*\(table.name.rawValue)")
      lines += own.map { ":\($0.name) - [0:0]" }
      for chain in own {
        lines += chain.rules.map { rule in
          let words = rule.iptablesWords(ruleset.family)
          return "-A \(chain.name)\(words.isEmpty ? "" : " ")\(words)"
        }
      }
      for chain in builtIn {
        // Others have rules in these chains too: each goes to the head, the first last.
        lines += chain.rules.reversed().map { "-I \(chain.name) 1 \($0.iptablesWords(ruleset.family))" }
      }
      lines.append("COMMIT")
    }
  }
}
