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

/// What a line of the kernel's log begins with: printable ASCII without `"`, `\` and `$`, 1 to 29 bytes, as iptables
/// takes.
///
/// In a prefix, and there alone, nft takes `$` for the beginning of a variable's name, and has no way to say otherwise
/// (src/parser_bison.y, log_arg).
package struct LogPrefix: Hashable, Sendable, TextCodable {
  /// The words.
  package let text: String

  /// The longest prefix in bytes (xt_LOG's 30, less its end).
  package static let maximumLength = 29

  /// Checks and takes words.
  package init?(_ text: String) {
    guard !text.isEmpty, text.utf8.count <= Self.maximumLength, isQuotable(text), !text.utf8.contains(0x24)
    else { return nil }
    self.text = text
  }

  /// The words.
  package var description: String { text }
}

/// Whether a text can stand between quotation marks in nft's language and in iptables' as it is.
private func isQuotable(_ text: String) -> Bool {
  text.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
}
