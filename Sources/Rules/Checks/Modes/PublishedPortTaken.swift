import Diagnostics
import NetworkTypes
import ProjectFile

/// A port of the host's that two services publish.
enum PublishedPortTaken: Rule {
  static let code = RuleCode.publishedPortTaken
  static let summary = "Two services publish one port of the host's."
  static let rationale = """
    The second to start fails with "port is already allocated". A port on one address and the same on another are two; so \
    are TCP's and UDP's. A range that a single port is chosen from is left to the engine.
    """
  static let failing = """
    services:
      web: { ports: ["8080:80"] }
      api: { ports: ["127.0.0.1:8080:3000"] }  # error: NW0605
    """
  static let passing = """
    services:
      web: { ports: ["127.0.0.1:8080:80", "53:53/tcp"] }
      api: { ports: ["127.0.0.2:8080:3000", "53:53/udp"] }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    var earlier: [UInt16: [(node: String, entry: PublishedPortEntry)]] = [:]
    var result: [Diagnostic] = []
    for node in context.unusualNodes where node.networkMode?.value != .host {
      for entry in node.ports {
        guard let published = entry.published, published.count == entry.target.count else { continue }
        var other: (node: String, entry: PublishedPortEntry)?
        for port in published.first...published.last {
          other = other ?? earlier[port]?.first { $0.node != node.name.value && collide($0.entry, entry) }
          earlier[port, default: []].append((node.name.value, entry))
        }
        guard let other else { continue }
        result.append(
          finding(
            "`\(other.node)` publishes port \(published) too", at: entry.range,
            labels: [.init(other.entry.range, "the first")], help: "choose another port of the host's"))
      }
    }
    return result
  }

  private static func collide(_ one: PublishedPortEntry, _ other: PublishedPortEntry) -> Bool {
    guard one.transport == other.transport else { return false }
    guard let first = one.hostAddress, let second = other.hostAddress else { return true }
    return first == second || first.family == second.family && (first.isUnspecified || second.isUnspecified)
  }
}
