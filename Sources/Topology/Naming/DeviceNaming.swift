import NetworkTypes

/// Gives names to the devices that are made in the host's namespace: readable where 15 bytes allow, deterministic, and
/// each once.
struct DeviceNaming {
  private var taken: Set<InterfaceName> = []
  /// The name in the making, whole.
  private var text = TextBuffer()
  /// The start and the hash of one that doesn't fit.
  private var hashed = TextBuffer()

  /// Makes room for a number of names.
  mutating func reserveCapacity(_ count: Int) { taken.reserveCapacity(count) }

  /// Keeps a name that the file gives from being made again.
  mutating func reserve(_ name: InterfaceName) { taken.insert(name) }

  /// The first of some readable names that fits and is free, or else the start of the first and five characters of its
  /// hash.
  mutating func name(_ candidates: String...) -> InterfaceName {
    for candidate in candidates {
      text.removeAll()
      text.append(candidate)
      if let name = takeText() { return name }
    }
    text.removeAll()
    text.append(candidates.first ?? "")
    return hashedName()
  }

  /// The name of the host's end of a veth pair to a node's interface: `v-web-eth0`, `v-busybox-1-0`.
  mutating func hostEnd(node: String, interface: InterfaceName) -> InterfaceName {
    writeStart(node)
    let start = text.count
    interface.write(to: &text)
    if let name = takeText() { return name }
    text.removeAll(from: start)
    if interface.writeRest(after: .ethernet, to: &text), let name = takeText() { return name }
    text.removeAll(from: start)
    interface.write(to: &text)
    return hashedName()
  }

  private mutating func writeStart(_ node: String) {
    text.removeAll()
    text.append("v-")
    text.append(node)
    text.append("-")
  }

  /// The start of the text and five characters of its hash, or that of the text with a number where it is taken.
  private mutating func hashedName() -> InterfaceName {
    let length = text.count
    var attempt = 0
    while true {
      hashed.removeAll()
      hashed.append(0..<min(length, InterfaceName.maximumLength - 6), of: text)
      hashed.append("-")
      appendBase36(stableHash(text), count: 5, to: &hashed)
      if let name = take(hashed) { return name }
      attempt += 1
      text.removeAll(from: length)
      text.append("#\(attempt)")
    }
  }

  private mutating func takeText() -> InterfaceName? { take(text) }

  private mutating func take(_ text: TextBuffer) -> InterfaceName? {
    guard let name = InterfaceName(text.bytes), taken.insert(name).inserted else { return nil }
    return name
  }
}

/// Appends the lowest digits of a number in base 36, at most eight, the lowest first.
private func appendBase36(_ number: UInt64, count: Int, to text: inout TextBuffer) {
  var rest = number
  var digits: UInt64 = 0
  for _ in 0..<count {
    let digit = UInt8(rest % 36)
    digits = digits << 8 | UInt64(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    rest /= 36
  }
  text.append(digits << UInt64(64 - 8 * count), 0, count: count)
}
