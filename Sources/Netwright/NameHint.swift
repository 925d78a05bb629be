import Diagnostics
import Topology

/// What to say after a name that no node has: the one that was meant, or all that there are where those are few.
///
/// - Returns: nothing, or a colon and the rest of a sentence.
func nameHint(for name: String, in topology: Topology, besides others: [String] = []) -> String {
  let names = topology.nodes.map(\.displayName)
  if let near = suggestion(for: name, among: names + topology.nodes.map(\.key) + others + ["host"]) {
    return ": did you mean `\(near)`?"
  }
  guard (1...8).contains(names.count) else { return "" }
  return ": there \(names.count == 1 ? "is" : "are") \(names.map { "`\($0)`" }.joined(separator: ", "))"
}
