/// Which values parameters take.
extension KernelParameters {
  /// Why a value isn't taken.
  package enum Refusal: Hashable, Sendable {
    /// It is no whole number, or not so many of them with blanks between.
    case notNumeric(count: Int)
    /// It is beyond bounds.
    case outside(ClosedRange<Int>)
    /// The second of two ports is below the first.
    case descending
    /// It is no list of ports.
    case notPorts
  }

  /// Why Linux doesn't take a value (EINVAL).
  ///
  /// - Parameters:
  ///   - value: the text that is written.
  ///   - key: the parameter.
  /// - Returns: the reason; nil where the value is taken, and where that hangs on more than the value, or isn't known
  ///   here.
  package static func refusal(of value: String, for key: SysctlKey) -> Refusal? {
    let pattern = pattern(of: key)
    if let bounds = bounds[pattern] {
      guard let number = number(value) else { return .notNumeric(count: 1) }
      return bounds.contains(number) ? nil : .outside(bounds)
    }
    if let (count, bounds) = rows[pattern] {
      let written = words(value).prefix(count)
      let numbers = written.compactMap { number($0) }
      guard !numbers.isEmpty, numbers.count == written.count else { return .notNumeric(count: count) }
      guard numbers.allSatisfy(bounds.contains) else { return .outside(bounds) }
      return key == LocalPorts.rangeKey && numbers.count == 2 && numbers[0] > numbers[1] ? .descending : nil
    }
    if pattern == "ipv4.ip_local_reserved_ports" { return isPortList(value) ? nil : .notPorts }
    return nil
  }

  /// The number that a parameter reads from the start of a text: decimal, hexadecimal after `0x`, octal after `0`; what
  /// comes after a blank is passed over (proc_get_long, kernel/sysctl.c).
  ///
  /// - Parameter text: the text that is written.
  /// - Returns: the number; nil where Linux finds none, or none of 64 bits.
  package static func number(_ text: some StringProtocol) -> Int? {
    guard let word = words(text).first else { return nil }
    let isNegative = word.hasPrefix("-")
    let digits = isNegative ? word.dropFirst() : Substring(word)
    let magnitude: Int?
    switch digits.utf8.first {
    case nil, UInt8(ascii: "+"), UInt8(ascii: "-"): magnitude = nil
    case UInt8(ascii: "0") where digits.dropFirst().lowercased().hasPrefix("x"):
      magnitude = digits.dropFirst(2).first == "-" ? nil : Int(digits.dropFirst(2), radix: 16)
    case UInt8(ascii: "0"): magnitude = Int(digits, radix: 8)
    default: magnitude = Int(digits)
    }
    return magnitude.map { isNegative ? -$0 : $0 }
  }

  private static func words(_ text: some StringProtocol) -> [Substring] {
    text.split { $0 == " " || $0 == "\t" || $0 == "\n" }.map { Substring($0) }
  }

  /// Whether a text lists ports and ranges of them, with commas and nothing else between (proc_do_large_bitmap,
  /// kernel/sysctl.c); an empty one is no port.
  private static func isPortList(_ text: String) -> Bool {
    guard !text.isEmpty else { return true }
    let items = text.split(separator: ",", omittingEmptySubsequences: false)
    return (text.hasSuffix(",") ? items.dropLast() : items).allSatisfy { item in
      let ends = item.split(separator: "-", omittingEmptySubsequences: false)
      let ports = ends.compactMap { end in end.contains(" ") ? nil : number(end) }
      return (1...2).contains(ends.count) && ports.count == ends.count
        && ports.allSatisfy((0...65_535).contains) && ports[0] <= ports[ports.count - 1]
    }
  }

  /// A key without `net.`, and with `*` for a device.
  private static func pattern(of key: SysctlKey) -> Substring {
    let parts = key.text.split(separator: ".", maxSplits: 4)
    guard parts.first == "net" else { return "" }
    guard parts.count == 5, parts[2] == "conf" || parts[2] == "neigh" else { return key.text.dropFirst("net.".count) }
    return Substring("\(parts[1]).\(parts[2]).*.\(parts[4])")
  }
}
