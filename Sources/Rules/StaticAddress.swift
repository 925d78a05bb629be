import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// An address that the file gives a node on a network.
struct StaticAddress {
  /// What kind of node it is.
  let role: NodeEntry.Role
  /// The network's place in the topology.
  let network: NetworkID
  /// The address.
  let address: Located<IPAddress>

  /// Every `ipv4_address` and `ipv6_address` on a network that is defined and whose subnets could be read, in the order
  /// written.
  static func all(in file: ProjectFile, _ topology: Topology) -> [StaticAddress] {
    let unread = Set(file.networks.filter { $0.pools.contains(where: \.hasUnreadSubnet) }.map(\.key.value))
    let networks = Dictionary(
      topology.networks.lazy.filter { !unread.contains($0.key) }.map { ($0.key, $0.id) },
      uniquingKeysWith: { first, _ in first })
    var result: [StaticAddress] = []
    // Neighbors are mostly on the same network.
    var last: (key: String, network: NetworkID?)?
    for node in file.nodes.indices {
      for position in file.nodes[node].attachments.indices {
        let v4 = file.nodes[node].attachments[position].ipv4Address
        let v6 = file.nodes[node].attachments[position].ipv6Address
        guard v4 != nil || v6 != nil else { continue }
        let key = file.nodes[node].attachments[position].network.value
        if last?.key != key { last = (key, networks[key]) }
        guard let network = last?.network else { continue }
        let role = file.nodes[node].role
        if let v4 { result.append(StaticAddress(role: role, network: network, address: v4.map(IPAddress.v4))) }
        if let v6 { result.append(StaticAddress(role: role, network: network, address: v6.map(IPAddress.v6))) }
      }
    }
    return result
  }
}

extension RuleContext {
  /// The file's pools with the network that each belongs to.
  var writtenPools: [(network: NetworkEntry, pool: PoolEntry)] {
    file.networks.flatMap { network in network.pools.map { (network, $0) } }
  }
}
