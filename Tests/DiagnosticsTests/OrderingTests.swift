import Diagnostics
import Testing

@Suite struct OrderingTests {
  @Test func `Findings come in the order of their places, each once`() {
    let noPlace = Diagnostic(SampleCode.wrong, "whole", at: nil)
    let early = Diagnostic(SampleCode.odd, "early", at: place(1, 2, 3))
    let coded = Diagnostic(SampleCode.wrong, "early", at: place(1, 2, 3))
    let late = Diagnostic(SampleCode.wrong, "late", at: place(2, 1, 1))
    let other = Diagnostic(SampleCode.wrong, "other", at: place(1, 1, 1, file: 1))
    #expect(ordered([other, late, early, late, coded, noPlace]) == [noPlace, coded, early, late, other])
  }

  @Test func `Findings that differ in more than their message are both kept`() {
    let plain = Diagnostic(SampleCode.wrong, "x", at: place(1, 1, 1))
    let helped = Diagnostic(SampleCode.wrong, "x", at: place(1, 1, 1), help: "y")
    #expect(ordered([plain, helped, plain]).count == 2)
  }

  @Test func `Suggestions are near enough to be meant`() {
    let names = ["networks", "services", "ports", "expose"]
    #expect(suggestion(for: "network", among: names) == "networks")
    #expect(suggestion(for: "Netwroks", among: names) == "networks")
    #expect(suggestion(for: "prots", among: names) == "ports")
    #expect(suggestion(for: "volumes", among: names) == nil)
    #expect(suggestion(for: "", among: names) == nil)
    #expect(suggestion(for: "ab", among: ["ax", "ay"]) == "ax")
    #expect(suggestion(for: "c", among: ["a", "b"]) == nil)
    // The beginning of one name alone.
    #expect(suggestion(for: "Proto", among: ["port", "protocol"]) == "protocol")
    #expect(suggestion(for: "net", among: ["network_mode", "networks"]) == nil)
    #expect(suggestion(for: "pr", among: ["protocol"]) == nil)
  }
}
