import Diagnostics
import Testing
import YAMLTree

@Suite struct LimitTests {
  @Test func `An alias bomb stops at the limit`() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...40 {
      let aliases = repeatElement("*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    let sample = Sample(text)
    // Level n has 11…1 nodes, n + 2 ones: levels 0 to 5 have 1 234 566 together, and the third alias of level 6 adds
    // 1 111 111 for the third time, which passes 4 000 000.
    #expect(sample.findings == ["7:20 too-many-nodes \"*a5\""])
    #expect(sample.outlines == [])
  }

  @Test func `A bomb of merge keys stops at the limit`() {
    var text =
      "- &m0 {\(repeatElement(0, count: 10).enumerated().map { "k\($0.offset): v" }.joined(separator: ", "))}\n"
    for level in 1...40 {
      let aliases = repeatElement("*m\(level - 1)", count: 10).joined(separator: ", ")
      text += "- &m\(level) {<<: [\(aliases)], n: [\(aliases)]}\n"
    }
    #expect(Sample(text).reading.diagnostics.map(\.code.name) == ["too-many-nodes"])
  }

  @Test func `Exactly the limit is allowed`() {
    var limits = YAMLLimits()
    limits.nodes = 6  // two collections and four scalars
    #expect(Sample("[a, b: c]", limits: limits).findings == [])
    #expect(Sample("[a, b: c, d]", limits: limits).findings == [])
    #expect(Sample("[a, b: c, d, e]", limits: limits).findings == ["1:14 too-many-nodes \"e\""])
    limits.depth = 2
    #expect(Sample("[[a]]", limits: limits).findings == [])
    #expect(Sample("[[[a]]]", limits: limits).findings == ["1:3 too-deep \"[\""])
  }

  @Test(arguments: ["[", "{a: ", "- ", "? ", "[? "]) func `Deep nesting stops at the limit`(
    opening: String
  ) {
    let sample = Sample(String(repeating: opening, count: 10_000))
    #expect(sample.reading.diagnostics.map(\.code.name) == ["too-deep"])
  }

  @Test func `Nesting through aliases counts`() {
    var limits = YAMLLimits()
    limits.depth = 5
    #expect(Sample("- &a [[[1]]]\n- *a\n- [*a]\n", limits: limits).findings == [])
    #expect(Sample("- &a [[[1]]]\n- [[*a]]\n", limits: limits).findings == ["2:5 too-deep \"*a\""])
    #expect(Sample("- &a [[[1]]]\n- &b [*a]\n- [*b]\n", limits: limits).findings == ["3:4 too-deep \"*b\""])
  }

  @Test func `A file that is too large is not read`() {
    let bytes = [UInt8](repeating: UInt8(ascii: "["), count: 100 << 20)
    let sample = Sample(bytes: bytes)
    #expect(sample.findings == ["too-large"])
  }

  @Test func `Documents before a limit are kept`() {
    var limits = YAMLLimits()
    limits.depth = 1
    #expect(Sample("a: 1\n---\na: {b: 1}\n", limits: limits).outlines == ["{a: 1}"])
  }
}
