import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// An address that the file gives a node on a network.
struct StaticAddress {
  let node: NodeEntry
  let network: Network
  let address: Located<IPAddress>
}

extension RuleContext {
  /// Every `ipv4_address` and `ipv6_address` on a network that is defined, in the order written.
  var staticAddresses: [StaticAddress] {
    let networks = Dictionary(topology.networks.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    return file.nodes.flatMap { node in
      node.attachments.flatMap { attachment -> [StaticAddress] in
        guard let network = networks[attachment.network.value] else { return [] }
        return [
          attachment.ipv4Address.map { $0.map(IPAddress.v4) }, attachment.ipv6Address.map { $0.map(IPAddress.v6) },
        ]
        .compactMap { $0 }.map { StaticAddress(node: node, network: network, address: $0) }
      }
    }
  }

  /// The file's pools with the network that each belongs to.
  var writtenPools: [(network: NetworkEntry, pool: PoolEntry)] {
    file.networks.flatMap { network in network.pools.map { (network, $0) } }
  }
}
