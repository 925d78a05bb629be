package import NetworkTypes

/// The name of a chain: letters, digits, `_` and `-`, beginning with a letter, at most 28 bytes, as iptables takes.
package struct ChainName: Hashable, Sendable, TextCodable {
  /// The name.
  package let text: String

  /// The longest name in bytes (XT_EXTENSION_MAXNAMELEN, less what iptables keeps).
  package static let maximumLength = 28

  /// Checks and takes a name.
  package init?(_ text: String) {
    guard let first = text.utf8.first, first.isASCIILetter, text.utf8.count <= Self.maximumLength,
      text.utf8.allSatisfy({
        $0.isASCIILetter || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "_")
          || $0 == UInt8(ascii: "-")
      })
    else { return nil }
    self.text = text
  }

  /// The name.
  package var description: String { text }

  private init(unchecked text: String) { self.text = text }

  /// The base chain of a hook and a priority: `forward`, `prerouting-dstnat`.
  package static func base(_ hook: NetfilterHook, _ priority: NetfilterPriority) -> Self {
    Self(unchecked: priority == .filter ? hook.rawValue : "\(hook.rawValue)-\(priority.rawValue)")
  }

  /// What is published on the machine's addresses.
  package static let publish = Self(unchecked: "publish")

  /// What leaves by a device: `to-br-front`.
  package static func to(_ device: InterfaceName) -> Self {
    Self(unchecked: "to-" + String(device.text.map { $0 == "." ? "_" : $0 }))
  }
}

extension UInt8 {
  fileprivate var isASCIILetter: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
  }
}
