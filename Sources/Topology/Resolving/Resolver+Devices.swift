import Diagnostics
import NetworkTypes
import ProjectFile

extension Resolver {
  /// Makes the devices that nodes make for themselves, what a device stands on before it, and joins their members.
  mutating func makeDevices() {
    for index in topology.nodes.indices {
      let entries = file.nodes[topology.nodes[index].entry].interfaces
      guard !entries.isEmpty, case .namespace = topology.nodes[index].home else { continue }
      for entry in inBuildOrder(entries) {
        guard let device = device(of: entry) else { continue }
        topology.nodes[index].interfaces.append(
          Interface(
            name: entry.name.value, source: .device(device),
            addresses: entry.addresses.map { AssignedAddress(address: $0.value, choice: .written, origin: $0.range) },
            macAddress: entry.macAddress?.value, mtu: entry.mtu?.value,
            hasIPv6: entry.addresses.contains { $0.value.family == .ipv6 },
            impairment: Rare(entry.impairment.map { NetemOptions($0) }),
            origin: entry.name.range))
        attachments[index].append(nil)
      }
      for entry in entries {
        for member in entry.members {
          guard let position = topology.nodes[index].interfaces.position(of: member.value) else { continue }
          topology.nodes[index].interfaces[position].master = entry.name.value
        }
      }
    }
  }

  /// The devices such that what one stands on comes before it; a cycle (a finding of its own) comes last.
  private func inBuildOrder(_ entries: [InterfaceEntry]) -> [InterfaceEntry] {
    guard entries.contains(where: { $0.parent != nil }) else { return entries }
    let index = Dictionary(
      entries.indices.map { (entries[$0].name.value, $0) }, uniquingKeysWith: { first, _ in first })
    let levels = dependencyLevels(
      entries.map { entry in entry.parent.flatMap { index[$0.value] }.map { [$0] } ?? [] })
    return levels.indices.sorted { (levels[$0] ?? .max, $0) < (levels[$1] ?? .max, $1) }.map { entries[$0] }
  }

  /// The device that an entry describes; nil where something it needs is missing, which has been reported.
  private func device(of entry: InterfaceEntry) -> Device? {
    switch entry.kind.value {
    case .dummy: return .dummy
    case .bond: return .bond(entry.mode?.value ?? .balanceRR)
    case .vrf: return entry.table.map { .vrf(table: $0.value) }
    case .vlan:
      guard let parent = entry.parent?.value, let id = entry.id.flatMap({ VLANID(number: Int($0.value)) }) else {
        return nil
      }
      return .vlan(parent: parent, id: id)
    case .vxlan:
      guard let id = entry.id?.value else { return nil }
      return .vxlan(
        VXLANOptions(
          id: id, local: entry.local?.value, remote: entry.remote?.value, device: entry.parent?.value,
          port: entry.port?.value ?? 4789))
    case .bridge:
      var options = BridgeOptions()
      options.spanningTree = entry.spanningTree?.value ?? false
      return .bridge(options)
    }
  }
}
