import NetworkTypes
import Testing

@Suite struct TextBufferTests {
  /// Every byte at every place of a text whose other bytes are printable, the first and the last that are.
  @Test(arguments: [" ", "~", "a"])
  func `Printable is ASCII from the space to the tilde`(filler: String) {
    for length in 1...20 {
      for place in 0..<length {
        for byte in UInt8.min...UInt8.max {
          var text = TextBuffer()
          text.append("\n")
          for index in 0..<length { if index == place { text.append(byte) } else { text.append(filler) } }
          #expect(text.isPrintable(from: 1) == (0x20...0x7e).contains(byte), "\(byte) at \(place) of \(length)")
          #expect(!text.isPrintable(from: 0))
        }
      }
    }
  }

  @Test(arguments: ["", "b", "ab", "ba", "aab", "abab", "bbab", "xaxbxab", "a\nb\nab"])
  func `Two bytes are found where they stand side by side`(text: String) {
    let bytes = Array(text.utf8)
    var buffer = TextBuffer()
    buffer.append(text)
    for start in 0...bytes.count {
      let found = (start..<bytes.count).first { $0 + 1 < bytes.count && bytes[$0] == 0x61 && bytes[$0 + 1] == 0x62 }
      #expect(buffer.index(of: 0x61, 0x62, from: start) == found ?? bytes.count, "from \(start)")
    }
  }

  @Test func `An empty text is printable`() {
    #expect(TextBuffer().isPrintable(from: 0))
    var text = TextBuffer()
    text.append("\u{7f}")
    #expect(!text.isPrintable(from: 0))
    #expect(text.isPrintable(from: 1))
  }
}
