import Diagnostics

/// What a reader of YAML 1.1 sees in a plain scalar, in words (`the number 1342`, `true`, `text`), if that isn't what
/// the core schema of YAML 1.2 says; nil where both agree and for scalars that aren't plain.
///
/// Covers the types int, float and bool of the YAML 1.1 repository (yaml.org/type); its timestamps have no like in 1.2.
package func yaml11Reading(_ scalar: YAMLScalar) -> String? {
  guard scalar.isPlain else { return nil }
  let old = YAML11Value(scalar.text)
  switch (old, CoreValue(plain: scalar.text)) {
  case (.text, .string), (.text, .null), (.text, .boolean): return nil
  case (.boolean(let value), .boolean(let new)) where value == new: return nil
  case (.number(let value), .integer(let new)) where value == Double(new): return nil
  case (.number(let value), .float(let new)) where value == new || (value.isNaN && new.isNaN): return nil
  default: return old.words
  }
}

/// The finding about a plain scalar that YAML 1.1 readers see differently, for the forms that people stumble over:
/// sexagesimal numbers, octal numbers, and yes, no, on, off.
///
/// Not for octal numbers under `mode`: file modes are written so, and every reader of compose files takes them so.
func yaml11Finding(_ scalar: YAMLScalar, _ form: YAML11Form, at range: SourceRange, key: String?) -> Diagnostic? {
  if form == .octal, key == "mode" { return nil }
  guard let old = yaml11Reading(scalar) else { return nil }
  let text = scalar.text
  let new =
    switch CoreValue(plain: text) {
    case .integer(let value): "the number \(value)"
    case .null, .boolean, .float, .string: "text"
    }
  let help =
    switch form {
    case .sexagesimal: "put it in quotes: \"\(text)\""
    case .word: "put it in quotes if it is text, or write true or false"
    case .octal: "put it in quotes if it is text, or write the number in decimal"
    }
  return Diagnostic(
    YAMLCode.yaml11Scalar, "`\(text)` is \(new) here, but \(old) to readers of YAML 1.1", at: range, help: help)
}

/// The forms of plain scalars that deserve a warning.
enum YAML11Form {
  case sexagesimal, octal, word

  /// The form that a plain scalar seems to have; nil for all others, in most cases by the first byte already.
  init?(_ scalar: YAMLScalar) {
    guard scalar.isPlain else { return nil }
    let bytes = scalar.text.utf8Span.span
    guard !bytes.isEmpty else { return nil }
    switch bytes[0] {
    case 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "+"):
      self.init(number: bytes, from: bytes[0].isDigit ? 0 : 1)
    case UInt8(ascii: "y"), UInt8(ascii: "Y"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "o"),
      UInt8(ascii: "O"):
      guard (2...3).contains(bytes.count) else { return nil }
      self = .word
    default: return nil
    }
  }

  /// The form of what may be a number, whose digits start at an index.
  private init?(number bytes: Span<UInt8>, from start: Int) {
    guard start < bytes.count else { return nil }
    if bytes[start] == UInt8(ascii: "0") {
      guard start + 1 < bytes.count else { return nil }
      let first = start + (bytes[start + 1] == UInt8(ascii: "o") ? 2 : 1)
      for index in first..<bytes.count where !(0x30...0x37).contains(bytes[index]) { return nil }
      self = .octal
    } else {
      var hasColon = false
      for index in start..<bytes.count {
        if bytes[index] == UInt8(ascii: ".") { return nil }
        if bytes[index] == UInt8(ascii: ":") { hasColon = true }
      }
      guard hasColon else { return nil }
      self = .sexagesimal
    }
  }
}

/// What a plain scalar is under YAML 1.1, as far as numbers and booleans go.
private enum YAML11Value {
  case boolean(Bool)
  case number(Double)
  case text

  init(_ text: String) {
    switch text {
    case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": self = .boolean(true)
    case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": self = .boolean(false)
    default: self = Self.number(text).map { .number($0) } ?? .text
    }
  }

  /// The reading in words.
  var words: String {
    switch self {
    case .boolean(let value): "\(value)"
    case .number(let value): Int(exactly: value).map { "the number \($0)" } ?? "the number \(value)"
    case .text: "text"
    }
  }

  private static func number(_ text: String) -> Double? {
    let isNegative = text.hasPrefix("-")
    let digits = isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]
    let magnitude = integer(digits) ?? float(digits) ?? sexagesimal(digits)
    return magnitude.map { isNegative ? -$0 : $0 }
  }

  /// `0b1010_0111`, `02472256`, `685_230`, `0x_0A_74_AE` (yaml.org/type/int).
  private static func integer(_ text: Substring) -> Double? {
    guard let first = text.utf8.first, first.isDigit else { return nil }
    if first != UInt8(ascii: "0") || text.utf8.count == 1 { return value(text, radix: 10) }
    if text.hasPrefix("0b") { return value(text.dropFirst(2), radix: 2) }
    if text.hasPrefix("0x") { return value(text.dropFirst(2), radix: 16) }
    return value(text.dropFirst(), radix: 8)
  }

  /// `190:20:30` and `190:20:30.15` (yaml.org/type/int, yaml.org/type/float).
  private static func sexagesimal(_ text: Substring) -> Double? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count > 1, let first = parts.first?.utf8.first, first.isDigit else { return nil }
    var sum = 0.0
    for (index, part) in parts.enumerated() {
      let isLast = index == parts.count - 1
      let whole = isLast ? part.prefix { $0 != "." } : part
      guard let number = value(whole, radix: 10) else { return nil }
      if index > 0, number >= 60 || whole.utf8.count > 2 || whole.contains("_") { return nil }
      sum = sum * 60 + number
      if whole.endIndex < part.endIndex {
        let digits = part[whole.endIndex...].dropFirst().filter { $0 != "_" }
        guard digits.utf8.allSatisfy(\.isDigit) else { return nil }
        sum += Double("0.\(digits)0") ?? 0
      }
    }
    // A whole number doesn't start with zero: `02:42` stays text.
    return first == UInt8(ascii: "0") && !text.contains(".") ? nil : sum
  }

  /// `6.8523015e+5`, `685.230_15`, `.5`, `.inf`, `.NaN`: always with a point, an exponent always with its sign.
  private static func float(_ text: Substring) -> Double? {
    switch text {
    case ".inf", ".Inf", ".INF": return .infinity
    case ".nan", ".NaN", ".NAN": return .nan
    default: break
    }
    guard text.contains("."), let first = text.utf8.first, first.isDigit || first == UInt8(ascii: ".") else {
      return nil
    }
    let digits = text.filter { $0 != "_" }
    let mantissa = digits.prefix { $0 != "e" && $0 != "E" }
    if mantissa.endIndex < digits.endIndex {
      let exponent = digits[mantissa.endIndex...].dropFirst()
      guard exponent.hasPrefix("-") || exponent.hasPrefix("+") else { return nil }
    }
    guard case .float(let value) = CoreValue(plain: digits), value.isFinite else { return nil }
    return value
  }

  /// The value of digits with underscores between them; nil if anything else is among them or no digit at all.
  private static func value(_ text: Substring, radix: Int) -> Double? {
    var value: Double?
    for byte in text.utf8 where byte != UInt8(ascii: "_") {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, digit < radix else { return nil }
      value = (value ?? 0) * Double(radix) + Double(digit)
    }
    return value
  }
}
