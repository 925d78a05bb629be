import NetworkTypes
import Plan

extension Emitter {
  /// `nft -f -`, which loads all of a namespace's tables or none.
  mutating func emit(_ operation: LoadRuleset) {
    guard !operation.tables.isEmpty else { return }
    body.need("nft")
    let text = NftablesText(operation.tables, name: context.table)
    switch operation.place {
    case .host:
      body.addText(text.lines, to: "nft -f -", summary: "nft -f -")
      body.use(.recordTables)
      body.addCall("record_tables")
    case .namespace(let name):
      let command: ShellText = "ip netns exec \(name) nft -f -"
      body.addText(text.lines, to: command, summary: command, in: operation.place)
    }
  }
}
