import Diagnostics
import Testing
import YAMLTree

@Suite struct YAML11Tests {
  @Test(
    arguments: [
      ("22:22", "the number 1342"), ("-1:30", "the number -90"), ("190:20:30", "the number 685230"),
      ("190:20:30.15", "the number 685230.15"), ("1:60", nil), ("02:42", nil), ("1:2:", nil), ("80:80", nil),
      ("3000:3000", nil), ("12:34:56:12:34:56", "the number 9783981296"), ("1_0:5", "the number 605"),
      ("0o17", "text"), ("017", "the number 15"), ("-017", "the number -15"), ("08", "text"), ("0", nil), ("00", nil),
      ("1_000", "the number 1000"), ("0b101", "the number 5"), ("0x1F", nil), ("-0x1F", "the number -31"),
      ("0x_1F", "the number 31"), ("12e03", "text"), ("1.5e3", "text"), ("1.5e+3", nil), ("1_0.5", "the number 10.5"),
      ("1.5", nil), (".5", nil), (".inf", nil), ("-.inf", nil), (".nan", nil), ("10.0.0.1", nil), ("1.2.3", nil),
      ("yes", "true"), ("NO", "false"), ("On", "true"), ("off", "false"), ("y", "true"), ("n", "false"), ("oN", nil),
      ("true", nil), ("null", nil), ("", nil), ("text", nil), ("5", nil), ("172.20.0.10", nil),
    ] as [(String, String?)])
  func `Readings of YAML 1.1 that differ`(text: String, expected: String?) {
    #expect(yaml11Reading(YAMLScalar(text: text, isPlain: true)) == expected)
  }

  @Test func `Quoted scalars are the same to all`() {
    #expect(yaml11Reading(YAMLScalar(text: "22:22", isPlain: false)) == nil)
  }

  @Test func `Warnings are for the forms that people stumble over`() {
    let text = """
      ports: [22:22, "23:23", 80:80, 8080:80, 127.0.0.1:22:22]
      restart: no
      on: Off
      numbers: [0o17, 017, 1_000, 0b1, 12e03, y, n, 08, 0, 0.5]
      secrets: {mode: 0440, other: 0440}
      tagged: !!str yes
      """
    #expect(
      Sample(text).findings == [
        "1:9 yaml-1-1-scalar \"22:22\"", "2:10 yaml-1-1-scalar \"no\"", "3:1 yaml-1-1-scalar \"on\"",
        "3:5 yaml-1-1-scalar \"Off\"", "4:11 yaml-1-1-scalar \"0o17\"", "4:17 yaml-1-1-scalar \"017\"",
        "5:30 yaml-1-1-scalar \"0440\"",
      ])
  }

  @Test func `A warning says both readings`() {
    #expect(
      Sample("- 22:22\n- 017\n- no\n").reading.diagnostics.map(\.message) == [
        "`22:22` is text here, but the number 1342 to readers of YAML 1.1",
        "`017` is the number 17 here, but the number 15 to readers of YAML 1.1",
        "`no` is text here, but false to readers of YAML 1.1",
      ])
  }
}
