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
    var start = 0
    while start < text.count {
      let end = min(text.index(of: UInt8(ascii: "\n"), from: start) + 1, text.count)
      if !starts.contains(text[start]) { text.mix(start..<end, into: &hash) }
      start = end
    }
  }
}
