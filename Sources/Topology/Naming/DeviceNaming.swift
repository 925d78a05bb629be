import NetworkTypes

/// Gives names to the devices that are made in the host's namespace: readable where 15 bytes allow, deterministic, and
/// each once.
struct DeviceNaming {
  private var taken: Set<String> = []

  /// Keeps a name that the file gives from being made again.
  mutating func reserve(_ name: InterfaceName) { taken.insert(name.text) }

  /// The first of some readable names that fits and is free, or else the start of the first and five characters of its
  /// hash.
  mutating func name(_ candidates: String...) -> InterfaceName {
    for candidate in candidates { if let name = take(candidate) { return name } }
    let full = candidates.first ?? ""
    var attempt = 0
    while true {
      let digits = base36(stableHash(attempt == 0 ? full : "\(full)#\(attempt)"), count: 5)
      let start = full.prefix(InterfaceName.maximumLength - 6)
      if let name = take("\(start)-\(digits)") { return name }
      attempt += 1
    }
  }

  /// The name of the host's end of a veth pair to a node's interface: `v-web-eth0`, `v-busybox-1-0`.
  mutating func hostEnd(node: String, interface: InterfaceName) -> InterfaceName {
    let number = interface.text.hasPrefix("eth") ? String(interface.text.dropFirst(3)) : interface.text
    return name("v-\(node)-\(interface)", "v-\(node)-\(number)")
  }

  private mutating func take(_ text: String) -> InterfaceName? {
    guard let name = InterfaceName(text), taken.insert(text).inserted else { return nil }
    return name
  }
}

/// The lowest digits of a number in base 36.
private func base36(_ number: UInt64, count: Int) -> String {
  let digits = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
  var rest = number
  var text: [UInt8] = []
  for _ in 0..<count {
    text.append(digits[Int(rest % 36)])
    rest /= 36
  }
  return String(decoding: text, as: UTF8.self)
}
