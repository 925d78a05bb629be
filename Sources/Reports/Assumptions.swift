package import Topology
import NetworkTypes

/// What the file counts on and doesn't say: external networks that the host isn't known to have, and devices of the host.
///
/// - Parameter topology: the topology.
/// - Returns: a sentence a line, under a heading; nothing where nothing is assumed.
package func assumptionText(_ topology: Topology) -> String {
  let lines = assumptions(topology)
  return lines.isEmpty ? "" : "ASSUMED\n" + lines.map { "\($0)\n" }.joined()
}

private func assumptions(_ topology: Topology) -> [String] {
  var lines: [String] = []
  var parents: Set<InterfaceName> = []
  for network in topology.networks where network.isUsed {
    switch network.driver {
    case .bridge(let device, _) where network.isExternal:
      lines.append(
        network.isExisting
          ? "\(network.key): the network \(network.name) is the host's device \(device), and is not built."
          : "\(network.key): somebody else makes the network \(network.name); \(device) is built to stand in for it.")
    case .macvlan(let parent, false, _), .ipvlan(let parent, false, _):
      let isKnown = topology.host.interfaces.contains { $0.name == parent }
      let device = parent.subinterface.flatMap { isKnown ? nil : $0.parent } ?? parent
      guard parents.insert(device).inserted, !topology.host.interfaces.contains(where: { $0.name == device }) else {
        continue
      }
      lines.append("\(network.key): the host has the device \(device).")
    case .bridge, .macvlan, .ipvlan, .host, .none: continue
    }
  }
  return lines
}
