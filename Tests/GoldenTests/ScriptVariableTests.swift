import Foundation
import Netwright
import Testing

/// The variables of scripts: POSIX sh has one space of names for all functions.
@Suite struct ScriptVariableTests {
  @Test func `no function changes a variable of its caller's`() throws {
    var functions = Functions()
    for input in try Self.inputs() {
      let compilation = compile([input])
      for firewall in ScriptFirewall.allCases {
        functions.add(try #require(compilation.script(firewall: firewall), "\(input.name)"))
      }
    }
    try #require(functions.count > 60)
    #expect(functions.changes().isEmpty, "\(functions.changes().sorted())")
  }

  @Test func `what would be changed is found`() {
    var functions = Functions()
    functions.add(
      """
      shared=
      outer() {
        for name in a b; do
          if middle "$name"; then say "$name"; fi
        done
        other=1
        refuse
      }
      middle() {
        shared=1
        inner | cat
      }
      inner() {
        name=$1
      }
      refuse() {
        other=2
        exit 3
      }
      """)
    #expect(functions.changes() == ["inner changes `name` of outer"])
  }

  /// The functions of scripts.
  private struct Functions {
    /// Their bodies by name, without comments and what is only said; those of one name in different scripts together.
    private var bodies: [String: Set<String>] = [:]
    /// What stands outside of all: variables that are assigned there are everyone's.
    private var heads: Set<String> = []

    /// How many there are.
    var count: Int { bodies.count }

    /// Adds those of a script, but for the blocks that a plan's commands are in.
    mutating func add(_ script: String) {
      var (name, body, head) = ("", "", "")
      for line in script.split(separator: "\n") where !line.drop(while: { $0 == " " }).hasPrefix("#") {
        if line.hasSuffix("() {") {
          (name, body) = (String(line.dropLast(4)), "")
        } else if line == "}" {
          if !name.hasPrefix("block_") { bodies[name, default: []].insert(body) }
          name = ""
        } else if name.isEmpty {
          head += line + "\n"
        } else if !name.hasPrefix("block_") {
          body += line + "\n"
        }
      }
      heads.insert(head)
    }

    /// The text of a function, or of several of one name.
    private func text(of name: String) -> String {
      (bodies[name] ?? []).joined().replacing(/"(?:[^"\\]|\\.)*"/) { $0.output.contains("$(") ? $0.output : "" }
    }

    /// Which function changes which variable that a function it is called by, and goes on in, has assigned.
    func changes() -> Set<String> {
      let shared = assigned(in: heads.joined())
      let texts = Dictionary(uniqueKeysWithValues: bodies.keys.map { ($0, text(of: $0)) })
      let assigned = texts.mapValues { self.assigned(in: $0).subtracting(shared) }
      let called = texts.mapValues { self.called(in: $0, texts) }
      var found: Set<String> = []
      for (caller, own) in assigned {
        for callee in reached(from: caller, called) {
          for name in own.intersection(assigned[callee] ?? []) {
            found.insert("\(callee) changes `\(name)` of \(caller)")
          }
        }
      }
      return found
    }

    /// The functions that one calls, by others too.
    private func reached(from caller: String, _ called: [String: Set<String>]) -> Set<String> {
      var reached: Set<String> = []
      var open = [caller]
      while let function = open.popLast() {
        for callee in called[function] ?? [] where callee != caller && reached.insert(callee).inserted {
          open.append(callee)
        }
      }
      return reached
    }

    /// The functions that a text calls, but for those that end the script.
    private func called(in text: String, _ texts: [String: String]) -> Set<String> {
      let words = text.matches(
        of: /(?:^|[;|&(])[ \t]*(?:(?:then|do|else|if|while|until|!)[ \t]+)*([a-z_0-9]+)(?![\w=(])/
          .anchorsMatchLineEndings())
      return Set(words.map { String($0.1) }).filter { texts[$0]?.contains(/\bexit\b/) == false }
    }

    /// The variables that a text assigns.
    private func assigned(in text: String) -> Set<String> {
      let assignments = text.matches(
        of: /(?:^|[;|&(])[ \t]*(?:(?:then|do|else|if|while|until|!)[ \t]+)*([A-Za-z_]\w*)=/.anchorsMatchLineEndings())
      var names = Set(assignments.map { String($0.1) })
      for loop in text.matches(of: /\bfor (\w+) in\b/) { names.insert(String(loop.1)) }
      for read in text.matches(of: /\bread -r ([a-z_ ]+)/) {
        for name in read.1.split(separator: " ") where name != "_" { names.insert(String(name)) }
      }
      return names
    }
  }

  private static func inputs() throws -> [Input] {
    let tests = URL(filePath: #filePath).deletingLastPathComponent()
    let root = tests.deletingLastPathComponent().deletingLastPathComponent()
    return try [tests.appending(path: "Cases"), root.appending(path: "Examples")].flatMap { folder in
      try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }.sorted().map {
        Input(name: $0, bytes: Array(try Data(contentsOf: folder.appending(path: $0))))
      }
    }
  }
}
