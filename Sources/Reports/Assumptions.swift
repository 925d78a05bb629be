package import Topology

/// What the file counts on and doesn't say: external networks that the host isn't known to have, and devices of the host.
///
/// - Parameter topology: the topology.
/// - Returns: a sentence a line, under a heading; nothing where nothing is assumed.
package func assumptionText(_ topology: Topology) -> String {
  let lines = assumptions(topology)
  return lines.isEmpty ? "" : "ASSUMED\n" + lines.map { "\($0)\n" }.joined()
}

private func assumptions(_ topology: Topology) -> [String] {
  let external = topology.networks.compactMap { network -> String? in
    guard network.isUsed, network.isExternal, case .bridge(let device, _) = network.driver else { return nil }
    return network.isExisting
      ? "\(network.key): the network \(network.name) is the host's device \(device), and is not built."
      : "\(network.key): somebody else makes the network \(network.name); \(device) is built to stand in for it."
  }
  return external
    + topology.assumedParents.map { "\($0.network.key): the host has the device \($0.device)." }
}
