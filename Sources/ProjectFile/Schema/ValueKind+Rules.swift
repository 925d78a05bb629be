import Diagnostics
import NetworkTypes

extension ValueKind where Value == ControlType {
  /// A type of control message.
  static var controlType: Self {
    Self(.either([.choice(ControlType.allNames), .integer(0...255)]), expected: "a type of control message") {
      text, range, reader in
      if let type = ControlType(text) { return type }
      reader.report(
        .invalidValue(
          "`\(text)` is no type of control message", at: range,
          help: suggestion(for: text, among: ControlType.allNames).map { "did you mean `\($0)`?" }
            ?? "write a number or one of \(ControlType.allNames.joined(separator: ", "))"))
      return nil
    }
  }
}

extension ValueKind where Value == NetfilterLimit {
  /// `10/second`, `10/minute burst 20`.
  static var packetLimit: Self {
    Self(
      .text("COUNT/UNIT [burst COUNT]", pattern: "^[0-9]+/(second|minute|hour|day)( burst [0-9]+)?$"),
      expected: "a limit"
    ) { text, range, reader in
      let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
      let rate = words[0].split(separator: "/").map(String.init)
      let burst = words.count == 3 && words[1] == "burst" ? UInt32(digits: words[2]) : words.count == 1 ? 5 : nil
      // iptables takes no more than 10000 in a second (XT_LIMIT_SCALE), and no burst above what fits with that.
      if rate.count == 2, let count = UInt32(digits: rate[0]), (1...10_000).contains(count),
        let unit = NetfilterLimit.Unit(rawValue: rate[1]), let burst, (1...10_000).contains(burst)
      {
        return NetfilterLimit(packets: count, per: unit, burst: burst)
      }
      reader.report(
        .invalidValue("`\(text)` is no limit", at: range, help: "write 10/second or 10/minute burst 20, up to 10000"))
      return nil
    }
  }
}

extension ValueKind where Value == LogPrefix {
  /// What a line of the kernel's log begins with.
  static var logPrefix: Self {
    Self(.text("text", pattern: #"^[ !#-\[\]-~]{1,29}$"#), expected: "true, or what the line begins with") {
      text, range, reader in
      if let prefix = LogPrefix(text) { return prefix }
      reader.report(
        .invalidValue(
          "a line of the log can't begin with that", at: range,
          help: "use up to \(LogPrefix.maximumLength) characters of ASCII, no quotation marks, backslashes or $"))
      return nil
    }
  }
}

extension ValueKind where Value == RuleComment {
  /// What a rule is for.
  static var ruleComment: Self {
    Self(.text("text", pattern: #"^[ !#-\[\]-~]{0,127}$"#), expected: "text") { text, range, reader in
      if let comment = RuleComment(text) { return comment }
      reader.report(
        .invalidValue(
          "a comment of a rule can't have that", at: range,
          help: "use up to \(RuleComment.maximumLength) characters of ASCII, no quotation marks or backslashes"))
      return nil
    }
  }
}
