import Testing
import YAMLTree

@Suite struct CoreValueTests {
  private func value(_ text: String) -> CoreValue? { Sample(text).root?.coreValue }

  @Test(
    arguments: [
      ("~", .null), ("Null", .null), ("nULL", .string("nULL")), ("True", .boolean(true)),
      ("FALSE", .boolean(false)), ("yes", .string("yes")), ("on", .string("on")), ("0", .integer(0)),
      ("-19", .integer(-19)), ("+12", .integer(12)), ("017", .integer(17)), ("0o17", .integer(15)),
      ("0x1F", .integer(31)), ("0o18", .string("0o18")), ("0x", .string("0x")), ("0x-1", .string("0x-1")),
      ("-0x1F", .string("-0x1F")), ("1_000", .string("1_000")), ("0b1", .string("0b1")), ("22:22", .string("22:22")),
      ("1.5", .float(1.5)), ("-.5", .float(-0.5)), ("12e03", .float(12_000)), ("1.", .float(1)),
      ("2.5E-1", .float(0.25)),
      (".inf", .float(.infinity)), ("-.INF", .float(-.infinity)), ("inf", .string("inf")), (".", .string(".")),
      ("+", .string("+")), ("1e", .string("1e")), ("1.2.3", .string("1.2.3")), ("10.0.0.1", .string("10.0.0.1")),
      ("0x1p3", .string("0x1p3")), ("nan", .string("nan")), ("'1'", .string("1")), ("\"\"", .string("")),
      ("9223372036854775807", .integer(.max)), ("9223372036854775808", .float(9_223_372_036_854_775_808)),
      ("0xFFFFFFFFFFFFFFFF", .float(18_446_744_073_709_551_616)),
    ] as [(String, CoreValue)])
  func `Plain scalars follow the core schema`(text: String, expected: CoreValue) {
    #expect(value(text) == expected)
  }

  @Test func `Not a number is one`() {
    guard case .float(let number) = value(".NaN") else { Issue.record("no number"); return }
    #expect(number.isNaN)
  }

  @Test(
    arguments: [
      ("!!str 5", .string("5")), ("!!int '5'", .integer(5)), ("!!int abc", .string("abc")),
      ("!!float 5", .float(5)), ("!!float x", .string("x")), ("!!bool \"true\"", .boolean(true)), ("!!null 'x'", .null),
      ("!!bool 1", .string("1")), ("!reset null", .null), ("!reset 'null'", .string("null")), ("!!str", .string("")),
    ] as [(String, CoreValue)])
  func `An explicit tag decides`(text: String, expected: CoreValue) {
    #expect(value(text) == expected)
  }

  @Test func `An empty value is null and a collection is none`() {
    #expect(Sample("a:").root?["a"]?.coreValue == .null)
    #expect(Sample("[]").root.map { $0.coreValue == nil } == true)
  }
}
