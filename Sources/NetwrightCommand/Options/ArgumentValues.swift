public import ArgumentParser
public import Netwright

// The façade's closed choices as option values: the parser lists them in help and completion.
extension DiagnosticFormat: ExpressibleByArgument {}
extension ScriptStyle: ExpressibleByArgument {}
extension ScriptFirewall: ExpressibleByArgument {}
extension CheckFormat: ExpressibleByArgument {}
extension TraceFormat: ExpressibleByArgument {}
extension SchemaSubject: ExpressibleByArgument {}

// The library finds these by key paths and descriptions, which takes it a quarter of a millisecond at every start.
extension ExpressibleByArgument where Self: CaseIterable & RawRepresentable<String> {
  /// The words of the choices.
  public static var allValueStrings: [String] { allCases.map { $0.rawValue } }

  /// What the words mean, where that isn't said by themselves: nothing.
  public static var allValueDescriptions: [String: String] { [:] }
}

/// A number that is written in digits alone, as everywhere in files and steps.
struct WholeNumber: ExpressibleByArgument, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// The number.
  let value: UInt64

  init(integerLiteral value: UInt64) { self.value = value }

  init?(argument: String) {
    guard argument.utf8.first != UInt8(ascii: "+"), let value = UInt64(argument) else { return nil }
    self.value = value
  }

  var description: String { String(value) }
}
