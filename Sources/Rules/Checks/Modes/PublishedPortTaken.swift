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
    The second to start fails with "port is already allocated". Ports that aren't published take none: those on routed \
    and internal networks, on macvlan and ipvlan, of services without a network or without a replica. A port on one \
    address and the same on another are two; so are TCP's and UDP's. Of a range that a single port is chosen from, each \
    service and each replica takes one: with none left, the engine answers "all ports are allocated".
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
      street: { networks: [beside], ports: ["7000:80", "53:53"] }
      later: { scale: 0, ports: ["53:53"] }
    networks:
      beside: { driver: macvlan, driver_opts: { parent: eth0 } }
      left: { driver_opts: { com.docker.network.bridge.host_binding_ipv4: 127.0.0.3 } }
      right: { driver_opts: { com.docker.network.bridge.host_binding_ipv4: 127.0.0.4 } }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    var earlier: [UInt16: [Taken]] = [:]
    var result: [Diagnostic] = []
    for node in context.unusualNodes {
      for entry in node.ports {
        guard let published = entry.published, published.count == entry.target.count,
          let binding = context.hostBindings[entry, of: node]
        else { continue }
        let count = node.replicaCount
        if count > 1 {
          result.append(
            finding(
              "`\(node.name.value)` has \(count) replicas, which can't all be published on port \(published)",
              at: entry.range, help: "leave the host's port out, or give a range for one port"))
          continue
        }
        let taken = Taken(node: node.name.value, entry: entry, address: binding.address)
        var other: Taken?
        var shared = published
        for port in published.first...published.last {
          let found = earlier[port]?.first { $0.collides(with: taken) }
          if other == nil, let found, let last = found.entry.published?.last {
            other = found
            shared = PortRange(port, min(last, published.last)) ?? shared
          }
          earlier[port, default: []].append(taken)
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
}

/// A service's entry that takes ports of the host's.
private struct Taken {
  let node: String
  let entry: PublishedPortEntry
  /// The host's address; nil for all.
  let address: IPAddress?

  func collides(with other: Taken) -> Bool {
    guard entry.transport == other.entry.transport, node != other.node || !saysTheSame(as: other) else { return false }
    guard let first = address, let second = other.address else { return true }
    return first == second || first.family == second.family && (first.isUnspecified || second.isUnspecified)
  }

  /// Whether two entries of a service say the same, which counts once.
  private func saysTheSame(as other: Taken) -> Bool {
    entry.published == other.entry.published && entry.target == other.entry.target
      && entry.hostAddress == other.entry.hostAddress
  }
}
