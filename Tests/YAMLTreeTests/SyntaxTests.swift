import Diagnostics
import Testing
import YAMLTree

@Suite struct SyntaxTests {
  /// The only finding of a text, as `line:column message | help | labels`.
  private func finding(_ text: String) -> String? {
    let diagnostics = Sample(text).reading.diagnostics
    guard diagnostics.count == 1, let found = diagnostics.first, found.code.name == "yaml-syntax",
      let range = found.range
    else { return "\(diagnostics)" }
    let labels = found.labels.map { " | \($0.range.start.line):\($0.range.start.column) \($0.text)" }.joined()
    return "\(range.start.line):\(range.start.column) \(found.message) | \(found.help ?? "no help")\(labels)"
  }

  @Test func `Tabs in the indentation`() {
    let tab = "a tab indents this line; YAML takes only spaces | replace the tab by spaces"
    #expect(finding("a:\n\tb: 1\n") == "2:1 \(tab)")
    #expect(finding("a:\n  b: 1\n\tc: 1\n") == "3:1 \(tab)")
    #expect(finding("a:\n  \tb: 1\n") == "2:3 \(tab)")
    #expect(finding("a:\n\t- b\n") == "2:1 \(tab)")
  }

  @Test func `Colons`() {
    #expect(
      finding("a: b: c\n") == "1:5 a colon and a space inside a value without quotes | put the value in quotes")
    #expect(
      finding("image:nginx\nports: []\n")
        == "2:6 this line is indented more than the lines it belongs to, or the line above is not finished | "
        + "put a space after the colon: `image: nginx`")
    #expect(
      finding("a: 1\nimage:nginx\nb: 2\n")
        == "2:1 this line is neither a `key: value` nor a list item | put a space after the colon: `image: nginx`")
  }

  @Test func `Indentation`() {
    #expect(
      finding("a: 1\n  b: 2\n")
        == "2:4 this line is indented more than the lines it belongs to, or the line above is not finished | "
        + "keys of one mapping start in the same column")
    #expect(
      finding("s:\n  a: 1\n   b: 2\n c: 3\n")?.hasPrefix("3:5 this line is indented more") == true)
    #expect(
      finding("s:\n    a: 1\n  b: 2\n")
        == "3:3 this is indented unlike the rest of the mapping it is in | start all of a mapping in the same column "
        + "| 1:1 the mapping starts here")
  }

  @Test func `Quotes and brackets that are never closed`() {
    let quote = "this quote is never closed | add the closing quote; a quote inside double quotes is written \\\", "
    #expect(finding("a: \"open\nb: 1\n") == "1:4 \(quote)inside single quotes ''")
    #expect(finding("a: 'it's\n\n") != nil)
    #expect(
      finding("a: [1, 2\nb: 3\n")
        == "2:2 expected `,` or `]` in the list | close the list with `]`, or put a value that holds one of "
        + ", : [ ] { } in quotes | 1:4 the list starts here")
    #expect(finding("a: {b: 1\n")?.hasPrefix("2:1 expected `,` or `}` in the mapping | close the mapping") == true)
  }

  @Test func `Characters that start no value`() {
    #expect(finding("a: @b\n") == "1:4 a value can't start with this character | put the value in quotes")
    #expect(finding("a: `b`\n")?.hasPrefix("1:4 a value can't start with this character") == true)
    #expect(finding("a: \"\\d\"\n")?.hasPrefix("1:5 no such escape after the backslash") == true)
    #expect(finding("a: *\n")?.hasPrefix("1:5 an anchor or alias has no name") == true)
  }

  @Test func `Lists and mappings mixed`() {
    let help = "write all of it as `- item`, or all of it as `key: value`"
    #expect(
      finding("a:\n  - b\n  c: 1\n")
        == "3:3 a key among the items of a list | \(help) | 2:3 the list starts here")
    #expect(
      finding("a:\n  b: 1\n  - c\n")
        == "3:3 a list item among the keys of a mapping | \(help) | 2:3 the mapping starts here")
    #expect(
      finding("a: - b\n")
        == "1:4 a list item can't stand here | put the first `- ` on a line of its own, below the key; "
        + "text that starts with `-` goes in quotes")
  }

  @Test func `Text after a value, a colon or a marker left out or left in`() {
    let quotes = "put all of the value in quotes; a quote inside double quotes is written \\\", inside single quotes ''"
    #expect(finding("a: \"x \"y\"\"\n") == "1:8 there is more text after the end of this value | \(quotes)")
    #expect(finding("a: [b] c\n") == "1:8 there is more text after the end of this value | \(quotes)")
    #expect(finding("s:\n  web\n    a: 1\n")?.contains("put a colon at the end of the line above: `web:`") == true)
    #expect(finding(": x\n") == "1:1 there is no key before this colon | no help")
    #expect(
      finding("a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> other\n")
        == "2:1 a conflict between two versions of the file is left in it | keep what should stay of the two, and "
        + "remove the lines of <<<<<<<, ======= and >>>>>>>")
  }

  @Test func `Directives, tags and headers`() {
    #expect(
      finding("%FOO x\n---\na\n")?.hasPrefix("1:5 a line that starts with `%` is a directive to YAML readers") == true)
    #expect(finding("%YAML 3.0\n---\na\n")?.hasPrefix("1:1 the file is marked as neither YAML 1.1") == true)
    #expect(finding("a: !x!y z\n")?.hasPrefix("1:4 the file doesn't say what this tag's prefix stands for") == true)
    #expect(finding("a: |3x\n  y\n")?.hasPrefix("1:6 there is something else than the text's style") == true)
  }

  @Test func `Documents before the error are kept`() {
    let sample = Sample("a: 1\n---\nb: [\n")
    #expect(sample.outlines == ["{a: 1}"])
    #expect(sample.reading.diagnostics.count == 1)
  }
}
