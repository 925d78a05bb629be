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
    let bytes = text.utf8Span.span
    var start = 0
    for index in bytes.indices {
      if !bytes[index].isNameByte { return false }
      if bytes[index] == UInt8(ascii: ".") {
        if !(1...63).contains(index - start) { return false }
        start = index + 1
      }
    }
    return (1...63).contains(bytes.count - start)
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

  /// The device in `net.FAMILY.conf.DEVICE.…` and `net.FAMILY.neigh.DEVICE.…`, which may be `all` or `default`.
  package var deviceName: String? {
    let parts = text.split(separator: ".", maxSplits: 4)
    guard parts.count == 5, parts[0] == "net", parts[2] == "conf" || parts[2] == "neigh" else { return nil }
    return String(parts[3].map { $0 == "/" ? "." : $0 })
  }

  /// The one device that it is for; nil for another key, and where it says `all` or `default`.
  package var device: InterfaceName? { deviceName.flatMap(InterfaceName.init) }

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

/// Whether a text has no bytes but those that are in names.
func hasNameBytesAlone(_ text: String) -> Bool {
  let bytes = text.utf8Span.span
  for index in bytes.indices where !bytes[index].isNameByte { return false }
  return true
}
