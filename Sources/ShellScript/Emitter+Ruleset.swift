import NetworkTypes
import Plan

extension Emitter {
  /// `nft -f -`, which loads all of a namespace's tables or none; or iptables-restore, which does so table by table.
  mutating func emit(_ operation: LoadRuleset) {
    guard !operation.tables.isEmpty else { return }
    switch context.firewall {
    case .nftables: emitNftables(operation)
    case .iptables:
      emitIptables(operation, .ipv4)
      if IptablesText.needsIPv6(operation.tables) { emitIptables(operation, .ipv6) }
    }
  }

  private mutating func emitIptables(_ operation: LoadRuleset, _ family: AddressFamily) {
    let program = family == .ipv4 ? "iptables" : "ip6tables"
    body.need("\(program)-restore")
    body.need("\(program)-save")
    let text = IptablesText(operation.tables, family: family, instance: context.instance)
    switch operation.place {
    case .host:
      let command: ShellText = "\(program)-restore --noflush"
      body.addText(text.lines, to: command, summary: command, in: .host)
    case .namespace(let name):
      let command: ShellText = "ip netns exec \(name) \(program)-restore --noflush"
      body.addText(text.lines, to: command, summary: command, in: operation.place)
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
