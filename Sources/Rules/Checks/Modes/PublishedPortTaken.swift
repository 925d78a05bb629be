import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// A port of the host's that is published twice.
enum PublishedPortTaken: Rule {
  static let code = RuleCode.publishedPortTaken
  static let name = "published-port-taken"
  static let summary = "Two services, two replicas or two entries publish one port of the host's."
  static let rationale = """
    The second to start fails with "port is already allocated". A port on one address and the same on another are two; so \
    are TCP's and UDP's. Of a range that a single port is chosen from, each service and each replica takes one: with none \
    left, the engine answers "all ports are allocated".
    """
  static let failing = """
    services:
      web: { ports: ["8080:80"] }
      api: { ports: ["127.0.0.1:8080:3000"] }  # error: NW0605
      several:
        scale: 2
        ports: ["9000:80"]  # error: NW0605
      twice:
        ports:
          - "7000:80"
          - "7000:81"  # error: NW0605
      many:
        scale: 3
        ports: ["6000-6001:80"]  # error: NW0605
    """
  static let passing = """
    services:
      web: { ports: ["127.0.0.1:8080:80", "53:53/tcp"] }
      api: { ports: ["127.0.0.2:8080:3000", "53:53/udp"] }
      several: { scale: 2, ports: ["80", "9000-9001:81"] }
      one: { networks: [left], ports: ["7000:80"] }
      two: { networks: [right], ports: ["7000:80"] }
    networks:
      left: { driver_opts: { com.docker.network.bridge.host_binding_ipv4: 127.0.0.3 } }
      right: { driver_opts: { com.docker.network.bridge.host_binding_ipv4: 127.0.0.4 } }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    var earlier: [UInt16: [(node: String, entry: PublishedPortEntry)]] = [:]
    var result: [Diagnostic] = []
    // Where an entry names no address, its network may.
    let bindings = Dictionary(
      context.topology.publications.compactMap { publication in
        publication.hostAddress.map { (publication.origin, $0) }
      }, uniquingKeysWith: { first, _ in first })
    for node in context.unusualNodes where node.networkMode?.value != .host {
      for entry in node.ports {
        guard let published = entry.published, published.count == entry.target.count else { continue }
        let count = node.replicaCount
        if count > 1, isPublished(entry, context) {
          result.append(
            finding(
              "`\(node.name.value)` has \(count) replicas, which can't all be published on port \(published)",
              at: entry.range, help: "leave the host's port out, or give a range for one port"))
          continue
        }
        var other: (node: String, entry: PublishedPortEntry)?
        var shared = published
        for port in published.first...published.last {
          let found = earlier[port]?.first { earlier in
            (earlier.node != node.name.value || !isSame(earlier.entry, entry))
              && collide(earlier.entry, entry, bindings)
          }
          if other == nil, let found, let last = found.entry.published?.last {
            other = found
            shared = PortRange(port, min(last, published.last)) ?? shared
          }
          earlier[port, default: []].append((node.name.value, entry))
        }
        guard let other else { continue }
        result.append(
          finding(
            other.node == node.name.value
              ? "port \(shared) is published twice" : "`\(other.node)` publishes port \(shared) too",
            at: entry.range,
            labels: [.init(other.entry.range, "the first")], help: "choose another port of the host's"))
      }
    }
    return result + exhausted(context)
  }

  /// Ranges that have fewer ports than there are services and replicas that take one.
  private static func exhausted(_ context: RuleContext) -> [Diagnostic] {
    var seen: Set<SourceRange> = []
    return context.topology.failures.compactMap { failure in
      switch failure {
      case .defaultPools, .addresses, .gateway, .linkAddresses: return nil
      case .hostPorts(let node, let range, let entry):
        guard seen.insert(entry).inserted else { return nil }
        let name = context.topology[node].name
        return finding(
          range.map { "no port of \($0) is left for `\(name)`" } ?? "no port of the host's is left for `\(name)`",
          at: entry, help: "give a larger range, or leave the host's port out")
      }
    }
  }

  /// Whether an entry leads to any port of the host's, which in gateway mode `routed` and on internal networks it
  /// doesn't.
  private static func isPublished(_ entry: PublishedPortEntry, _ context: RuleContext) -> Bool {
    context.topology.publications.contains { $0.origin == entry.range && $0.hostPorts != nil }
  }

  /// Whether two entries of a service say the same, which counts once.
  private static func isSame(_ one: PublishedPortEntry, _ other: PublishedPortEntry) -> Bool {
    one.published == other.published && one.target == other.target && one.hostAddress == other.hostAddress
  }

  private static func collide(
    _ one: PublishedPortEntry, _ other: PublishedPortEntry, _ bindings: [SourceRange: IPAddress]
  ) -> Bool {
    guard one.transport == other.transport else { return false }
    guard let first = one.hostAddress ?? bindings[one.range], let second = other.hostAddress ?? bindings[other.range]
    else { return true }
    return first == second || first.family == second.family && (first.isUnspecified || second.isUnspecified)
  }
}
