import Diagnostics
import Testing

@Suite struct JSONRendererTests {
  @Test func `Findings come with everything they have, keys sorted`() throws {
    let sources = files("a: 1\n", "b: 2\n")
    let full = Diagnostic(
      SampleCode.wrong, "it's \"wrong\" / here", at: place(1, 1, 2), caption: "this",
      labels: [.init(place(1, 4, 5, file: 1), "and that")], notes: ["so"], help: "don't")
    let bare = Diagnostic(SampleCode.odd, "é", at: nil)
    #expect(
      try JSONRenderer(sources: sources).render([full, bare]) == #"""
        {
          "diagnostics" : [
            {
              "caption" : "this",
              "code" : "NW9001",
              "file" : "a.yaml",
              "help" : "don't",
              "labels" : [
                {
                  "file" : "b.yaml",
                  "range" : {
                    "end" : {
                      "column" : 5,
                      "line" : 1
                    },
                    "start" : {
                      "column" : 4,
                      "line" : 1
                    }
                  },
                  "text" : "and that"
                }
              ],
              "message" : "it's \"wrong\" / here",
              "name" : "something-wrong",
              "notes" : [
                "so"
              ],
              "range" : {
                "end" : {
                  "column" : 2,
                  "line" : 1
                },
                "start" : {
                  "column" : 1,
                  "line" : 1
                }
              },
              "severity" : "error"
            },
            {
              "code" : "NW9002",
              "labels" : [

              ],
              "message" : "é",
              "name" : "something-odd",
              "notes" : [

              ],
              "severity" : "warning"
            }
          ],
          "summary" : {
            "errors" : 1,
            "warnings" : 1
          },
          "version" : 1
        }

        """#)
  }
}
