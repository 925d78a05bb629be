import Testing

/// A document whose `console` blocks show commands and what they print.
///
/// A line that starts with `$ ` is a command (but for the steps that `netwright simulate` prints so), going on in the
/// next where it ends with a backslash or that one starts with `> `; what follows, up to the next command, is what it
/// prints. The whole page is one session, so that a command finds what those before it left: files, the folder,
/// variables. A `mermaid` block whose first line is a comment with a command is what that prints. `sh` blocks belong to
/// the session too, and so does a block whose first line is a comment with nothing but a file's name: it is that file.
struct ConsolePage: CustomTestStringConvertible, Sendable {
  /// A command, and what the page says that it prints.
  struct Exchange: Sendable {
    /// The command, of one line or several.
    var command: String
    /// The lines that it prints.
    var output: [String]
    /// Where they stand in the page.
    var lines: Range<Int>
  }

  /// What happens in the session.
  enum Item: Sendable {
    /// A file is there.
    case file(name: String, text: String)
    /// Commands of which no output is shown; they must succeed.
    case commands(String)
    /// A command whose output is shown.
    case exchange(Exchange)
  }

  /// Its path from the repository's root.
  let path: String
  let lines: [String]
  let items: [Item]

  var testDescription: String { path }

  /// Reads a page.
  ///
  /// - Parameters:
  ///   - path: its path from the root.
  ///   - text: what it says.
  init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var items: [Item] = []
    var index = 0
    while index < lines.count {
      guard lines[index].hasPrefix("```"), lines[index].count > 3 else {
        index += lines[index] == "```" ? Self.block(lines, after: index).count + 2 : 1
        continue
      }
      let language = lines[index].dropFirst(3)
      let block = Self.block(lines, after: index)
      if language == "console" {
        items += Self.exchanges(lines, block).map(Item.exchange)
      } else if language == "mermaid", let command = lines[block].first?.wholeMatch(of: /%% (netwright .+)/) {
        let picture = block.lowerBound + 1..<block.upperBound
        items.append(.exchange(Exchange(command: String(command.1), output: Array(lines[picture]), lines: picture)))
      } else if language == "sh" {
        items.append(.commands(lines[block].joined(separator: "\n")))
      } else if let name = lines[block].first?.wholeMatch(of: /# ([\w-]+\.(?:yaml|txt))/) {
        items.append(.file(name: String(name.1), text: lines[block].joined(separator: "\n") + "\n"))
      }
      index = block.upperBound + 1
    }
    self.items = items
  }

  /// The commands with output, in their order.
  var exchanges: [Exchange] {
    items.compactMap { if case .exchange(let exchange) = $0 { exchange } else { nil } }
  }

  /// The page with other outputs.
  ///
  /// - Parameter outputs: the lines that each command prints, in their order.
  /// - Returns: the text.
  func text(with outputs: [[String]]) -> String {
    var lines = lines
    for (exchange, output) in zip(exchanges, outputs).reversed() { lines.replaceSubrange(exchange.lines, with: output) }
    return lines.joined(separator: "\n")
  }

  /// The lines of a block that is opened at a line, without its fences.
  private static func block(_ lines: [String], after opening: Int) -> Range<Int> {
    let end = lines[(opening + 1)...].firstIndex(of: "```") ?? lines.count
    return opening + 1..<end
  }

  /// Whether a line is what `netwright simulate` prints before it carries out a step.
  private static func isStep(_ line: String) -> Bool {
    line.contains(#/^\$ (?:ping|traceroute|connect|trace|set|listen|wait|show) /#)
  }

  private static func exchanges(_ lines: [String], _ block: Range<Int>) -> [Exchange] {
    var exchanges: [Exchange] = []
    var index = block.lowerBound
    while index < block.upperBound {
      var command = String(lines[index].dropFirst(2))
      while index + 1 < block.upperBound, command.hasSuffix("\\") || lines[index + 1].hasPrefix("> ") {
        index += 1
        command += "\n" + (lines[index].hasPrefix("> ") ? lines[index].dropFirst(2) : lines[index][...])
      }
      let start = index + 1
      let isScenario = command.hasPrefix("netwright simulate ")
      let end =
        lines[start..<block.upperBound].firstIndex { $0.hasPrefix("$ ") && !(isScenario && isStep($0)) }
        ?? block.upperBound
      exchanges.append(Exchange(command: command, output: Array(lines[start..<end]), lines: start..<end))
      index = end
    }
    return exchanges
  }
}
