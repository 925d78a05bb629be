import Diagnostics
import Testing
import YAMLTree

@Suite struct EncodingTests {
  private func utf16(_ text: String, bigEndian: Bool) -> [UInt8] {
    ([0xFEFF] + Array(text.utf16)).flatMap { unit in
      let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
      return bigEndian ? [high, low] : [low, high]
    }
  }

  @Test func `A byte-order mark is no part of the text`() {
    let sample = Sample(bytes: [0xEF, 0xBB, 0xBF] + Array("a: 1\n".utf8))
    #expect(sample.outlines == ["{a: 1}"])
    #expect(sample.root?.range.start == SourcePosition(line: 1, column: 1))
  }

  @Test(arguments: [true, false]) func `UTF-16 with a byte-order mark is read`(bigEndian: Bool) {
    let sample = Sample(bytes: utf16("ключ: 🙂\n", bigEndian: bigEndian))
    #expect(sample.outlines == ["{ключ: 🙂}"])
    #expect((sample.root?["ключ"]?.range).map(sample.covered) == "🙂")
  }

  @Test(
    arguments: [
      ([0x61, 0x3A, 0x20, 0xFF], "1:4", "the file is not text in UTF-8 (byte 0xff)"),
      (
        [0x61, 0x0A, 0x62, 0x00, 0x0A], "2:2",
        "the file holds a control character, which YAML doesn't allow (byte 0x00)"
      ),
      (
        [0x61, 0x3A, 0x20, 0x1B, 0x5B], "1:4",
        "the file holds a control character, which YAML doesn't allow (byte 0x1b)"
      ),
      ([0x61, 0x3A, 0x20, 0xC3], "1:4", "the file is not text in UTF-8 (byte 0xc3)"),
      ([0x61, 0x3A, 0x20, 0xC0, 0x80], "1:4", "the file is not text in UTF-8 (byte 0xc0)"),
      ([0x61, 0x3A, 0x20, 0xED, 0xA0, 0x80], "1:4", "the file is not text in UTF-8 (byte 0xed)"),
      ([0xFF, 0xFE, 0x00, 0xD8], "1:1", "the file is not text in UTF-8 (byte 0xff)"),
      (
        [0x7F, 0x45, 0x4C, 0x46, 0x02], "1:1",
        "the file holds a control character, which YAML doesn't allow (byte 0x7f)"
      ),
    ] as [([UInt8], String, String)])
  func `What isn't text is one error with its place`(bytes: [UInt8], place: String, message: String) {
    let found = Sample(bytes: bytes).reading.diagnostics
    #expect(found.map(\.code.name) == ["bad-encoding"])
    #expect(found.first?.message == message)
    #expect(found.first?.range.map { "\($0.start.line):\($0.start.column)" } == place)
  }
}
