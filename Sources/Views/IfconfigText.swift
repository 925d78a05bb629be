import NetworkTypes
import Simulator

/// What `ifconfig` prints (net-tools, lib/interface.c: ife_print_long): of devices that are up, of all (`-a`) or of
/// one.
func ifconfigText(of namespace: NamespaceID, in kernel: Kernel, withAll: Bool, device: InterfaceName?) -> String {
  let devices = kernel.devices(of: namespace).filter { id in
    device.map { kernel[id].name == $0 } ?? (withAll || kernel[id].isUp)
  }
  return devices.sorted { comesBefore(kernel[$0].name.text, kernel[$1].name.text) }
    .map { deviceText($0, in: kernel) + "\n" }.joined()
}

private func deviceText(_ id: DeviceID, in kernel: Kernel) -> String {
  let device = kernel[id]
  let flags = deviceFlags(of: id, in: kernel)
  var text = "\(device.name): flags=\(flags.reduce(0) { $0 | $1.bit })<\(flags.map(\.word).joined(separator: ","))>"
  text += "  mtu \(device.mtu)\n"
  if let address = device.addresses.first(where: { $0.interface.family == .ipv4 }) {
    text += "        inet \(address.address)  netmask \(netmask(address.interface.prefixLength))"
    if flags.contains(where: { $0.word == "BROADCAST" }) {
      text += "  broadcast \(address.broadcast.map { "\($0)" } ?? "0.0.0.0")"
    }
    text += "\n"
  }
  for address in device.addresses where address.interface.family == .ipv6 {
    let scope =
      switch address.scope {
      case .global: "0x0<global>"
      case .link: "0x20<link>"
      case .host: "0x10<host>"
      }
    text += "        inet6 \(address.address)  prefixlen \(address.interface.prefixLength)  scopeid \(scope)\n"
  }
  let isLoopback = if case .loopback = device.kind { true } else { false }
  text +=
    isLoopback
    ? "        loop  txqueuelen 1000  (Local Loopback)\n"
    : "        ether \(device.address)  txqueuelen 1000  (Ethernet)\n"
  let counters = kernel.counters(of: id)
  text += "        RX packets \(counters.receivedPackets)  bytes \(amount(counters.receivedBytes))\n"
  text += "        RX errors 0  dropped \(counters.receivedDropped)  overruns 0  frame 0\n"
  text += "        TX packets \(counters.sentPackets)  bytes \(amount(counters.sentBytes))\n"
  return text + "        TX errors 0  dropped \(counters.sentDropped) overruns 0  carrier 0  collisions 0\n"
}

/// The flags that a device has (netdevice(7)), in the order in which they are printed.
private func deviceFlags(of id: DeviceID, in kernel: Kernel) -> [(word: String, bit: Int)] {
  let words = Set(flagWords(of: id, in: kernel))
  let all = [
    ("UP", "UP", 1), ("BROADCAST", "BROADCAST", 2), ("LOOPBACK", "LOOPBACK", 8), ("LOWER_UP", "RUNNING", 64),
    ("NOARP", "NOARP", 128), ("SLAVE", "SLAVE", 2048), ("MASTER", "MASTER", 1024), ("MULTICAST", "MULTICAST", 4096),
  ]
  return all.filter { words.contains($0.0) }.map { ($0.1, $0.2) }
}

private func netmask(_ length: Int) -> IPv4Address {
  IPv4Address(bits: UInt32(truncatingIfNeeded: ~UInt64(0) << UInt64(32 - length)))
}

/// A number of bytes, and in brackets the same in the largest unit that it fills, cut off after one decimal.
private func amount(_ bytes: Int) -> String {
  let units = ["B", "KiB", "MiB", "GiB", "TiB"]
  let unit = (0..<units.count).last { $0 == 0 || bytes >= 1 << (10 * $0) } ?? 0
  let tenths = bytes * 10 / (1 << (10 * unit))
  return "\(bytes) (\(tenths / 10).\(tenths % 10) \(units[unit]))"
}

/// The order of names: digits at their end by their value (lib/nstrcmp.c).
private func comesBefore(_ left: String, _ right: String) -> Bool {
  let (one, other) = (left.splitNumber, right.splitNumber)
  if one.word == other.word, let first = one.number, let second = other.number { return first < second }
  return left < right
}

extension String {
  /// The text up to the digits at its end, and those as a number.
  fileprivate var splitNumber: (word: Substring, number: Int?) {
    let start = lastIndex { !$0.isNumber }.map { index(after: $0) } ?? startIndex
    return (self[..<start], Int(self[start...]))
  }
}
