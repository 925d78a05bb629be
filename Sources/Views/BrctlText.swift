import NetworkTypes
import Simulator

/// The table of `brctl show` (bridge-utils, brctl/brctl_cmd.c); without a bridge not even its heading.
func bridgesText(of namespace: NamespaceID, in kernel: Kernel) -> String {
  let bridges = kernel.devices(of: namespace).sorted { kernel[$0].name < kernel[$1].name }.compactMap { id -> String? in
    guard case .bridge(let index) = kernel[id].kind else { return nil }
    let bridge = kernel.bridges[index]
    let digits = kernel[id].address.octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    let ports = bridge.ports.sorted { kernel[$0].name < kernel[$1].name }.map { kernel[$0].name.text }
    return "\(kernel[id].name)\t\t8000.\(digits)\t\(bridge.options.spanningTree ? "yes" : "no")"
      + "\t\t" + ports.joined(separator: "\n\t\t\t\t\t\t\t") + "\n"
  }
  return bridges.isEmpty ? "" : "bridge name\tbridge id\t\tSTP enabled\tinterfaces\n" + bridges.joined()
}

/// The table of `brctl showmacs BRIDGE`: learned addresses and those of the ports, by address; the bridge's own, which
/// no port has, is left out (br_fdb_fillbuf).
func hardwareAddressesText(of bridge: InterfaceName, _ namespace: NamespaceID, in kernel: Kernel) -> String {
  guard let id = kernel.device(bridge, in: namespace) else { return "" }
  var text = "port no\tmac addr\t\tis local?\tageing timer\n"
  // What counts no longer is left out (br_fdb_fillbuf).
  let table = kernel.forwardingTable(of: id).filter { !$0.isStale }
  for (key, entry, _) in table.sorted(by: { $0.key.address < $1.key.address }) {
    guard let port = kernel[entry.port].port else { continue }
    text += right("\(port.number)", 3) + "\t\(key.address)\t\(entry.isLocal ? "yes" : "no")\t\t"
    let age = entry.isLocal ? 0 : kernel.now.since(entry.updated).nanoseconds / 10_000_000
    let hundredths = "\(age % 100)"
    text += right("\(age / 100)", 4) + ".\(hundredths.utf8.count < 2 ? "0" : "")\(hundredths)\n"
  }
  return text
}
