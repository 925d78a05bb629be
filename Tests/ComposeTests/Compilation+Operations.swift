import Plan

@testable import Netwright

extension Compilation {
  /// The operations of the plan, without the places in the file that rules keep, which are others in another file.
  var operations: [Operation] {
    (makePlan()?.steps ?? []).map { step in
      guard case .loadRuleset(var payload) = step.operation else { return step.operation }
      for table in payload.tables.indices {
        for chain in payload.tables[table].chains.indices {
          for rule in payload.tables[table].chains[chain].rules.indices {
            payload.tables[table].chains[chain].rules[rule].origin = Origin(subject: "", file: "", line: 0, column: 0)
          }
        }
      }
      return .loadRuleset(payload)
    }
  }
}
