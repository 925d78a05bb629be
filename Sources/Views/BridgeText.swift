import NetworkTypes
import Plan
import Simulator

/// The lines of `bridge link` (iproute2, bridge/link.c).
func bridgeLinksText(of namespace: NamespaceID, in kernel: Kernel) -> String {
  kernel.devices(of: namespace).compactMap { id in
    let device = kernel[id]
    guard let port = device.port, let master = device.master else { return nil }
    return "\(device.number): \(device.name)\(peerName(of: id, in: kernel)): <\(flags(of: id, in: kernel))> mtu "
      + "\(device.mtu) master \(kernel[master].name) state \(port.state.name) priority 32 cost "
      + "\(kernel.pathCost(of: id)) \n"
  }.joined()
}

/// The name that the number of a device's other end has here: bridge(8) takes it for one of its own namespace.
private func peerName(of id: DeviceID, in kernel: Kernel) -> String {
  guard let lower = lowerDevice(of: id, in: kernel) else { return "" }
  let number = kernel[lower].number
  let local = kernel.devices(of: kernel[id].namespace).first { kernel[$0].number == number }
  return "@" + (local.map { kernel[$0].name.text } ?? "if\(number)")
}

/// The lines of `bridge fdb`: what bridges and VXLAN devices learned, their own addresses, and those that devices listen
/// to beside (iproute2, bridge/fdb.c).
func forwardingText(of namespace: NamespaceID, in kernel: Kernel) -> String {
  var text = ""
  for id in kernel.devices(of: namespace) {
    let device = kernel[id]
    if case .bridge = device.kind {
      for (key, entry) in kernel.forwardingTable(of: id) {
        text += "\(key.address) dev \(kernel[entry.port].name) "
        if key.vlan != 0 { text += "vlan \(key.vlan) " }
        text += "master \(device.name) \(entry.isLocal ? "permanent" : "")\n"
      }
    }
    for (address, remote) in kernel.tunnelTable(of: id) {
      text += "\(address) dev \(device.name) dst \(remote) self \(address.bits == 0 ? "permanent" : "")\n"
    }
  }
  return text
}

/// The table of `bridge vlan` (iproute2, bridge/vlan.c).
func bridgeVLANsText(of namespace: NamespaceID, in kernel: Kernel) -> String {
  let ids = kernel.devices(of: namespace)
  let width = max(17, (ids.map { kernel[$0].name.text.utf8.count }.max() ?? 0) + 2)
  var text = pad("port", width) + " vlan-id  \n"
  for id in ids {
    guard let vlans = kernel.bridgeVLANs(of: id), !vlans.members.isEmpty else { continue }
    var name = kernel[id].name.text
    for vlan in vlans.members.sorted() {
      text += pad(name, width) + " \(vlan)"
      if vlans.pvid == vlan { text += " PVID" }
      if vlans.untagged.contains(vlan) { text += " Egress Untagged" }
      text += "\n"
      name = ""
    }
  }
  return text
}

/// The table of `brctl show` (bridge-utils, brctl/brctl_cmd.c).
func bridgesText(of namespace: NamespaceID, in kernel: Kernel) -> String {
  var text = "bridge name\tbridge id\t\tSTP enabled\tinterfaces\n"
  for id in kernel.devices(of: namespace) {
    guard case .bridge(let index) = kernel[id].kind else { continue }
    let bridge = kernel.bridges[index]
    let digits = kernel[id].address.octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    text += "\(kernel[id].name)\t\t8000.\(digits)\t\(bridge.options.spanningTree ? "yes" : "no")"
    let ports = bridge.ports.sorted { kernel[$0].name < kernel[$1].name }.map { kernel[$0].name.text }
    text += "\t\t" + ports.joined(separator: "\n\t\t\t\t\t\t\t") + "\n"
  }
  return text
}
