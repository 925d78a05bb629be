import Diagnostics
import Testing
import YAMLTree

@Suite struct RangeTests {
  /// The text that the node at a path covers.
  private func covered(_ text: String, _ path: String...) -> String? {
    let sample = Sample(text)
    var node = sample.root
    for step in path { node = node?[step] }
    return (node?.range).map(sample.covered)
  }

  @Test func `Scalars cover their text and quotes`() {
    let text = "a: plain text  # note\nb: 'it''s'\nc: \"x\\ny\" \nd: two\n  lines\ne: ünï:x\n"
    #expect(covered(text, "a") == "plain text")
    #expect(covered("b: 'it''s'\n", "b") == "'it''s'")
    #expect(covered("c: \"x\\ny\" # z\n", "c") == "\"x\\ny\"")
    #expect(covered("d: two\n  lines\n\n# x\ne: 1", "d") == "two⏎  lines")
  }

  @Test func `Columns count Unicode scalars`() {
    let sample = Sample("ключ: 'знач 🙂'  # x\n")
    let range = sample.root?["ключ"]?.range
    #expect(range?.start == SourcePosition(line: 1, column: 7))
    #expect(range?.end == SourcePosition(line: 1, column: 15))
    #expect(range.map(sample.covered) == "'знач 🙂'")
  }

  @Test func `A missing value is a place after its colon`() {
    let range = Sample("a:\nb: 1\n").root?["a"]?.range
    #expect(range?.start == SourcePosition(line: 1, column: 3))
    #expect(range?.end == range?.start)
  }

  @Test func `Keys cover their text`() {
    let sample = Sample("'a b': 1\nc: 2\n")
    guard case .mapping(let mapping) = sample.root?.content else { Issue.record("no mapping"); return }
    #expect(mapping.entries.map { sample.covered($0.key.range) } == ["'a b'", "c"])
  }

  @Test func `Block scalars end with their last line`() {
    #expect(covered("a: |\n  one\n  two\n\n\nb: 1\n", "a") == "|⏎  one⏎  two")
    #expect(covered("a: >-\n  one\n", "a") == ">-⏎  one")
    #expect(covered("a: |\n  one", "a") == "|⏎  one")
    #expect(covered("a: |\nb: 1\n", "a") == "|")
    #expect(covered("a: |  # note\n\n  x\n # comment\nb: 1\n", "a") == "|  # note⏎⏎  x")
  }

  @Test func `Block collections run from the first child to the last`() {
    let text = "a:\n  # note\n  b: 1\n  c:\n    - x\n    - y  # note\n\n# note\nd: 2\n"
    #expect(covered(text, "a") == "b: 1⏎  c:⏎    - x⏎    - y")
    #expect(covered(text, "a", "c") == "- x⏎    - y")
    #expect(covered("a:\n- x\n- y\nb: 1\n", "a") == "- x⏎- y")
    #expect(covered("- a: 1\n  b:\n- c\n", "0") == "a: 1⏎  b:")
  }

  @Test func `Flow collections run from bracket to bracket`() {
    #expect(covered("a: [x, {y: z}] # n\n", "a") == "[x, {y: z}]")
    #expect(covered("a: [x, {y: z} ] # n\n", "a", "1") == "{y: z}")
    #expect(covered("a: [x: y , z]\n", "a", "0") == "x: y")
    #expect(covered("a: []\n", "a") == "[]")
  }

  @Test func `Anchors and tags are no part of a node's range`() {
    #expect(covered("a: &x !!str 5 # n\n", "a") == "5")
    #expect(covered("a: &x\n  b: 1\n", "a") == "b: 1")
    #expect(covered("a: &x # note & more\n  !t\n  - b\n", "a") == "- b")
    #expect(covered("a: !t [b]\n", "a") == "[b]")
    #expect(covered("a: &x |\n  one\n\n", "a") == "|⏎  one")
    #expect(covered("a: &x\nb: 1\n", "a") == "&x")
    #expect(covered("&a k: 1\n&b l: 2\n") == "k: 1⏎&b l: 2")
  }

  @Test func `What an alias repeats keeps its own place`() {
    #expect(covered("a: &x [1]\nb: *x\n", "b") == "[1]")
    #expect(covered("a: &x [1]\nb:\n  c: *x\n", "b") == "c: *x")
  }
}
