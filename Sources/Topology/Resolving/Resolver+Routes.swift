import Diagnostics
import NetworkTypes
import ProjectFile

extension Resolver {
  /// Makes the written routes and rules of nodes and host.
  mutating func makeRoutes() {
    for index in topology.nodes.indices {
      let entry = topology.nodes[index].entry
      guard !file.nodes[entry].routes.isEmpty || !file.nodes[entry].rules.isEmpty,
        case .namespace = topology.nodes[index].home
      else { continue }
      topology.nodes[index].routes = file.nodes[entry].routes.flatMap { routes($0) }
      topology.nodes[index].rules = rules(file.nodes[entry].rules)
    }
    guard let host = file.host else { return }
    topology.host.routes = host.routes.flatMap { routes($0) }
    topology.host.rules = rules(host.rules)
    topology.host.sysctls = inTakenOrder(host.sysctls.map { Sysctl($0) })
  }

  /// A written route as the kernel takes it.
  private func routes(_ entry: RouteEntry) -> [Route] {
    let action: Route.Action
    switch entry.kind?.value ?? .unicast {
    case .unicast: action = .unicast(entry.hops.map { hop($0) })
    case .blackhole: action = .blackhole
    case .unreachable: action = .unreachable
    case .prohibit: action = .prohibit
    }
    let destinations: [IPPrefix]
    switch entry.destination.value {
    case .prefix(let prefix): destinations = [prefix]
    case .everywhere: destinations = [entry.family].compactMap { everywhere($0) }
    }
    return destinations.map {
      Route(
        destination: $0, action: action, metric: entry.metric?.value, table: entry.table?.value,
        source: entry.source?.value, origin: entry.range)
    }
  }

  private func hop(_ entry: RouteEntry.Hop) -> Route.Hop {
    Route.Hop(
      gateway: entry.via?.value, device: entry.device?.value, weight: entry.weight?.value ?? 1,
      isOnLink: entry.isOnLink?.value ?? false, origin: entry.range)
  }

  private func everywhere(_ family: AddressFamily) -> IPPrefix? {
    IPPrefix(containing: IPAddress(family: family, bits: 0), length: 0)
  }

  /// The written rules; those without a priority get those of 1000, 1001, … that no other has, in the order written,
  /// where `ip rule add` would put each new one before those that are there.
  private func rules(_ entries: [RuleEntry]) -> [PolicyRule] {
    let written = Set(entries.compactMap(\.priority?.value))
    var next: UInt32 = 1000
    return entries.flatMap { entry -> [PolicyRule] in
      while written.contains(next) { next += 1 }
      let priority = entry.priority?.value ?? next
      if entry.priority == nil { next += 1 }
      let action: PolicyRule.Action
      switch entry.kind?.value ?? .lookup {
      case .lookup:
        guard let table = entry.table?.value else { return [] }
        action = .table(table)
      case .blackhole: action = .blackhole
      case .unreachable: action = .unreachable
      case .prohibit: action = .prohibit
      }
      let named = entry.from?.value.family ?? entry.to?.value.family ?? entry.family?.value
      return (named.map { [$0] } ?? AddressFamily.allCases).map { family in
        PolicyRule(
          family: family, priority: priority, from: entry.from?.value, to: entry.to?.value,
          inputDevice: entry.inputDevice?.value, outputDevice: entry.outputDevice?.value, mark: entry.mark?.value,
          action: action, origin: entry.range)
      }
    }
  }
}
