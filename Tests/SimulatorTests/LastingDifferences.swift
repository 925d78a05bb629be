import Testing

/// What differs each of several times that kernel and simulator are compared: on a busy machine more time passes
/// between one command and the next than the simulator knows of, and what changes within seconds may have.
///
/// - Parameters:
///   - attempts: how often at most.
///   - compare: compares them, and returns what differs, by what it is about.
/// - Returns: that of the last time, without what didn't differ before.
func lastingDifferences(attempts: Int = 3, _ compare: () throws -> [String: String]) rethrows -> [String: String] {
  var lasting = try compare()
  for _ in 1..<attempts where !lasting.isEmpty {
    let again = try compare()
    lasting = again.filter { lasting[$0.key] != nil }
  }
  return lasting
}

@Suite struct LastingDifferencesTests {
  @Test func `what differs each time is told, and what differs once isn't`() {
    var looks = [["a": "1", "b": "1"], ["b": "2", "c": "2"], ["b": "3"]].makeIterator()
    #expect(lastingDifferences { looks.next() ?? [:] } == ["b": "3"])
    var once = [["a": "1"], [:], ["a": "3"]].makeIterator()
    #expect(lastingDifferences { once.next() ?? ["a": "never"] } == [:])
  }
}
