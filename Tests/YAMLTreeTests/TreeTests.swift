import Diagnostics
import Testing
import YAMLTree

@Suite struct TreeTests {
  @Test func `Block and flow styles give the same tree`() {
    let block = Sample("a: 1\nb:\n  - x\n  - 'y'\nc:\n  d: {}\n")
    let flow = Sample("{a: 1, b: [x, 'y'], c: {d: {}}}")
    #expect(block.outlines == ["{a: 1, b: [x, \"y\"], c: {d: {}}}"])
    #expect(flow.outlines == block.outlines)
    #expect(block.findings == [] && flow.findings == [])
  }

  @Test func `Documents are read in order, and empty ones left out`() {
    #expect(Sample("---\na: 1\n---\n# nothing\n---\n- b\n...\n").outlines == ["{a: 1}", "[b]"])
    #expect(Sample("").outlines == [])
    #expect(Sample("# only a comment\n").outlines == [])
    #expect(Sample("''").outlines == ["\"\""])
  }

  @Test func `Tags are kept and resolved`() {
    let sample = Sample("a: !reset null\nb: !!str 5\nc: !override [1]\nd: !<tag:example.org,2026:x> y\n")
    #expect(
      sample.outlines == [
        "{a: !<!reset> null, b: !<tag:yaml.org,2002:str> 5, c: !<!override> [1], d: !<tag:example.org,2026:x> y}"
      ])
  }

  @Test func `Aliases repeat their anchor's node, the latest of a name above`() {
    let sample = Sample("a: &x 1\nb: *x\nc: &x [2, *x]\nd: &x {k: &x v, l: *x}\ne: *x\n")
    #expect(sample.outlines == ["{a: 1, b: 1, c: [2], d: {k: v, l: v}, e: v}"])
    #expect(sample.findings == ["3:11 recursive-alias \"*x\""])
  }

  @Test func `An anchor ends with its document`() {
    let sample = Sample("- &a 1\n---\n- *a\n")
    #expect(sample.outlines == ["[1]", "[]"])
    #expect(sample.findings == ["3:3 undefined-alias \"*a\""])
  }

  @Test func `Aliases and anchors can be keys`() {
    #expect(Sample("&k name: 1\nother: {*k : 2}\n").outlines == ["{name: 1, other: {name: 2}}"])
  }

  @Test func `Sizes count every node as often as it is used`() {
    let sample = Sample("a: &x [1, {k: v}]\nb: *x\nc:\n  <<: {p: 1, q: *x}\n  p: 2\n")
    #expect(sample.root?.size == sample.root?.countedSize)
    // a and its value 1 + (1 + 1 + 3), b the same, c: 1 + (1 + 2 + (1 + 5)); and the root.
    #expect(sample.root?.size == 1 + 6 + 6 + 10)
  }

  @Test func `Block scalars keep their folding and chomping`() {
    let sample = Sample("a: |\n  one\n  two\n\nb: >-\n  one\n  two\nc: |+\n  x\n\n")
    #expect(sample.outlines == [#"{a: "one\ntwo\n", b: "one two", c: "x\n\n"}"#])
  }

  @Test func `Both ends of line are taken`() {
    #expect(Sample("a: 1\r\nb:\r\n  - x\r\n").outlines == ["{a: 1, b: [x]}"])
    #expect(Sample("a:\t1\nb: [ x,\ty ]\t# note\n").outlines == ["{a: 1, b: [x, y]}"])
  }
}
