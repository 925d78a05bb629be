/// A value that writes its text form into a longer text, without a string between.
package protocol TextWritable: CustomStringConvertible {
  /// Appends the text form.
  func write(to text: inout TextBuffer)
}

extension NamespaceName: TextWritable {
  /// Appends the name.
  package func write(to text: inout TextBuffer) { text.append(self.text) }
}

extension HostName: TextWritable {
  /// Appends the name.
  package func write(to text: inout TextBuffer) { text.append(self.text) }
}

extension IPv4Address: TextWritable {
  /// Appends the dotted decimal form.
  package func write(to text: inout TextBuffer) {
    var short = ShortText()
    short.append(decimal: UInt8(bits >> 24))
    for octet in 1...3 as ClosedRange<UInt32> {
      short.append(UInt8(ascii: "."))
      short.append(decimal: UInt8(bits >> (24 - 8 * octet) & 0xff))
    }
    text.append(short)
  }
}

extension IPv6Address: TextWritable {
  /// Appends the form of RFC 5952.
  package func write(to text: inout TextBuffer) { text.append(description) }
}

extension IPAddress: TextWritable {
  /// Appends the family's text form.
  package func write(to text: inout TextBuffer) {
    switch self {
    case .v4(let address): address.write(to: &text)
    case .v6(let address): address.write(to: &text)
    }
  }
}

extension IPPrefix: TextWritable {
  /// Appends `network/length`.
  package func write(to text: inout TextBuffer) {
    network.write(to: &text)
    text.append(UInt8(ascii: "/"))
    text.append(decimal: UInt64(length))
  }
}

extension InterfaceAddress: TextWritable {
  /// Appends `address/length`.
  package func write(to text: inout TextBuffer) {
    address.write(to: &text)
    text.append(UInt8(ascii: "/"))
    text.append(decimal: UInt64(prefixLength))
  }
}

extension MACAddress: TextWritable {
  /// Appends six groups of two lower-case hexadecimal digits between colons, as `ip link` prints them.
  package func write(to text: inout TextBuffer) {
    var half = ShortText()
    for group in 0..<6 as Range<UInt64> {
      if group == 3 {
        text.append(half)
        half = ShortText()
      }
      if group > 0 { half.append(UInt8(ascii: ":")) }
      let octet = UInt8(truncatingIfNeeded: bits >> (40 - 8 * group))
      half.append(hexadecimalDigit(octet >> 4))
      half.append(hexadecimalDigit(octet & 15))
    }
    text.append(half)
  }
}

extension TextWritable {
  /// The text form as a string.
  var written: String {
    var text = TextBuffer()
    write(to: &text)
    return String(text)
  }
}

/// The lower-case digit of a number below 16.
private func hexadecimalDigit(_ value: UInt8) -> UInt8 {
  value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}
