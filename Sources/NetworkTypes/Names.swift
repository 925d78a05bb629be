/// The name of a network device: 1 to 15 bytes.
///
/// The kernel (`dev_valid_name`, net/core/dev.c) takes any bytes but `/`, `:` and white space, and not `.` or `..`.
/// Netwright takes the letters, digits and `. _ -` that every tool on the way agrees on, not starting with `-`; and not
/// `all`, `default`, which name something else under /proc/sys/net/*/conf.
package struct InterfaceName: Hashable, Comparable, Sendable {
  /// The name.
  package let text: String

  /// The longest name in bytes: IFNAMSIZ less its terminating zero (include/uapi/linux/if.h).
  package static let maximumLength = 15

  /// What keeps a text from being a name.
  package enum Defect: Hashable, Sendable {
    /// There is nothing in it.
    case empty
    /// It has more than 15 bytes.
    case tooLong
    /// It holds a character that isn't taken.
    case badCharacter(Character)
    /// It means something else to the kernel or to the tools.
    case reserved
  }

  /// The first defect of a text as a name, if any.
  package static func defect(of text: String) -> Defect? {
    if text.isEmpty { return .empty }
    guard hasNameBytesAlone(text) else {
      return text.first { !$0.utf8.allSatisfy(\.isNameByte) }.map(Defect.badCharacter)
    }
    if text.utf8.first == UInt8(ascii: "-") { return .badCharacter("-") }
    if text == "." || text == ".." || text == "all" || text == "default" { return .reserved }
    return text.utf8.count > maximumLength ? .tooLong : nil
  }

  /// Orders names by their bytes.
  package static func < (left: Self, right: Self) -> Bool { left.text < right.text }

  /// The loopback device that every namespace has.
  package static let loopback = InterfaceName(unchecked: "lo")

  private init(unchecked text: String) { self.text = text }
}

extension InterfaceName: LosslessStringConvertible {
  /// Checks and takes a name.
  package init?(_ text: String) {
    guard Self.defect(of: text) == nil else { return nil }
    self.text = text
  }

  /// The name.
  package var description: String { text }
}

/// The name of a network namespace under /run/netns: letters, digits and `. _ -`, at most 200 bytes.
///
/// `ip netns` takes any file name (`netns_add`, ip/ipnetns.c); the characters are those of compose's service names.
package struct NamespaceName: Hashable, Comparable, Sendable {
  /// The name.
  package let text: String

  /// The longest name in bytes: NAME_MAX is 255, and files beside the namespace's own need a suffix.
  package static let maximumLength = 200

  /// Orders names by their bytes.
  package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

extension NamespaceName: LosslessStringConvertible {
  /// Checks and takes a name.
  package init?(_ text: String) {
    guard !text.isEmpty, text.utf8.count <= Self.maximumLength, text != ".", text != "..",
      text.utf8.first != UInt8(ascii: "-"), hasNameBytesAlone(text)
    else { return nil }
    self.text = text
  }

  /// The name.
  package var description: String { text }
}

/// A host name as /etc/hosts and a resolver take it: labels of letters, digits, `-` and `_` between dots, at most 253
/// bytes (RFC 1123 §2.1; the underscore because compose's service names have it).
package struct HostName: Hashable, Comparable, Sendable {
  /// The name.
  package let text: String

  /// Orders names by their bytes.
  package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

extension HostName: LosslessStringConvertible {
  /// Checks and takes a name.
  package init?(_ text: String) {
    guard !text.isEmpty, text.utf8.count <= 253, Self.hasGoodLabels(text) else { return nil }
    self.text = text
  }

  /// The name.
  package var description: String { text }
}

extension HostName {
  /// Whether a text is labels of 1 to 63 name bytes between dots.
  fileprivate static func hasGoodLabels(_ text: String) -> Bool {
    var length = 0
    let bytes = text.utf8Span.span
    for index in bytes.indices {
      let byte = bytes[index]
      if byte == UInt8(ascii: ".") {
        if length == 0 { return false }
        length = 0
      } else {
        length += 1
        if !byte.isNameByte || length > 63 { return false }
      }
    }
    return length > 0
  }
}

/// The path of a kernel parameter below /proc/sys, in its dotted form: `net.ipv4.ip_forward`.
///
/// As in sysctl(8), `/` may stand for a dot inside a part: `net.ipv4.conf.eth0/10.forwarding`.
package struct SysctlKey: Hashable, Comparable, Sendable {
  /// The dotted form.
  package let text: String

  /// The file below /proc/sys.
  package var path: String {
    String(text.map { $0 == "." ? "/" : $0 == "/" ? "." : $0 })
  }

  /// Orders keys by their bytes.
  package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

extension SysctlKey: LosslessStringConvertible {
  /// Checks and takes a key: parts of letters, digits, `_ - /` between dots, at least two.
  package init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 2,
      parts.allSatisfy({ part in
        !part.isEmpty && part != "/" && part != "//"
          && part.utf8.allSatisfy { $0 == UInt8(ascii: "/") || $0.isNameByte }
      })
    else { return nil }
    self.text = text
  }

  /// The dotted form.
  package var description: String { text }
}

extension UInt8 {
  /// Whether it is an ASCII letter or digit, or one of `. _ -`.
  var isNameByte: Bool {
    // A bit for each character: those of the digits, `.` and `-`, and those of the letters and `_`.
    let taken: UInt64 = self < 64 ? 0x03ff_6000_0000_0000 : 0x07ff_fffe_87ff_fffe
    return self < 128 && taken >> UInt64(self & 63) & 1 == 1
  }
}

private func hasNameBytesAlone(_ text: String) -> Bool {
  let bytes = text.utf8Span.span
  for index in bytes.indices where !bytes[index].isNameByte { return false }
  return true
}
