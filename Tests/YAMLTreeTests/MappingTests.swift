import Diagnostics
import Testing
import YAMLTree

@Suite struct MappingTests {
  @Test func `A merged mapping's entries come after the written ones and lose to them`() {
    #expect(Sample("a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3, z: 4}\n").root?["b"]?.outline == "{y: 3, z: 4, x: 1}")
    #expect(Sample("{y: 3, <<: {x: 1, y: 2}}").outlines == ["{y: 3, x: 1}"])
  }

  @Test func `Earlier mappings of a list win`() {
    let sample = Sample("- &a {x: 1}\n- &b {x: 2, y: 2}\n- <<: [*a, *b, {z: 3}]\n- <<: [*b, *a]\n")
    #expect(sample.root?["2"]?.outline == "{x: 1, y: 2, z: 3}")
    #expect(sample.root?["3"]?.outline == "{x: 2, y: 2}")
    #expect(sample.findings == [])
  }

  @Test func `Merging merges what was merged`() {
    let sample = Sample("a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b}\n")
    #expect(sample.root?["c"]?.outline == "{y: 2, x: 1}")
  }

  @Test func `A merge key in quotes is an ordinary key`() {
    #expect(Sample("{'<<': 1, \"a\": 2}").outlines == ["{<<: 1, a: 2}"])
    #expect(Sample("{!!str <<: 1}").outlines == ["{<<: 1}"])
  }

  @Test func `Merging anything but mappings is an error`() {
    #expect(Sample("a: 1\n<<: text\n").findings == ["2:5 bad-merge-key \"text\""])
    let list = Sample("<<: [{a: 1}, 2]\n")
    #expect(list.findings == ["1:5 bad-merge-key \"[{a: 1}, 2]\""])
    #expect(list.outlines == ["{a: 1}"])
    #expect(Sample("<<: {a: 1}\nb: 2\n<<: {c: 3}\n").findings == ["3:1 duplicate-key \"<<\""])
  }

  @Test func `A doubled key is an error at the second place, with the first beside it`() throws {
    let sample = Sample("a: 1\nb:\n  c: 1\n  'c': 2\na: 3\n")
    #expect(sample.findings == ["4:3 duplicate-key \"'c'\"", "5:1 duplicate-key \"a\""])
    let label = try #require(sample.reading.diagnostics.last?.labels.first)
    #expect(label.text == "first defined here")
    #expect(label.range.start == SourcePosition(line: 1, column: 1))
    #expect(sample.outlines == ["{a: 1, b: {c: 1}}"])
  }

  @Test(arguments: [15, 16, 17, 18, 100]) func `Every doubled key of a large mapping is found`(count: Int) {
    let keys = (0..<count).map { "key\($0): 1\n" }.joined()
    #expect(Sample(keys).findings == [])
    let doubled = Sample(keys + keys)
    #expect(doubled.findings.count == count)
    #expect(doubled.reading.diagnostics.map { $0.labels.first?.range.start.line } == (1...count).map { Int32($0) })
  }

  @Test func `A list or mapping as a key is an error, and its value is left out`() {
    let sample = Sample("a: 1\n? [x, y]\n: gone\nb: {{ name }}\nc: 2\n")
    #expect(sample.findings == ["2:3 non-scalar-key \"[x, y]\"", "4:5 non-scalar-key \"{ name }\""])
    #expect(sample.outlines == ["{a: 1, b: {}, c: 2}"])
  }

  @Test func `An alias without an anchor is an error and is left out`() {
    let sample = Sample("base: &base {x: 1}\na: *bsae\nb: [*base, *none]\n<<: *gone\n*nokey : 1\n")
    #expect(
      sample.findings == [
        "2:4 undefined-alias \"*bsae\"", "3:12 undefined-alias \"*none\"", "4:5 undefined-alias \"*gone\"",
        "5:1 undefined-alias \"*nokey\"",
      ])
    #expect(sample.reading.diagnostics.first?.help == "did you mean `*base`?")
    #expect(sample.outlines == ["{base: {x: 1}, b: [{x: 1}]}"])
  }

  @Test func `An alias inside its own anchor is an error, not a loop`() {
    let sample = Sample("a: &a\n  b: *a\n  c: &c [*c, 1]\n  <<: *a\n")
    #expect(
      sample.findings == [
        "2:6 recursive-alias \"*a\"", "3:10 recursive-alias \"*c\"", "4:7 recursive-alias \"*a\"",
      ])
    #expect(sample.outlines == ["{a: {c: [1]}}"])
  }
}
