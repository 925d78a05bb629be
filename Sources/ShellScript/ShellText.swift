import NetworkTypes

/// Text of a script in the making.
///
/// Values of types whose text form is safe in a shell (names, addresses, numbers) stand in it bare; every other text
/// goes through `ShellQuoting` first. What there are thousands of is appended word by word, the rest is interpolated.
struct ShellText: Hashable, Sendable {
  /// The text.
  private(set) var buffer = TextBuffer()

  /// Creates an empty text.
  init() {}

  /// Creates a text that is part of the program, or has been quoted.
  init(_ text: String) { buffer.append(text) }

  /// Whether there is nothing in it.
  var isEmpty: Bool { buffer.isEmpty }

  /// The number of its bytes.
  var count: Int { buffer.count }

  /// Makes room for a number of bytes.
  mutating func reserveCapacity(_ count: Int) { buffer.reserveCapacity(count) }

  /// Appends words: texts that are part of the program or have been quoted, and values.
  mutating func append<each Word: ShellWord>(_ word: repeat each Word) {
    repeat (each word).write(to: &buffer)
  }

  /// Appends a word, without the detour that a list of any length takes.
  @inline(__always)
  mutating func append(_ word: some ShellWord) { word.write(to: &buffer) }

  /// Appends two words, likewise.
  @inline(__always)
  mutating func append(_ one: some ShellWord, _ two: some ShellWord) {
    one.write(to: &buffer)
    two.write(to: &buffer)
  }

  /// Appends three words, likewise.
  @inline(__always)
  mutating func append(_ one: some ShellWord, _ two: some ShellWord, _ three: some ShellWord) {
    append(one, two)
    three.write(to: &buffer)
  }

  /// Appends four words, likewise.
  @inline(__always)
  mutating func append(
    _ one: some ShellWord, _ two: some ShellWord, _ three: some ShellWord, _ four: some ShellWord
  ) {
    append(one, two)
    append(three, four)
  }

  /// Appends part of the text itself once more, by its bytes.
  mutating func repeatBytes(_ range: Range<Int>) { buffer.repeatBytes(range) }

  static func += (text: inout ShellText, more: ShellText) { text.buffer.append(more.buffer) }
}

/// What a script's text is made of.
protocol ShellWord {
  /// Appends the word.
  func write(to text: inout TextBuffer)
}

extension String: ShellWord {
  // Most are literals, of which the compiler makes a few moves.
  @inline(__always)
  func write(to text: inout TextBuffer) { text.appendInline(self) }
}

extension ShellText: ShellWord {
  func write(to text: inout TextBuffer) { text.append(buffer) }
}

extension Int: ShellWord {
  func write(to text: inout TextBuffer) {
    if self < 0 { text.append("-") }
    text.append(decimal: UInt64(magnitude))
  }
}

extension UInt32: ShellWord {
  func write(to text: inout TextBuffer) { text.append(decimal: UInt64(self)) }
}

extension Optional: ShellWord where Wrapped: ShellWord {
  /// Appends the word, if there is one.
  func write(to text: inout TextBuffer) { self?.write(to: &text) }
}

extension InterfaceName: ShellWord {}
extension NamespaceName: ShellWord {}
extension InterfaceAddress: ShellWord {}
extension IPAddress: ShellWord {}
extension IPPrefix: ShellWord {}
extension MACAddress: ShellWord {}

extension ShellText: ExpressibleByStringInterpolation, StringInterpolationProtocol {
  init(stringLiteral text: String) { buffer.append(text) }

  init(stringInterpolation text: ShellText) { self = text }

  init(literalCapacity: Int, interpolationCount: Int) {
    buffer.reserveCapacity(literalCapacity + 16 * interpolationCount)
  }

  mutating func appendLiteral(_ literal: String) { buffer.append(literal) }

  mutating func appendInterpolation(_ word: some ShellWord) { word.write(to: &buffer) }

  mutating func appendInterpolation<Value: CustomStringConvertible>(_ value: Value) {
    buffer.append(value.description)
  }

  /// Appends a value that is a word, which all words but texts of the script could also be printed as.
  mutating func appendInterpolation<Word: ShellWord & CustomStringConvertible>(_ word: Word) {
    word.write(to: &buffer)
  }
}

extension String {
  /// The text of a script.
  init(_ text: ShellText) { self.init(text.buffer) }
}
