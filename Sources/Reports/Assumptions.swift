import NetworkTypes
package import Topology

/// What the file counts on and doesn't say: external networks that the host isn't known to have, and devices of the
/// host.
///
/// - Parameter topology: the topology.
/// - Returns: a sentence a line, under a heading; nothing where nothing is assumed.
package func assumptionText(_ topology: Topology) -> String {
  let lines = assumptions(topology)
  return lines.isEmpty ? "" : "ASSUMED\n" + lines.map { "\($0)\n" }.joined()
}

private func assumptions(_ topology: Topology) -> [String] {
  topology.networks.compactMap(externalText)
    + topology.assumedParents.map { "\($0.network.key): the host has the device \($0.device)." }
}

private func externalText(_ network: Network) -> String? {
  guard network.isUsed, network.isExternal else { return nil }
  let device: InterfaceName
  switch network.driver {
  case .bridge(let bridge, _): device = bridge
  case .macvlan(let parent, _, _), .ipvlan(let parent, _, _): device = parent
  case .host, .none: return nil
  }
  guard !network.isExisting else {
    let place =
      network.bridge == nil ? "on the host's device \(device)" : "the host's device \(device), and is not built"
    return "\(network.key): the network \(network.name) is \(place)."
  }
  let blocks = network.pools.map(\.subnet.description).joined(separator: " and ")
  return "\(network.key): somebody else makes the network \(network.name); \(device) is built to stand in for it"
    + (blocks.isEmpty ? "." : ", as \(blocks).")
}
