extension FixedWidthInteger {
  /// Parses digits and nothing else; nil where there is a sign, a blank, no digit, or too large a number.
  ///
  /// The standard library takes a `+` before a number, and no text that Netwright reads has one.
  package init?(digits text: some StringProtocol) {
    guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
    self.init(text, radix: 10)
  }
}
