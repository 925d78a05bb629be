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

/// What a rule is for, in words: printable ASCII without `"` and `\`, at most 127 bytes, so that no syntax ends in it.
package struct RuleComment: Hashable, Sendable, TextCodable {
  /// The words.
  package let text: String

  /// The longest comment in bytes (NFTNL_UDATA_COMMENT_MAXLEN, less its end).
  package static let maximumLength = 127

  /// Checks and takes words.
  package init?(_ text: String) {
    guard text.utf8.count <= Self.maximumLength, isQuotable(text) else { return nil }
    self.text = text
  }

  /// Takes words, other characters as `?`, and no more than fit.
  package init(cleaning text: String) {
    let bytes = text.utf8.prefix(Self.maximumLength).map { byte in
      (0x20...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
        ? byte : UInt8(ascii: "?")
    }
    self.text = String(decoding: bytes, as: UTF8.self)
  }

  /// The words.
  package var description: String { text }
}

/// What a line of the kernel's log begins with: printable ASCII without `"` and `\`, 1 to 29 bytes, as iptables takes.
package struct LogPrefix: Hashable, Sendable, TextCodable {
  /// The words.
  package let text: String

  /// The longest prefix in bytes (xt_LOG's 30, less its end).
  package static let maximumLength = 29

  /// Checks and takes words.
  package init?(_ text: String) {
    guard !text.isEmpty, text.utf8.count <= Self.maximumLength, isQuotable(text) else { return nil }
    self.text = text
  }

  /// The words.
  package var description: String { text }
}

/// Whether a text can stand between quotation marks in nft's language and in iptables' as it is.
private func isQuotable(_ text: String) -> Bool {
  text.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
}

extension UInt8 {
  fileprivate var isASCIILetter: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
  }
}
