import Foundation
import NetwrightTestSupport

/// A page's session, run from top to bottom in a folder of its own that has a copy of Examples.
struct ConsoleSession {
  /// What came of a command.
  struct Outcome {
    /// What it wrote, to either stream.
    let output: [String]
    let status: Int32
    /// What its twin printed on the running kernel, where it has one; why there is nothing, where it came to nothing.
    let onKernel: [String]?
  }

  /// Of each command with output, in their order.
  let outcomes: [Outcome]
  /// The commands without that failed, each with what it wrote.
  let failures: [String]

  /// Runs a page's session.
  ///
  /// - Parameters:
  ///   - page: the page.
  ///   - root: the repository.
  /// - Throws: when the folder can't be made or the shell can't be started.
  init(_ page: ConsolePage, root: URL) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "netwright-session-\(UUID().uuidString)")
    let stage = folder.appending(path: "stage")
    let home = folder.appending(path: "netwright")
    for url in [stage, home] { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.copyItem(at: root.appending(path: "Examples"), to: home.appending(path: "Examples"))

    var script = "export STAGE=\(quoted(stage.path)) LC_ALL=C.UTF-8 NO_COLOR=1\nexec </dev/null\n"
    for (number, item) in page.items.enumerated() {
      switch item {
      case .file(let name, let text):
        try Data(text.utf8).write(to: stage.appending(path: "\(number).file"))
        script += "cp \"$STAGE/\(number).file\" \(name)\n"
      case .commands(let text): script += Self.step(number, text)
      case .exchange(let exchange):
        script += Self.step(number, exchange.command)
        guard let twin = KernelTwin(of: exchange.command) else { continue }
        try Data(twin.program.utf8).write(to: stage.appending(path: "\(number).twin"))
        let file = twin.file.map(quoted) ?? "$(ls netwright.yaml compose.yaml 2>/dev/null | head -n 1)"
        script += """
          while [ "$(jobs -rp | wc -l)" -ge 3 ]; do wait -n; done
          netwright run \(file) -- bash -c 'bash "$STAGE/\(number).twin" >"$STAGE/\(number).kernel" 2>&1' \
            >"$STAGE/\(number).up" 2>&1 &

          """
      }
    }
    let outcome = try Products.run("bash", ["-c", script + "wait\n"], in: home, seconds: 240)
    let complaints = outcome.status == 124 || outcome.status == 137 ? ["the session took too long"] : []

    func read(_ name: String) -> [String]? {
      guard let data = try? Data(contentsOf: stage.appending(path: name)) else { return nil }
      let text = String(decoding: data, as: UTF8.self)
      return text.isEmpty
        ? [] : text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
    var (outcomes, failures): ([Outcome], [String]) = ([], complaints)
    for (number, item) in page.items.enumerated() {
      let status = read("\(number).status")?.first.flatMap(Int32.init) ?? 255
      let output = read("\(number).output") ?? []
      switch item {
      case .file: break
      case .commands(let text):
        if status != 0 { failures.append("\(text)\n\(output.joined(separator: "\n"))") }
      case .exchange:
        outcomes.append(
          Outcome(
            output: output.map(\.withoutTrailingSpace), status: status,
            onKernel: read("\(number).kernel") ?? read("\(number).up")))
      }
    }
    (self.outcomes, self.failures) = (outcomes, failures)
  }

  /// A step of the session: in the session's own shell, its output in a file.
  private static func step(_ number: Int, _ text: String) -> String {
    "{\n\(text)\n} >\"$STAGE/\(number).output\" 2>&1; echo $? >\"$STAGE/\(number).status\"\n"
  }
}

extension String {
  /// iproute2 ends many a line with a space, which editors take away.
  fileprivate var withoutTrailingSpace: String {
    String(self[..<(lastIndex { !$0.isWhitespace }.map(index(after:)) ?? startIndex)])
  }
}
