import Diagnostics
import Testing

@Suite struct SourceTextTests {
  private func text(_ string: String) -> SourceText { SourceText(name: "t", bytes: Array(string.utf8)) }

  @Test func `Lines end at every break that YAML knows`() {
    let sample = text("a\nb\r\nc\rd\u{85}e\u{2028}f\u{2029}é\n")
    #expect((1...9).map { sample.line($0) } == ["a", "b", "c", "d", "e", "f", "é", "", nil])
    #expect(sample.line(0) == nil)
    #expect(text("").line(1) == "")
    #expect(LineTable(text("a\n\nb")).count == 3)
  }

  @Test func `Every line of a long text is found, and the places of its bytes`() {
    let sample = text((1...1000).map { "lïne \($0)\n" }.joined())
    let table = LineTable(sample)
    #expect(table.count == 1001)
    var offset = 0
    for number in 1...1000 as ClosedRange<Int32> {
      #expect(table.line(number) == "lïne \(number)")
      #expect(table.position(ofByte: offset) == SourcePosition(line: number, column: 1))
      #expect(table.position(ofByte: offset + 3) == SourcePosition(line: number, column: 3))
      offset += "lïne \(number)\n".utf8.count
    }
    #expect(table.position(ofByte: offset) == SourcePosition(line: 1001, column: 1))
    #expect(table.position(ofByte: offset + 99) == SourcePosition(line: 1001, column: 1))
  }

  @Test func `Invalid UTF-8 is replaced where it is shown`() {
    #expect(SourceText(name: "t", bytes: [0x61, 0xFF, 0x62]).line(1) == "a\u{FFFD}b")
  }

  @Test func `Byte-order marks are dropped and UTF-16 converted`() {
    #expect(SourceText(name: "t", bytes: [0xEF, 0xBB, 0xBF, 0x61]).bytes == [0x61])
    #expect(SourceText(name: "t", bytes: [0xFF, 0xFE, 0xE9, 0x00]).bytes == [0xC3, 0xA9])
    #expect(SourceText(name: "t", bytes: [0xFE, 0xFF, 0x00, 0xE9]).bytes == [0xC3, 0xA9])
    #expect(SourceText(name: "t", bytes: [0xFE, 0xFF, 0xD8, 0x00]).bytes == [0xFE, 0xFF, 0xD8, 0x00])
    #expect(SourceText(name: "t", bytes: [0xFE, 0xFF, 0x00]).bytes == [0xFE, 0xFF, 0x00])
  }
}
