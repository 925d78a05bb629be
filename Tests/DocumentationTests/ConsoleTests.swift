import Foundation
import NetwrightTestSupport
import Testing

/// What the documents say that commands print.
///
/// With NETWRIGHT_RECORD=1 the outputs are written anew, and the test fails: what was written is to be read before it
/// is kept.
@Suite struct ConsoleTests {
  /// Pages whose networks need what this machine's kernel may lack.
  private static let needSecondKernel = ["docs/guide/layer-2.md"]

  /// A page is tried up to three times: on a busy machine the kernel's timers run on between one command and the next.
  @Test(arguments: try pages())
  func `commands print what the page says, and the kernel agrees`(_ page: ConsolePage) throws {
    var disagreements: [String] = []
    for _ in 1...3 {
      let session = try ConsoleSession(page, root: Products.repository)
      #expect(session.failures.isEmpty, "\(session.failures.joined(separator: "\n"))")
      try #require(session.outcomes.count == page.exchanges.count)
      if ProcessInfo.processInfo.environment["NETWRIGHT_RECORD"] == "1" {
        return try record(page, zip(page.exchanges, session.outcomes).map { Self.lines(of: $1, instead: $0) })
      }
      disagreements = zip(page.exchanges, session.outcomes).flatMap { Self.disagreements(of: $1, with: $0, on: page) }
      if disagreements.isEmpty { return }
    }
    for text in disagreements { Issue.record("\(text)") }
  }

  /// In what a command's outcome differs from what the page says, and from the kernel.
  private static func disagreements(
    of outcome: ConsoleSession.Outcome, with exchange: ConsolePage.Exchange, on page: ConsolePage
  ) -> [String] {
    let place = "\(page.path):\(exchange.lines.lowerBound): $ \(exchange.command)"
    var texts: [String] = []
    let lines = lines(of: outcome, instead: exchange)
    if lines != exchange.output { texts.append("\(place)\nprints \(lines)\nnot    \(exchange.output)") }
    // 2 is wrong usage, 3 a system that refuses, the others what a shell says of commands that it can't start.
    if [2, 3, 126, 127].contains(outcome.status) { texts.append("\(place) ends with \(outcome.status)") }
    if let onKernel = outcome.onKernel.map(masked), !needSecondKernel.contains(page.path) {
      let own = masked(outcome.output)
      if onKernel != own { texts.append("\(place)\nprints      \(own)\nthe kernel: \(onKernel)") }
    }
    return texts
  }

  @Test func `the guide's commands are compared with the kernel`() throws {
    let guide = try #require(try Self.pages().first { $0.path.hasSuffix("container-networking.md") })
    #expect(guide.exchanges.count { KernelTwin(of: $0.command) != nil } >= 20)
  }

  @Test func `a page is read as it is written`() {
    let page = ConsolePage(
      path: "page.md",
      text:
        "# Page\n```yaml\n# lab.yaml\na: 1\n```\n```console\n$ one \\\n  more\nprinted\n$ two\n```\n```sh\nthree\n```\nend\n"
    )
    let exchanges = page.exchanges
    #expect(exchanges.map(\.command) == ["one \\\n  more", "two"])
    #expect(exchanges.map(\.output) == [["printed"], []])
    #expect(page.items.count == 4)
    let text = page.text(with: [["other", "lines"], ["last"]])
    #expect(text.contains("$ one \\\n  more\nother\nlines\n$ two\nlast\n```\n```sh\nthree\n```\nend\n"))
  }

  @Test(arguments: [
    ("netwright plan", nil), ("netwright show web docker network ls", nil), ("netwright simulate 'wait 60s'", nil),
    ("netwright show web ip addr", "within web ip addr\n"),
    (
      "netwright show -f 'a b.yaml' web 'ip -6 route' --after 'ping web db'",
      "within web ping -c 1 db >/dev/null\nwithin web ip -6 route\n"
    ),
    (
      "netwright simulate 'set web eth0 down' 'ping web db -W 2'",
      "echo '$ set web eth0 down'\nwithin web ip link set dev eth0 down; sleep 2\necho '$ ping web db -W 2'\nwithin web ping -c 1 db -W 2\n"
    ),
  ])
  func `what shows the same on a kernel`(_ command: String, _ expected: String?) {
    let twin = KernelTwin(of: command)
    #expect((twin == nil) == (expected == nil))
    #expect(twin?.program.hasSuffix(expected ?? "") != false)
    if command.contains("a b") { #expect(twin?.file == "a b.yaml") }
  }

  @Test func `chance is masked, and nothing else`() {
    let table = ["02:42:ac:11:00:03 dev v2 master docker0 ", "0a:00:00:00:00:01 dev v1 master docker0 permanent"]
    let other = [
      "33:33:00:00:00:01 dev v1 self permanent", "7e:12:00:00:00:99 dev v1 master docker0 permanent",
      "02:42:ac:11:00:03 dev v2 master docker0",
    ]
    #expect(masked(table) == masked(other))
    #expect(masked(table) != masked(["02:42:ac:11:00:04 dev v2 master docker0", other[1]]))
    #expect(masked(["icmp_seq=1 ttl=64 time=0.008 ms"]) == masked(["icmp_seq=1 ttl=64 time=1.3 ms"]))
    #expect(masked(["icmp_seq=1 ttl=64 time=0.008 ms"]) != masked(["icmp_seq=1 ttl=63 time=0.008 ms"]))
  }

  /// What a command printed, or what the page says where chance alone tells the two apart.
  private static func lines(of outcome: ConsoleSession.Outcome, instead exchange: ConsolePage.Exchange) -> [String] {
    let isOnKernel = exchange.command.hasPrefix("netwright run ")
    return isOnKernel && masked(outcome.output) == masked(exchange.output) ? exchange.output : outcome.output
  }

  private func record(_ page: ConsolePage, _ outputs: [[String]]) throws {
    let text = page.text(with: outputs)
    try text.write(to: Products.repository.appending(path: page.path), atomically: true, encoding: .utf8)
    Issue.record("recorded \(page.path): read it before it is kept")
  }

  /// The documents that have `console` blocks.
  private static func pages() throws -> [ConsolePage] {
    var paths = ["README.md"]
    for folder in ["docs", "Examples"] {
      paths += try FileManager.default.subpathsOfDirectory(atPath: Products.repository.appending(path: folder).path)
        .filter {
          $0.hasSuffix(".md")
        }.map { "\(folder)/\($0)" }
    }
    return try paths.sorted().map { path in
      ConsolePage(path: path, text: try String(contentsOf: Products.repository.appending(path: path), encoding: .utf8))
    }.filter { !$0.exchanges.isEmpty }
  }
}
