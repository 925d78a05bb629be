import NetworkTypes
import Plan
import Simulator

/// The lines of `ip link` or `ip address` (iproute2, ip/ipaddress.c: print_linkinfo, print_addrinfo).
func linksText(of namespace: NamespaceID, in kernel: Kernel, withAddresses: Bool) -> String {
  kernel.devices(of: namespace).map { id in
    linkText(id, in: kernel, mode: withAddresses ? "" : " mode DEFAULT")
      + (withAddresses ? kernel[id].addresses.map { addressText($0, of: id, in: kernel) }.joined() : "")
  }.joined()
}

private func linkText(_ id: DeviceID, in kernel: Kernel, mode: String) -> String {
  let device = kernel[id]
  var text = "\(device.number): \(displayName(of: id, in: kernel)): <\(flags(of: id, in: kernel))> mtu \(device.mtu)"
  text += " qdisc \(qdiscName(of: id, in: kernel))"
  if let master = device.master { text += " master \(kernel[master].name)" }
  text += " state \(kernel.operationalState(id).rawValue)\(mode) group default qlen 1000\n"
  if case .loopback = device.kind { return text + "    link/loopback \(device.address) brd \(device.address)\n" }
  let broadcast = "ff:ff:ff:ff:ff:ff"
  return text + "    link/ether \(device.address) brd \(broadcast)\(peerNamespace(of: id, in: kernel))\n"
}

/// A device's name with what it stands on or leads to: by name in the same namespace, else by number.
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

/// The words within the angle brackets, in the order in which ip(8) prints them.
func flags(of id: DeviceID, in kernel: Kernel) -> String {
  let device = kernel[id]
  var words: [String] = []
  if device.isUp, !kernel.hasCarrier(id) { words.append("NO-CARRIER") }
  switch device.kind {
  case .loopback: words.append("LOOPBACK")
  case .dummy: words += ["BROADCAST", "NOARP"]
  case .vrf: words += ["NOARP", "MASTER"]
  case .bond: words += ["BROADCAST", "MULTICAST", "MASTER"]
  case .ipvlan(_, .l3), .ipvlan(_, .l3s): words += ["BROADCAST", "NOARP", "MULTICAST"]
  case .veth, .bridge, .vlan, .vxlan, .macvlan, .ipvlan: words += ["BROADCAST", "MULTICAST"]
  }
  if let master = device.master, case .bond = kernel[master].kind { words.append("SLAVE") }
  if device.isUp { words.append("UP") }
  if kernel.isRunning(id) { words.append("LOWER_UP") }
  if let lower = lowerDevice(of: id, in: kernel), kernel[lower].namespace == device.namespace, !kernel[lower].isUp {
    words.append("M-DOWN")
  }
  return words.joined(separator: ",")
}

private func qdiscName(of id: DeviceID, in kernel: Kernel) -> String {
  guard kernel[id].wasUp else { return "noop" }
  switch kernel[id].qdisc?.kind {
  case .netem: return "netem"
  case .tbf: return "tbf"
  case nil: return "noqueue"
  }
}

private func peerNamespace(of id: DeviceID, in kernel: Kernel) -> String {
  guard let lower = lowerDevice(of: id, in: kernel), kernel[lower].namespace != kernel[id].namespace else { return "" }
  let other = kernel[kernel[lower].namespace]
  return other.name.map { " link-netns \($0)" } ?? " link-netnsid 0"
}

private func addressText(_ address: AssignedAddress, of id: DeviceID, in kernel: Kernel) -> String {
  var text = "    \(address.interface.family == .ipv4 ? "inet" : "inet6") \(address.interface)"
  if let broadcast = address.broadcast { text += " brd \(broadcast)" }
  text += " scope \(address.scope.name)"
  if address.isSecondary { text += " secondary" }
  if address.isTentative { text += " tentative" }
  if address.skipsDetection { text += " nodad" }
  if address.isDuplicate { text += " dadfailed" }
  // IPv4 addresses carry a label, the device's name; after IPv6 ones only the space before it is left.
  text += address.interface.family == .ipv4 ? " \(kernel[id].name)" : " "
  return text + "\n       valid_lft forever preferred_lft forever\n"
}

/// /sys/class/net/*/iflink, as `grep . /sys/class/net/*/iflink` prints it.
func peerNumbersText(of namespace: NamespaceID, in kernel: Kernel) -> String {
  kernel.devices(of: namespace).sorted { kernel[$0].name < kernel[$1].name }.map { id in
    let number = lowerDevice(of: id, in: kernel).map { kernel[$0].number } ?? kernel[id].number
    return "/sys/class/net/\(kernel[id].name)/iflink:\(number)\n"
  }.joined()
}

/// What `sysctl KEY` prints.
func parameterText(_ key: SysctlKey, of namespace: NamespaceID, in kernel: Kernel) -> String {
  guard let value = kernel.parameter(key, in: namespace) else {
    return "sysctl: \(key) is not modelled\n"
  }
  return "\(key) = \(value)\n"
}
