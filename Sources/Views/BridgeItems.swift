import JSONText
import NetworkTypes
import Plan
import Simulator

/// The ports of `bridge link` (iproute2, bridge/link.c).
func bridgeLinkItems(of namespace: NamespaceID, in kernel: Kernel) -> [ListedItem] {
  kernel.devices(of: namespace).compactMap { id in
    let device = kernel[id]
    guard let port = device.port, let master = device.master else { return nil }
    var item = ListedItem()
    item.put("ifindex", .number(device.number), "\(device.number): ")
    // The kernel leaves out a number that is the port's own, wherever the peer is (br_fill_ifinfo).
    let number = lowerDevice(of: id, in: kernel).map { kernel[$0].number }
    let lower = number == device.number ? nil : number
    let peer = lower == nil ? nil : localName(ofPeerOf: id, in: kernel)
    if let peer { item.put("link", .string(peer)) }
    item.put("ifname", .string(device.name.text), device.name.text + (peer.map { "@\($0)" } ?? "") + ": ")
    // Whether the device below is down bridge(8) sees by its number here, whosever that is.
    let isLowerDown = kernel.devices(of: namespace).contains { kernel[$0].number == lower && !kernel[$0].isUp }
    let words = flagWords(of: id, in: kernel).filter { $0 != "M-DOWN" } + (isLowerDown ? ["M-DOWN"] : [])
    item.put("flags", .array(words.map { .string($0) }), "<\(words.joined(separator: ","))>")
    item.put("mtu", .number(device.mtu), " mtu \(device.mtu) ")
    item.put("master", .string(kernel[master].name.text), "master \(kernel[master].name) ")
    item.put("state", .string(port.state.name), "state \(port.state.name) ")
    item.put("priority", .number(32), "priority 32 ")
    let cost = Int(kernel.pathCost(of: id))
    item.put("cost", .number(cost), "cost \(cost) \n")
    return item
  }
}

/// The name that the number of a device's other end has here, for programs that take it for one of their own namespace.
func localName(ofPeerOf id: DeviceID, in kernel: Kernel) -> String? {
  guard let lower = lowerDevice(of: id, in: kernel) else { return nil }
  let number = kernel[lower].number
  let local = kernel.devices(of: kernel[id].namespace).first { kernel[$0].number == number }
  return local.map { kernel[$0].name.text } ?? "if\(number)"
}

/// The entries of `bridge fdb`, of all devices, of a bridge with its ports, or of one device.
///
/// They are what bridges and VXLAN devices learned, their own addresses, and those that devices listen to beside
/// (iproute2, bridge/fdb.c), in the kernel's order (br_fdb_dump, ndo_dflt_fdb_dump).
func forwardingItems(
  of namespace: NamespaceID, in kernel: Kernel, bridge: InterfaceName?, device only: InterfaceName?
) -> [ListedItem] {
  var items: [ListedItem] = []
  for id in kernel.devices(of: namespace) {
    let device = kernel[id]
    let isOfBridge = device.name == bridge || device.master.map { kernel[$0].name == bridge } ?? false
    guard bridge == nil || isOfBridge, only == nil || device.name == only else { continue }
    let name = only == nil ? "dev \(device.name) " : ""
    func item(_ address: MACAddress) -> ListedItem {
      var item = ListedItem()
      item.put("mac", .string("\(address)"), "\(address) ")
      item.put("ifname", .string(device.name.text), name)
      return item
    }
    let listened = kernel.listenedAddresses(of: id).map { address in
      var item = item(address)
      item.put("flags", .array([.string("self")]), "self ")
      item.put("state", .string("permanent"), "permanent\n")
      return item
    }
    if case .bridge = device.kind { items += listened }
    let master = if case .bridge = device.kind { id } else { device.master }
    let table = master.map { kernel.forwardingTable(of: $0) } ?? []
    for (key, entry, isStale) in table where entry.port == id {
      var item = item(key.address)
      if key.vlan != 0 { item.put("vlan", .number(Int(key.vlan)), "vlan \(key.vlan) ") }
      item.put("flags", .array([]))
      let name = master.map { kernel[$0].name.text } ?? ""
      item.put("master", .string(name), "master \(name) ")
      let state = entry.isLocal ? "permanent" : isStale ? "stale" : ""
      item.put("state", .string(state), "\(state)\n")
      items.append(item)
    }
    if case .bridge = device.kind { continue }
    items += listened
    for (address, remote, lower) in kernel.tunnelTable(of: id) {
      var item = item(address)
      item.put("dst", .string("\(remote)"), "dst \(remote) ")
      if let lower { item.put("viaIf", .string(lower.text), "via \(lower) ") }
      item.put("flags", .array([.string("self")]), "self ")
      item.put("state", .string(address.bits == 0 ? "permanent" : ""), address.bits == 0 ? "permanent\n" : "\n")
      items.append(item)
    }
  }
  return items
}

/// The table of `bridge vlan` (iproute2, bridge/vlan.c).
func bridgeVLANsText(of namespace: NamespaceID, in kernel: Kernel) -> String {
  let ids = kernel.devices(of: namespace)
  let width = max(17, (ids.map { kernel[$0].name.text.utf8.count }.max() ?? 0) + 2)
  var text = pad("port", width) + " vlan-id  \n"
  for (name, vlans) in bridgeVLANs(of: namespace, in: kernel) {
    var name = name
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

/// The same as JSON.
func bridgeVLANsJSON(of namespace: NamespaceID, in kernel: Kernel) -> JSONValue {
  .array(
    bridgeVLANs(of: namespace, in: kernel).map { name, vlans in
      let members = vlans.members.sorted().map { vlan in
        var flags: [JSONValue] = []
        if vlans.pvid == vlan { flags.append(.string("PVID")) }
        if vlans.untagged.contains(vlan) { flags.append(.string("Egress Untagged")) }
        let number = JSONValue.Member("vlan", .number(Int(vlan)))
        return JSONValue.object(flags.isEmpty ? [number] : [number, .init("flags", .array(flags))])
      }
      return .object([.init("ifname", .string(name)), .init("vlans", .array(members))])
    })
}

private func bridgeVLANs(of namespace: NamespaceID, in kernel: Kernel) -> [(name: String, vlans: PortVLANSet)] {
  kernel.devices(of: namespace).compactMap { id in
    guard let vlans = kernel.bridgeVLANs(of: id), !vlans.members.isEmpty else { return nil }
    return (kernel[id].name.text, vlans)
  }
}
