import JSONText
package import NetworkTypes
import Packets
import Plan
import Simulator

/// What of devices is listed.
package struct LinkListing: Hashable, Sendable {
  /// Whether their addresses are, as by `ip address`.
  package var withAddresses = false
  /// Whether their counters are (`-s`).
  package var withStatistics = false
  /// Whether each has one short line (`-br`).
  package var isBrief = false
  /// Addresses of which family alone (`-4`, `-6`).
  package var family: AddressFamily?
  /// Which device alone.
  package var device: InterfaceName?
}

/// The devices of `ip link` and `ip address` (iproute2, ip/ipaddress.c: print_linkinfo, print_addrinfo).
func linkItems(of namespace: NamespaceID, in kernel: Kernel, _ listing: LinkListing) -> [ListedItem] {
  kernel.devices(of: namespace).filter { listing.device == nil || kernel[$0].name == listing.device }.compactMap { id in
    let addresses = kernel[id].addresses.filter { $0.interface.family == listing.family ?? $0.interface.family }
    // With a family only devices that have an address of it are listed.
    if listing.withAddresses, listing.family != nil, addresses.isEmpty { return nil }
    if listing.isBrief { return briefItem(id, addresses, in: kernel, listing) }
    var item = ListedItem()
    putHead(of: id, into: &item, in: kernel, listing)
    if listing.withAddresses {
      var infos: [JSONValue] = []
      for address in addresses {
        let info = addressItem(address, of: id, in: kernel)
        item.put(text: info.text)
        infos.append(.object(info.members))
      }
      item.put("addr_info", .array(infos))
    }
    if listing.withStatistics { putStatistics(of: kernel.counters(of: id), into: &item) }
    return item
  }
}

private func putHead(of id: DeviceID, into item: inout ListedItem, in kernel: Kernel, _ listing: LinkListing) {
  let device = kernel[id]
  item.put("ifindex", .number(device.number), "\(device.number): ")
  putName(of: id, into: &item, in: kernel, knowsNamespaces: listing.family != .ipv6)
  item.put(text: ": ")
  putFlags(of: id, into: &item, in: kernel)
  item.put(text: " ")
  item.put("mtu", .number(device.mtu), "mtu \(device.mtu) ")
  // The kernel's list of IPv6 devices says less of each (inet6_fill_ifinfo).
  let isIPv6 = listing.withAddresses && listing.family == .ipv6
  if isIPv6 {
    let state = kernel.operationalState(id).rawValue
    item.put("operstate", .string(state), "state \(state) ")
    return item.put("txqlen", .number(1000), "qlen 1000\n")
  }
  let qdisc = qdiscName(of: id, in: kernel)
  item.put("qdisc", .string(qdisc), "qdisc \(qdisc) ")
  if let master = device.master {
    item.put("master", .string(kernel[master].name.text), "master \(kernel[master].name) ")
  }
  let state = kernel.operationalState(id).rawValue
  item.put("operstate", .string(state), "state \(state) ")
  if !listing.withAddresses { item.put("linkmode", .string("DEFAULT"), "mode DEFAULT ") }
  let group = device.group == 0 ? "default" : "\(device.group)"
  item.put("group", .string(group), "group \(group) ")
  item.put("txqlen", .number(1000), "qlen 1000")
  // With a family alone, `ip address` leaves the hardware address out.
  if listing.withAddresses, listing.family != nil { return putNamespace(of: id, into: &item, in: kernel) }
  item.put(text: "\n")
  let isLoopback = if case .loopback = device.kind { true } else { false }
  let (type, broadcast) = isLoopback ? ("loopback", MACAddress.zero) : ("ether", MACAddress.broadcast)
  item.put("link_type", .string(type), "    link/\(type) ")
  item.put("address", .string("\(device.address)"), "\(device.address) ")
  item.put("broadcast", .string("\(broadcast)"), "brd \(broadcast)")
  putNamespace(of: id, into: &item, in: kernel)
}

/// Ends a line, with the namespace before it that a device leads to.
private func putNamespace(of id: DeviceID, into item: inout ListedItem, in kernel: Kernel) {
  let device = kernel[id]
  if let lower = lowerDevice(of: id, in: kernel), kernel[lower].namespace != device.namespace {
    let number = namespaceNumber(of: kernel[lower].namespace, seenFrom: device.namespace, in: kernel)
    // ip(8) knows the names under /run/netns; the namespace that it was started in has none there.
    let name = kernel[kernel[lower].namespace].name
    item.put("link_netnsid", .number(number), name.map { " link-netns \($0)" } ?? " link-netnsid \(number)")
  }
  item.put(text: "\n")
}

/// A device's name, with what it stands on or leads to: by name in the same namespace, else by number.
private func putName(
  of id: DeviceID, into item: inout ListedItem, in kernel: Kernel, knowsNamespaces: Bool = true
) {
  let device = kernel[id]
  if !knowsNamespaces, let name = localName(ofPeerOf: id, in: kernel) {
    item.put("link", .string(name))
    return item.put("ifname", .string(device.name.text), "\(device.name)@\(name)")
  }
  if let lower = lowerDevice(of: id, in: kernel) {
    let other = kernel[lower]
    if other.namespace == device.namespace {
      item.put("link", .string(other.name.text))
    } else {
      item.put("link_index", .number(other.number))
    }
  }
  item.put("ifname", .string(device.name.text), displayName(of: id, in: kernel))
}

func putFlags(of id: DeviceID, into item: inout ListedItem, in kernel: Kernel) {
  let words = flagWords(of: id, in: kernel)
  item.put("flags", .array(words.map { .string($0) }), "<\(words.joined(separator: ","))>")
}

/// A device's name with what it stands on or leads to, as ip(8) prints both.
func displayName(of id: DeviceID, in kernel: Kernel) -> String {
  let device = kernel[id]
  guard let lower = lowerDevice(of: id, in: kernel) else { return device.name.text }
  let other = kernel[lower]
  return "\(device.name)@\(other.namespace == device.namespace ? other.name.text : "if\(other.number)")"
}

/// The device that /sys/class/net/NAME/iflink gives the number of; nil where it is the device itself.
func lowerDevice(of id: DeviceID, in kernel: Kernel) -> DeviceID? {
  if case .veth(let peer) = kernel[id].kind { return peer }
  return kernel[id].kind.parent
}

/// The number by which a namespace knows another: given when the first device leads there (peernet2id_alloc).
private func namespaceNumber(of other: NamespaceID, seenFrom namespace: NamespaceID, in kernel: Kernel) -> Int {
  var known: [NamespaceID] = []
  for id in kernel.devices(of: namespace) {
    guard let lower = lowerDevice(of: id, in: kernel) else { continue }
    let place = kernel[lower].namespace
    if place != namespace, !known.contains(place) { known.append(place) }
  }
  return known.firstIndex(of: other) ?? known.count
}

/// The words within the angle brackets, in the order in which ip(8) prints them.
func flagWords(of id: DeviceID, in kernel: Kernel) -> [String] {
  let device = kernel[id]
  var words: [String] = []
  if device.isUp, !kernel.hasCarrier(id) { words.append("NO-CARRIER") }
  switch device.kind {
  case .loopback: words.append("LOOPBACK")
  case .dummy: words += ["BROADCAST", "NOARP"]
  case .vrf: words += ["NOARP", "MASTER"]
  case .bond: words += ["BROADCAST", "MULTICAST", "MASTER"]
  case .ipvlan(_, .l3), .ipvlan(_, .l3s): words += ["BROADCAST", "MULTICAST", "NOARP"]
  case .veth, .bridge, .vlan, .vxlan, .macvlan, .ipvlan, .outside: words += ["BROADCAST", "MULTICAST"]
  }
  if let master = device.master, case .bond = kernel[master].kind { words.append("SLAVE") }
  if device.isUp { words.append("UP") }
  if kernel.isRunning(id) { words.append("LOWER_UP") }
  if let lower = lowerDevice(of: id, in: kernel), kernel[lower].namespace == device.namespace, !kernel[lower].isUp {
    words.append("M-DOWN")
  }
  return words
}

private func qdiscName(of id: DeviceID, in kernel: Kernel) -> String {
  switch kernel[id].qdisc?.kind {
  case .netem: "netem"
  case .tbf: "tbf"
  case nil: kernel[id].wasUp ? "noqueue" : "noop"
  }
}

private func addressItem(_ address: AssignedAddress, of id: DeviceID, in kernel: Kernel) -> ListedItem {
  var item = ListedItem()
  let isIPv4 = address.interface.family == .ipv4
  item.put("family", .string(isIPv4 ? "inet" : "inet6"), "    \(isIPv4 ? "inet" : "inet6") ")
  item.put("local", .string("\(address.address)"), "\(address.address)")
  item.put("prefixlen", .number(address.interface.prefixLength), "/\(address.interface.prefixLength) ")
  if let broadcast = address.broadcast { item.put("broadcast", .string("\(broadcast)"), "brd \(broadcast) ") }
  item.put("scope", .string(address.scope.name), "scope \(address.scope.name) ")
  let marks = [
    ("secondary", address.isSecondary), ("tentative", address.isTentative), ("nodad", address.skipsDetection),
    ("dadfailed", address.isDuplicate),
  ]
  for (word, applies) in marks where applies { item.put(word, .boolean(true), "\(word) ") }
  // IPv4 addresses carry a label, the device's name; after IPv6 ones only the space before it is left.
  if isIPv4 { item.put("label", .string(kernel[id].name.text), "\(kernel[id].name)") }
  item.put("valid_life_time", .number(0xffff_ffff), "\n       valid_lft forever ")
  item.put("preferred_life_time", .number(0xffff_ffff), "preferred_lft forever\n")
  return item
}

/// A line of `ip -br` (ip/ipaddress.c: print_linkinfo_brief).
private func briefItem(
  _ id: DeviceID, _ addresses: [AssignedAddress], in kernel: Kernel, _ listing: LinkListing
) -> ListedItem {
  var item = ListedItem()
  putName(of: id, into: &item, in: kernel)
  item.put(text: String(repeating: " ", count: max(1, 17 - item.text.utf8.count)))
  let state = kernel.operationalState(id).rawValue
  item.put("operstate", .string(state), pad(state, 14) + " ")
  if listing.withAddresses {
    let infos = addresses.map { addressItem($0, of: id, in: kernel).members }
    item.put(
      "addr_info", .array(infos.map { .object($0.filter { ["local", "prefixlen"].contains($0.name) }) }),
      addresses.map { "\($0.interface) " }.joined())
  } else {
    item.put("address", .string("\(kernel[id].address)"), "\(kernel[id].address) ")
    putFlags(of: id, into: &item, in: kernel)
    item.put(text: " ")
  }
  item.put(text: "\n")
  return item
}

/// A word with spaces behind it up to a width.
func pad(_ word: String, _ width: Int) -> String {
  word + String(repeating: " ", count: max(0, width - word.utf8.count))
}
