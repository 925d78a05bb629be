import Diagnostics
import NetworkTypes

extension ValueKind where Value == IPAddress {
  /// An IP address of either family.
  static var address: Self {
    Self(.text("IP address"), expected: "an IP address") { text, range, reader in
      if let address = IPAddress(text) { return address }
      reader.report(.malformedAddress(text, wanted: nil, at: range))
      return nil
    }
  }
}

extension ValueKind where Value == IPAddress {
  /// An IP address of one family.
  static func address(_ family: AddressFamily) -> Self {
    Self(.text("\(family.displayName) address"), expected: "an \(family.displayName) address") { text, range, reader in
      guard let address = IPAddress(text) else {
        reader.report(.malformedAddress(text, wanted: nil, at: range))
        return nil
      }
      if address.family == family { return address }
      reader.report(
        Diagnostic(
          FileCode.malformedAddress, "`\(text)` is no \(family.displayName) address", at: range,
          caption: "this is an \(address.family.displayName) address"))
      return nil
    }
  }
}

extension ValueKind where Value == IPAddress {
  /// An address that is valid on its link alone (RFC 3927, RFC 4291 §2.5.6), of either family.
  static var linkLocalAddress: Self {
    Self(.text("link-local address"), expected: "a link-local address") { text, range, reader in
      guard let address = IPAddress(text) else {
        reader.report(.malformedAddress(text, wanted: nil, at: range))
        return nil
      }
      if address.isLinkLocal { return address }
      reader.report(
        Diagnostic(
          FileCode.malformedAddress, "`\(text)` is no link-local address", at: range,
          help: "write one of 169.254.0.0/16 or fe80::/10; another goes under `ipv4_address` or `ipv6_address`"))
      return nil
    }
  }
}

extension ValueKind where Value == IPv4Address {
  /// An IPv4 address.
  static var ipv4Address: Self {
    Self(.text("IPv4 address"), expected: "an IPv4 address") { text, range, reader in
      if let address = IPv4Address(text) { return address }
      reader.report(.malformedAddress(text, wanted: .ipv4, at: range))
      return nil
    }
  }
}

extension ValueKind where Value == IPv6Address {
  /// An IPv6 address.
  static var ipv6Address: Self {
    Self(.text("IPv6 address"), expected: "an IPv6 address") { text, range, reader in
      if let address = IPv6Address(text) { return address }
      reader.report(.malformedAddress(text, wanted: .ipv6, at: range))
      return nil
    }
  }
}

extension ValueKind where Value == InterfaceAddress {
  /// An address with the length of its prefix.
  static var interfaceAddress: Self {
    Self(.text("ADDRESS/LENGTH"), expected: "an address with a prefix length") { text, range, reader in
      if let address = InterfaceAddress(text) { return address }
      reader.report(.malformedPrefix(text, at: range))
      return nil
    }
  }
}

extension ValueKind where Value == IPPrefix {
  /// A block of addresses; with host bits set it is reported and read as the block it lies in.
  static var prefix: Self { Self(.text("ADDRESS/LENGTH"), expected: "a subnet", parse: parsePrefix) }

  /// A block, or a single address for the block of that one.
  static var prefixOrAddress: Self {
    Self(.text("ADDRESS or ADDRESS/LENGTH"), expected: "an address or a prefix") { text, range, reader in
      if let address = IPAddress(text) { return IPPrefix(containing: address, length: address.family.bitWidth) }
      guard !["all", "any", "default"].contains(text) else {
        reader.report(.malformedPrefix(text, at: range, help: "leave the key out: without it every address matches"))
        return nil
      }
      return ValueKind<IPPrefix>.parsePrefix(text, range, &reader)
    }
  }

  /// The block that a text names; with host bits set it is reported, and the block it lies in is taken.
  static func parsePrefix(_ text: String, _ range: SourceRange, _ reader: inout Reader) -> IPPrefix? {
    guard let address = InterfaceAddress(text) else {
      reader.report(.malformedPrefix(text, at: range))
      return nil
    }
    if address.prefix.network != address.address { reader.report(.hostBitsSet(address, at: range)) }
    return address.prefix
  }
}

extension ValueKind where Value == MACAddress {
  /// A hardware address.
  static var macAddress: Self {
    Self(
      .text("MAC address", pattern: "^([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}$|^([0-9a-fA-F]{2}-){5}[0-9a-fA-F]{2}$"),
      expected: "a MAC address"
    ) { text, range, reader in
      if let address = MACAddress(text) { return address }
      reader.report(
        Diagnostic(
          FileCode.malformedMACAddress, "`\(text)` is no MAC address", at: range,
          help: "write six groups of two hexadecimal digits: 02:42:ac:11:00:02"))
      return nil
    }
  }
}

extension ValueKind where Value == RouteEntry.Destination {
  /// `default`, a block, or a single address.
  static var routeDestination: Self {
    Self(.text("default, ADDRESS or ADDRESS/LENGTH"), expected: "a destination") { text, range, reader in
      if text == "default" { return .everywhere }
      if let address = IPAddress(text) {
        return IPPrefix(containing: address, length: address.family.bitWidth).map(RouteEntry.Destination.prefix)
      }
      guard text.contains(where: { !$0.isLetter }) else {
        let near = suggestion(for: text, among: ["default"]).map { "did you mean `\($0)`?" }
        reader.report(.malformedPrefix(text, at: range, help: near ?? "write `default`, ADDRESS or ADDRESS/LENGTH"))
        return nil
      }
      return ValueKind<IPPrefix>.parsePrefix(text, range, &reader).map(RouteEntry.Destination.prefix)
    }
  }
}

extension Diagnostic {
  static func malformedAddress(_ text: String, wanted: AddressFamily?, at range: SourceRange) -> Diagnostic {
    let kind = wanted.map(\.displayName).map { "\($0) address" } ?? "IP address"
    return Diagnostic(
      FileCode.malformedAddress, "`\(text)` is no \(kind)", at: range, caption: defect(ofAddress: text, wanted),
      help: help(forAddress: text, wanted))
  }

  static func malformedPrefix(_ text: String, at range: SourceRange, help: String) -> Diagnostic {
    Diagnostic(FileCode.malformedPrefix, "`\(text)` is no prefix", at: range, help: help)
  }

  static func malformedPrefix(_ text: String, at range: SourceRange) -> Diagnostic {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let address = IPAddress(parts[0])
    var caption = address == nil ? defect(ofAddress: parts[0], nil) : nil
    var help = "write ADDRESS/LENGTH, as in 10.0.0.0/24 or fd00::/64"
    if let address {
      if parts.count == 1 {
        caption = "the prefix length is missing"
        help = "write `\(address)/\(address.family == .ipv4 ? 24 : 64)`, or another length"
      } else {
        caption = "the prefix length is a number from 0 to \(address.family.bitWidth)"
      }
    }
    return Diagnostic(FileCode.malformedPrefix, "`\(text)` is no prefix", at: range, caption: caption, help: help)
  }

  static func hostBitsSet(_ address: InterfaceAddress, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      FileCode.hostBitsSet, "`\(address)` is an address inside a block, not the block", at: range,
      caption: "host bits are set", help: "write `\(address.prefix)`")
  }

  /// What is wrong with a text that should be an address, in a few words.
  private static func defect(ofAddress text: String, _ wanted: AddressFamily?) -> String? {
    if let address = IPAddress(text), let wanted, address.family != wanted {
      return "this is an \(address.family.displayName) address"
    }
    if InterfaceAddress(text) != nil { return "an address stands here without a prefix length" }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 1, parts.allSatisfy({ $0.allSatisfy(\.isNumber) }) else { return nil }
    if parts.count != 4 { return "an IPv4 address has four parts" }
    if let part = parts.first(where: { $0.count > 1 && $0.hasPrefix("0") }) {
      return "`\(part)` has a leading zero, which some read as octal"
    }
    if let part = parts.first(where: { (Int($0) ?? 256) > 255 }) { return "`\(part)` is more than 255" }
    return nil
  }

  private static func help(forAddress text: String, _ wanted: AddressFamily?) -> String? {
    if let address = InterfaceAddress(text), wanted == nil || address.family == wanted {
      return "write `\(address.address)`: the network's subnet gives the length"
    }
    if let address = IPAddress(text), let wanted, address.family != wanted {
      return "put it under `\(address.family == .ipv4 ? "ipv4_address" : "ipv6_address")`"
    }
    return nil
  }
}
