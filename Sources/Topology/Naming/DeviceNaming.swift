import NetworkTypes

/// Gives names to the devices that are made in the host's namespace: readable where 15 bytes allow, deterministic, and
/// each once.
struct DeviceNaming {
  private var taken: Set<String> = []

  /// Makes room for a number of names.
  mutating func reserveCapacity(_ count: Int) { taken.reserveCapacity(count) }

  /// Keeps a name that the file gives from being made again.
  mutating func reserve(_ name: InterfaceName) { taken.insert(name.text) }

  /// The first of some readable names that fits and is free, or else the start of the first and five characters of its
  /// hash.
  mutating func name(_ candidates: String...) -> InterfaceName {
    for candidate in candidates { if let name = take(candidate) { return name } }
    return hashedName(candidates.first ?? "")
  }

  /// The name of the host's end of a veth pair to a node's interface: `v-web-eth0`, `v-busybox-1-0`.
  mutating func hostEnd(node: String, interface: InterfaceName) -> InterfaceName {
    var buffer = TextBuffer()
    buffer.append("v-")
    buffer.append(node)
    buffer.append("-")
    interface.write(to: &buffer)
    let full = String(buffer)
    if let name = take(full) { return name }
    let number = interface.text.utf8.starts(with: "eth".utf8) ? interface.text.dropFirst(3) : interface.text[...]
    if node.utf8.count + number.utf8.count + 3 <= InterfaceName.maximumLength, let name = take("v-\(node)-\(number)") {
      return name
    }
    return hashedName(full)
  }

  private mutating func hashedName(_ full: String) -> InterfaceName {
    let start = full.utf8.prefix(InterfaceName.maximumLength - 6)
    var attempt = 0
    while true {
      var text: [UInt8] = []
      text.reserveCapacity(InterfaceName.maximumLength)
      text += start
      text.append(UInt8(ascii: "-"))
      appendBase36(stableHash(attempt == 0 ? full : "\(full)#\(attempt)"), count: 5, to: &text)
      if let name = take(String(decoding: text, as: UTF8.self)) { return name }
      attempt += 1
    }
  }

  private mutating func take(_ text: String) -> InterfaceName? {
    guard text.utf8.count <= InterfaceName.maximumLength, let name = InterfaceName(text), taken.insert(text).inserted
    else { return nil }
    return name
  }
}

/// Appends the lowest digits of a number in base 36, the lowest first.
private func appendBase36(_ number: UInt64, count: Int, to text: inout [UInt8]) {
  var rest = number
  for _ in 0..<count {
    let digit = UInt8(rest % 36)
    text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    rest /= 36
  }
}
