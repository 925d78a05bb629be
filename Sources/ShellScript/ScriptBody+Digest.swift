import NetworkTypes

extension ScriptBody {
  /// A number that tells plans apart, made of the commands without comments and assignments of `origin`, so that a line
  /// added to the file above a service makes no other plan.
  var digest: String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    mixLines(of: blocks.buffer, skipping: [UInt8(ascii: "#")], into: &hash)
    mixLines(of: fileLane.buffer, skipping: [UInt8(ascii: "#"), UInt8(ascii: "o")], into: &hash)
    mixLines(of: apply.buffer, skipping: [UInt8(ascii: "#"), UInt8(ascii: "o")], into: &hash)
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Mixes the lines, their ends included, that don't start with certain bytes.
  private func mixLines(of text: TextBuffer, skipping starts: [UInt8], into hash: inout UInt64) {
    guard !text.isEmpty else { return }
    var start = 0
    // Where the next line with each of the starts is.
    var skipped = starts.map { text[0] == $0 ? 0 : lineStart($0, in: text, from: 0) }
    while start < text.count {
      let end = skipped.min() ?? text.count
      text.mix(start..<end, into: &hash)
      start = min(text.index(of: UInt8(ascii: "\n"), from: end) + 1, text.count)
      for index in starts.indices where skipped[index] < start {
        skipped[index] = lineStart(starts[index], in: text, from: start - 1)
      }
    }
  }

  /// The start of the first line after an index that starts with a byte; the text's end if none does.
  private func lineStart(_ byte: UInt8, in text: TextBuffer, from index: Int) -> Int {
    min(text.index(of: UInt8(ascii: "\n"), byte, from: index) + 1, text.count)
  }
}
