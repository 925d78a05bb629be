import Diagnostics
import NetworkTypes
import YAMLTree

extension ValueKind where Value == InterfaceName {
  /// The name of a device.
  static var interfaceName: Self {
    Self(.text("device name", pattern: #"^(?!-)[A-Za-z0-9._-]{1,15}$"#), expected: "a device name") {
      text, range, reader in
      if let name = InterfaceName(text) { return name }
      reader.report(.invalidInterfaceName(text, at: range))
      return nil
    }
  }
}

extension ValueKind where Value == String {
  /// What the names of network devices start with; a number follows.
  static var interfacePrefix: Self {
    Self(.text("start of device names", pattern: #"^(?!-)[A-Za-z0-9._-]{0,14}$"#), expected: "a start of device names")
    {
      text, range, reader in
      if InterfaceName(text, number: 0) != nil { return text }
      reader.report(.invalidInterfaceName("\(text)0", at: range))
      return nil
    }
  }
}

extension ValueKind where Value == HostName {
  /// The name of a host.
  static var hostName: Self {
    Self(.text("host name", pattern: #"^[A-Za-z0-9._-]{1,253}$"#), expected: "a host name") { text, range, reader in
      // A dot at the end is DNS's root, and the same name without it.
      if let name = HostName(text.hasSuffix(".") ? String(text.dropLast()) : text) { return name }
      reader.report(
        Diagnostic(
          FileCode.invalidName, "`\(text)` is no host name", at: range,
          help: "use letters, digits, `-`, `_` and dots between parts of at most 63 characters"))
      return nil
    }
  }
}

extension ValueKind where Value == SysctlKey {
  /// A kernel parameter.
  static var sysctlKey: Self {
    Self(.text("kernel parameter"), expected: "a kernel parameter") { text, range, reader in
      if let key = SysctlKey(text) { return key }
      reader.report(
        .invalidValue(
          "`\(text)` is no kernel parameter", at: range, help: "write it as sysctl does: net.ipv4.ip_forward"))
      return nil
    }
  }
}

extension ValueKind where Value == VLANID {
  /// The identifier of a VLAN.
  static var vlan: Self {
    Self(.integer(1...4094), expected: "a VLAN") { text, range, reader in
      if let vlan = VLANID(text) { return vlan }
      reader.report(.invalidVLAN(text, at: range))
      return nil
    }
  }
}

extension ValueKind where Value == VLANRange {
  /// One VLAN or several consecutive ones.
  static var vlanRange: Self {
    Self(.either([.integer(1...4094), .text("FIRST-LAST", pattern: "^[0-9]+-[0-9]+$")]), expected: "VLANs") {
      text, range, reader in
      if let vlans = VLANRange(text) { return vlans }
      reader.report(.invalidVLAN(text, at: range))
      return nil
    }
  }
}

extension ValueKind where Value == UInt32 {
  /// A routing table: a number, or a name of /etc/iproute2/rt_tables that is the same everywhere.
  static var table: Self {
    Self(.either([.integer(1...Int(UInt32.max)), .choice(["main", "default", "local"])]), expected: "a table") {
      text, range, reader in
      switch text {
      case "main": return RouteTableNumber.main
      case "default": return RouteTableNumber.default
      case "local": return RouteTableNumber.local
      default:
        if case .integer(let number) = CoreValue(plain: text), let table = UInt32(exactly: number), table > 0 {
          return table
        }
        reader.report(
          .invalidValue(
            "`\(text)` is no routing table", at: range, help: "write main, local, default or a number from 1"))
        return nil
      }
    }
  }

  /// A packet mark, decimal or hexadecimal.
  static var mark: Self { integer(0...Int(UInt32.max)) }
}

extension ValueKind where Value == AddressFamily {
  /// `ipv4` or `ipv6`.
  static var family: Self { choice }
}

extension ValueKind where Value: LosslessStringConvertible & Sendable {
  /// A quantity with its unit.
  ///
  /// - Parameters:
  ///   - noun: what it is, for messages.
  ///   - pattern: how it is written, for the schema.
  ///   - help: what to write instead of one that is none.
  ///   - takes: whether a value is within bounds that its type doesn't have.
  /// - Returns: the kind.
  static func quantity(
    _ noun: String, pattern: String, help: String, takes: @escaping @Sendable (Value) -> Bool = { _ in true }
  ) -> Self {
    Self(.quantity(noun, pattern: pattern), expected: noun) { text, range, reader in
      if let value = Value(text), takes(value) { return value }
      reader.report(.invalidValue("`\(text)` is no \(noun)", at: range, help: help))
      return nil
    }
  }
}

extension ValueKind where Value == TimeSpan {
  /// A delay of packets.
  static var delay: Self {
    quantity(
      "delay", pattern: #"^[0-9]+(\.[0-9]+)?(ns|us|ms|s)$"#, help: "write a number and its unit, up to 274s: 10ms",
      takes: { $0 <= NetemOptions.longestDelay })
  }
}

extension ValueKind where Value == Percentage {
  static var percentage: Self {
    quantity(
      "share", pattern: #"^[0-9]+(\.[0-9]+)?%$"#,
      help: "write a number up to 100, four digits after the point at most, and a percent sign: 0.1%")
  }
}

extension ValueKind where Value == BitRate {
  static var bitRate: Self {
    quantity(
      "rate", pattern: #"^[0-9]+(\.[0-9]+)?[kmgtKMGT]?[bB][iI][tT]$"#,
      help: "write a number and its unit, from 8bit on: 100mbit")
  }
}

extension Diagnostic {
  static func invalidInterfaceName(_ text: String, at range: SourceRange) -> Diagnostic {
    let reason: String
    switch InterfaceName.defect(of: text) {
    case .tooLong: reason = "it has \(text.utf8.count) bytes, and the kernel takes \(InterfaceName.maximumLength)"
    case .badCharacter(let character): reason = "it can't have `\(character)` there"
    case .reserved: reason = "the name means something else to the kernel"
    case .empty, nil: reason = "it is empty"
    }
    let letters = "use up to 15 letters, digits, `.`, `_` and `-`"
    return Diagnostic(
      FileCode.invalidInterfaceName, "`\(text)` is no device name: \(reason)", at: range,
      help: InterfaceName.defect(of: text) == .reserved ? "choose another name" : letters)
  }

  static func invalidVLAN(_ text: String, at range: SourceRange) -> Diagnostic {
    .invalidValue("`\(text)` is no VLAN", at: range, help: "write a number from 1 to 4094")
  }
}
