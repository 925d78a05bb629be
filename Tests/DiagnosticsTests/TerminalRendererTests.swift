import Diagnostics
import Testing

@Suite struct TerminalRendererTests {
  private func rendered(_ sources: SourceSet, color: Bool = false, _ diagnostics: Diagnostic...) -> String {
    TerminalRenderer(sources: sources, color: color).render(diagnostics)
  }

  @Test func `A finding shows its line, its mark, notes and help`() {
    let sources = files("networks:\n  front:\n    subnet: 10.0.0.1/24\n")
    let finding = Diagnostic(
      SampleCode.wrong, "the prefix has host bits", at: place(3, 13, 24), caption: "not a network address",
      notes: ["its network is 10.0.0.0/24"], help: "write 10.0.0.0/24")
    #expect(
      rendered(sources, finding) == """
        error[NW9001 something-wrong]: the prefix has host bits
         --> a.yaml:3:13
          |
        3 |     subnet: 10.0.0.1/24
          |             ^^^^^^^^^^^ not a network address
          |
          = note: its network is 10.0.0.0/24
          = help: write 10.0.0.0/24

        1 error

        """)
  }

  @Test func `Labels stand at their lines, with a gap between lines apart`() {
    let sources = files("a: 1\nb: 2\nc: 3\nd: 4\n")
    let finding = Diagnostic(
      SampleCode.wrong, "twice", at: place(4, 1, 2), caption: "again here",
      labels: [.init(place(2, 4, 5), "a value"), .init(place(1, 1, 2), "first here")])
    #expect(
      rendered(sources, finding) == """
        error[NW9001 something-wrong]: twice
         --> a.yaml:4:1
          |
        1 | a: 1
          | - first here
        2 | b: 2
          |    - a value
        ...
        4 | d: 4
          | ^ again here

        1 error

        """)
  }

  @Test func `Marks on one line share it`() {
    let finding = Diagnostic(
      SampleCode.odd, "same", at: place(1, 5, 6), labels: [.init(place(1, 1, 4), "like this")])
    #expect(
      rendered(files("one two"), finding) == """
        warning[NW9002 something-odd]: same
         --> a.yaml:1:5
          |
        1 | one two
          | --- like this
          |     ^

        1 warning

        """)
  }

  @Test func `Labels in other files get a part of their own, and line numbers one margin`() {
    let sources = files("x: 1\n", String(repeating: "\n", count: 11) + "y: 2\n")
    let finding = Diagnostic(
      SampleCode.wrong, "elsewhere", at: place(12, 1, 2, file: 1), labels: [.init(place(1, 4, 5), "from here")])
    #expect(
      rendered(sources, finding) == """
        error[NW9001 something-wrong]: elsewhere
          --> b.yaml:12:1
           |
        12 | y: 2
           | ^
          ::: a.yaml:1:4
           |
         1 | x: 1
           |    - from here

        1 error

        """)
  }

  @Test func `A finding without a place has no lines`() {
    let finding = Diagnostic(SampleCode.fact, "so it is", at: nil, notes: ["because"])
    #expect(rendered(files(), finding) == "note[NW9003 plain-fact]: so it is\n  = note: because\n\n")
  }

  @Test func `Stretches over lines show the first, places one mark, and the end of a file none beyond`() {
    let sources = files("a:\n  - b\n")
    let long = Diagnostic(SampleCode.odd, "long", at: place(1, 1, 6, toLine: 2))
    let point = Diagnostic(SampleCode.odd, "point", at: place(1, 3, 3))
    let end = Diagnostic(SampleCode.odd, "end", at: place(3, 1, 1))
    let beyond = Diagnostic(SampleCode.odd, "beyond", at: place(9, 1, 1))
    #expect(
      rendered(sources, long, point, end, beyond) == """
        warning[NW9002 something-odd]: long
         --> a.yaml:1:1
          |
        1 | a:
          | ^^

        warning[NW9002 something-odd]: point
         --> a.yaml:1:3
          |
        1 | a:
          |   ^

        warning[NW9002 something-odd]: end
         --> a.yaml:3:1
          |
        3 |
          | ^

        warning[NW9002 something-odd]: beyond
         --> a.yaml:9:1
          |

        4 warnings

        """)
  }

  @Test func `Tabs, wide and combining characters keep the marks in place`() {
    let sources = files("a\tb: 名前 x\nu\u{308}: x\n")
    #expect(
      rendered(sources, Diagnostic(SampleCode.odd, "x", at: place(1, 9, 10)))
        .contains("1 | a   b: 名前 x\n  |             ^\n"))
    #expect(
      rendered(sources, Diagnostic(SampleCode.odd, "x", at: place(2, 5, 6))).contains("2 | u\u{308}: x\n  |    ^\n"))
    #expect(
      rendered(sources, Diagnostic(SampleCode.odd, "x", at: place(1, 6, 8)))
        .contains("1 | a   b: 名前 x\n  |        ^^^^\n"))
  }

  @Test func `No control character of the input reaches the terminal`() {
    var sources = SourceSet()
    _ = sources.add(SourceText(name: "e\u{1B}[2J.yaml", bytes: Array("k: \u{1B}]0;x\u{7} \u{202E}z \u{9B}1m\n".utf8)))
    let finding = Diagnostic(
      SampleCode.wrong, "bad \u{1B}[31m name\n", at: place(1, 4, 5), caption: "\u{8}\u{8}",
      labels: [.init(place(1, 11, 12), "\r")], notes: ["\u{200B}"], help: "\u{2028}")
    #expect(
      rendered(sources, finding) == #"""
        error[NW9001 something-wrong]: bad \u{1b}[31m name\u{a}
         --> e\u{1b}[2J.yaml:1:4
          |
        1 | k: \u{1b}]0;x\u{7} \u{202e}z \u{9b}1m
          |    ^^^^^^ \u{8}\u{8}
          |                    -------- \u{d}
          |
          = note: \u{200b}
          = help: \u{2028}

        1 error

        """#)
  }

  @Test func `Long lines are shown around the mark`() {
    let line = String(repeating: "abcdefghij", count: 100)
    let middle = rendered(files(line), Diagnostic(SampleCode.odd, "x", at: place(1, 501, 504)))
    let shown = String(repeating: "abcdefghij", count: 10)
    #expect(middle.contains("1 | ...\(shown)...\n  | \(String(repeating: " ", count: 43))^^^\n"))
    let start = rendered(files(line), Diagnostic(SampleCode.odd, "x", at: place(1, 1, 1000)))
    #expect(start.contains("1 | \(shown)...\n  | \(String(repeating: "^", count: 100))\n"))
    let end = rendered(files(line), Diagnostic(SampleCode.odd, "x", at: place(1, 1000, 1001)))
    #expect(end.contains("1 | ...\(shown)\n  | \(String(repeating: " ", count: 102))^\n"))
  }

  @Test func `Colours are for the head, the frame and the marks`() {
    let finding = Diagnostic(SampleCode.wrong, "no", at: place(1, 1, 2), labels: [.init(place(1, 3, 4), "l")])
    #expect(
      rendered(files("abc"), color: true, finding).replacing("\u{1B}", with: "%") == """
        %[1;31merror[NW9001 something-wrong]%[0m%[1m: no%[0m
         %[1;34m--> %[0ma.yaml:1:1
          %[1;34m|%[0m
        %[1;34m1 |%[0m abc
          %[1;34m|%[0m %[1;31m^%[0m
          %[1;34m|%[0m   %[1;34m- l%[0m

        1 error

        """)
  }

  @Test func `Nothing is rendered as nothing, and counts agree in number`() {
    #expect(rendered(files()) == "")
    let wrong = Diagnostic(SampleCode.wrong, "x", at: nil)
    let odd = Diagnostic(SampleCode.odd, "x", at: nil)
    #expect(rendered(files(), wrong, odd, wrong).hasSuffix("\n2 errors, 1 warning\n"))
  }
}
