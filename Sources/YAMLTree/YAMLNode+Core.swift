extension YAMLNode {
  /// What a scalar means under the core schema (YAML 1.2.2 §10.3), an explicit tag of YAML's own obeyed; nil for a
  /// sequence or a mapping.
  ///
  /// A tag that the text doesn't fit, `!!int abc`, leaves it a string; so does a tag YAML doesn't define on a quoted
  /// scalar, whereas on a plain one it leaves the text's own meaning (`!reset null`).
  package var coreValue: CoreValue? {
    guard case .scalar(let scalar) = content else { return nil }
    switch tag {
    case "tag:yaml.org,2002:str", "tag:yaml.org,2002:binary": return .string(scalar.text)
    case "tag:yaml.org,2002:null": return .null
    case "tag:yaml.org,2002:int", "tag:yaml.org,2002:bool":
      let value = CoreValue(plain: scalar.text)
      return switch value {
      case .integer where tag == "tag:yaml.org,2002:int": value
      case .boolean where tag == "tag:yaml.org,2002:bool": value
      case .null, .boolean, .integer, .float, .string: .string(scalar.text)
      }
    case "tag:yaml.org,2002:float":
      let value = CoreValue(plain: scalar.text)
      return switch value {
      case .integer(let number): .float(Double(number))
      case .float: value
      case .null, .boolean, .string: .string(scalar.text)
      }
    default: return scalar.isPlain ? CoreValue(plain: scalar.text) : .string(scalar.text)
    }
  }
}

extension YAMLNode {
  /// Whether its core value is null: asked of every value that is read, and told without looking at all of its text.
  package var isNull: Bool {
    guard case .scalar(let scalar) = content else { return false }
    guard tag == nil else { return coreValue == .null }
    return scalar.isPlain && CoreValue.isNull(scalar.text)
  }
}

extension CoreValue {
  /// Whether a plain scalar's text means null.
  fileprivate static func isNull(_ text: String) -> Bool {
    switch text.utf8.count {
    case 0: true
    case 1: text == "~"
    case 4: text == "null" || text == "Null" || text == "NULL"
    default: false
    }
  }

  /// What a plain scalar's text means (YAML 1.2.2 §10.3.2).
  package init(plain text: String) {
    if Self.isNull(text) {
      self = .null
      return
    }
    switch text {
    case "true", "True", "TRUE": self = .boolean(true)
    case "false", "False", "FALSE": self = .boolean(false)
    default: self = Self.number(text) ?? .string(text)
    }
  }

  private static func number(_ text: String) -> CoreValue? {
    let utf8 = text.utf8
    guard let first = utf8.first, first.isDigit || first == 0x2B || first == 0x2D || first == 0x2E else { return nil }
    switch text {
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .float(.infinity)
    case "-.inf", "-.Inf", "-.INF": return .float(-.infinity)
    case ".nan", ".NaN", ".NAN": return .float(.nan)
    default: break
    }
    if text.hasPrefix("0o") { return integer(text.dropFirst(2), radix: 8) }
    if text.hasPrefix("0x") { return integer(text.dropFirst(2), radix: 16) }
    let digits = first.isDigit ? text[...] : text.dropFirst()
    if !digits.isEmpty, digits.utf8.allSatisfy(\.isDigit) {
      return Int(text).map { .integer($0) } ?? Double(text).map { .float($0) }
    }
    return isFloat(digits) ? Double(text).map { .float($0) } : nil
  }

  /// The value of digits after `0o` or `0x`; one that doesn't fit 64 bits as a floating-point number.
  private static func integer(_ digits: Substring, radix: Int) -> CoreValue? {
    guard let first = digits.utf8.first, first != 0x2B, first != 0x2D else { return nil }
    if let value = Int(digits, radix: radix) { return .integer(value) }
    var value = 0.0
    for digit in digits {
      guard let digit = digit.hexDigitValue, digit < radix, value.isFinite else { return nil }
      value = value * Double(radix) + Double(digit)
    }
    return .float(value)
  }

  /// Whether a text matches `(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
  private static func isFloat(_ text: Substring) -> Bool {
    var rest = text.utf8
    let whole = rest.removeDigits()
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      if rest.removeDigits() == 0, whole == 0 { return false }
    } else if whole == 0 {
      return false
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest.removeFirst()
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
      if rest.removeDigits() == 0 { return false }
    }
    return rest.isEmpty
  }
}

extension Substring.UTF8View {
  /// Drops the digits at the front and returns how many there were.
  fileprivate mutating func removeDigits() -> Int {
    let count = prefix(while: \.isDigit).count
    removeFirst(count)
    return count
  }
}

extension UInt8 {
  /// Whether it is an ASCII digit.
  var isDigit: Bool { (0x30...0x39).contains(self) }
}
