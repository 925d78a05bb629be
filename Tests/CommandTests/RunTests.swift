import Foundation
import Testing

/// Which files `run` builds its network of.
@Suite final class RunTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "netwright-run-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try write("services: { web: { network_mode: none } }\n", to: "lab.yaml")
    try write("services: { db: { network_mode: none, profiles: [more] } }\n", to: "more.yaml")
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func write(_ text: String, to name: String) throws {
    try text.write(to: folder.appending(path: name), atomically: false, encoding: .utf8)
  }

  /// The namespaces that there are in the sandbox.
  private func namespaces(_ words: String, input: String = "") throws -> [String] {
    let outcome = try Command.run("\(words) -- ip netns list", input: input, in: folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return outcome.output.split(separator: "\n").map { String($0.prefix { $0 != " " }) }.sorted()
  }

  @Test func `one is an argument or an option, several are options`() throws {
    #expect(try namespaces("run lab.yaml") == ["web"])
    #expect(try namespaces("run -f lab.yaml") == ["web"])
    #expect(try namespaces("run -", input: "services: { piped: { network_mode: none } }\n") == ["piped"])
    #expect(try namespaces("run --profile more -f lab.yaml -f more.yaml") == ["db", "web"])
    #expect(try namespaces("run lab.yaml --prefix x") == ["x-web"])
  }

  @Test func `without one it is looked for here`() throws {
    try write("services: { found: { network_mode: none } }\n", to: "netwright.yaml")
    #expect(try namespaces("run") == ["found"])
  }

  @Test func `the options are those of the other commands`() throws {
    try write("WORD=my\n", to: "words.env")
    try write("prefix: '${WORD:-no}'\nservices: { web: { network_mode: none } }\n", to: "prefixed.yaml")
    #expect(try namespaces("run prefixed.yaml") == ["no-web"])
    #expect(try namespaces("run prefixed.yaml --env-file words.env --project-directory /tmp") == ["my-web"])
    let named = try Command.run("run lab.yaml -p mine -- true", in: folder.path)
    #expect(named.status == 0 && named.errors == "mine is up: 1 namespace\n", "\(named.errors)")
  }

  @Test func `one given both ways is a mistake, and so is no command`() throws {
    let both = try Command.run("run lab.yaml -f more.yaml -- true", in: folder.path)
    #expect(both.status == 2 && both.errors.contains("Give one file as an argument, or all by -f."))
    for words in ["run lab.yaml", "run -f lab.yaml --", "run lab.yaml more.yaml -- true"] {
      #expect(try Command.run(words, in: folder.path).status == 2, "\(words)")
    }
  }
}
