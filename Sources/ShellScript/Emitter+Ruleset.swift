import NetworkTypes
import Plan

extension Emitter {
  /// `nft -f -`, which loads all of a namespace's tables or none; or iptables-restore, which does so table by table.
  mutating func emit(_ operation: LoadRuleset) {
    guard !operation.tables.isEmpty else { return }
    switch context.firewall {
    case .nftables: emitNftables(operation)
    case .iptables:
      for ruleset in context.iptables?.rulesets(operation.tables) ?? [] { emit(ruleset, in: operation.place) }
    }
  }

  private mutating func emit(_ ruleset: IptablesRuleset, in place: Place) {
    let program = ruleset.family.iptablesProgram
    body.need("\(program)-restore")
    body.need("\(program)-save")
    let text = IptablesText(ruleset)
    switch place {
    case .host:
      let command: ShellText = "\(program)-restore --noflush"
      body.addText(text.lines, to: command, summary: command, in: .host)
    case .namespace(let name):
      let command: ShellText = "ip netns exec \(name) \(program)-restore --noflush"
      body.addText(text.lines, to: command, summary: command, in: place)
    }
  }

  private mutating func emitNftables(_ operation: LoadRuleset) {
    body.need("nft")
    let text = NftablesText(operation.tables, name: context.table)
    switch operation.place {
    case .host:
      body.addText(text.lines, to: "nft -f -", summary: "nft -f -", in: .host)
      body.use(.recordTables)
      body.addCall("record_tables")
    case .namespace(let name):
      let command: ShellText = "ip netns exec \(name) nft -f -"
      body.addText(text.lines, to: command, summary: command, in: operation.place)
    }
  }
}
