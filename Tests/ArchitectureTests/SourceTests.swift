import Testing

/// What no source file may contain, whatever it is about.
@Suite struct SourceTests {
  /// Where pointers are handled, and why there.
  private static let unsafeFiles = [
    "Sources/YAMLTree/EventParser.swift": "libyaml's parser",
    "Sources/YAMLTree/EventEmitter.swift": "libyaml's emitter",
    "Sources/NetworkTypes/TextBuffer.swift": "the copying of words into a text",
    "Sources/Netwright/Running/SystemCalls.swift": "the system calls that swift-system lacks",
    "Sources/Netwright/Running/Heap.swift": "what is asked of the allocator",
    "Sources/Netwright/Live/LiveSockets.swift": "sockets",
  ]

  /// Files above 400 lines, and why they are one thing.
  private static let longFiles: [String: String] = [:]

  /// Files of the plan and its emitter that have a `default:` or `case _:`, and over what.
  private static let defaultFiles = [
    "Sources/Plan/Plan.swift": "bytes",
    "Sources/Plan/Iptables/NetfilterRule+Iptables.swift": "bytes",
    "Sources/ShellScript/ShellQuoting.swift": "Unicode scalars",
    "Sources/ShellScript/Runtime/RuntimeText.swift": "the words for the script's verbs",
  ]

  @Test func pointersStayInTheirFiles() throws {
    for file in try Repository.sources() where Self.unsafeFiles[file.path] == nil {
      #expect(places(in: file, matching: /\bunsafe\b/).isEmpty, "\(file.path) handles pointers")
    }
  }

  @Test func onlyYAMLTreeSeesTheCLibrary() throws {
    for file in try Repository.sources() where importedModules(file).contains("CLibYAML") {
      #expect(file.module == "YAMLTree" && Self.unsafeFiles[file.path] != nil, "\(file.path)")
    }
  }

  @Test func filesStayShort() throws {
    for file in try Repository.sources() where Self.longFiles[file.path] == nil {
      let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).count - 1
      #expect(lines <= 400, "\(file.path) has \(lines) lines: split it, or give a reason in longFiles")
    }
  }

  /// The formatter breaks code at 120 columns and leaves comments as they are.
  @Test func commentsStayNarrow() throws {
    for file in try Repository.sources() {
      for (index, line) in file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      where line.utf8.count > 120 && line.count > 120 {
        #expect(!line.trimmingPrefix(while: \.isWhitespace).hasPrefix("//"), "\(file.path):\(index + 1)")
      }
    }
  }

  @Test func switchesOverOperationsAreExhaustive() throws {
    let files = try Repository.sources().filter { ["Plan", "ShellScript"].contains($0.module) }
    try #require(files.count > 10)
    for file in files where Self.defaultFiles[file.path] == nil {
      let found = places(in: file, matching: /(?:^|[\s;{])(?:@unknown\s+)?(?:default|case\s+_)\s*:/)
      #expect(found.isEmpty, "a new operation or kind of link would slip through: \(found)")
    }
  }

  @Test func nothingTrapsOnPurpose() throws {
    for file in try Repository.sources() {
      let found = places(in: file, matching: /\btry!|\bas!|\bfatalError\(/)
      #expect(found.isEmpty, "\(found)")
    }
  }

  @Test func namesSayWhatThingsAre() throws {
    let vague = /(?:Manager|Helpers?|Utils?|Utilities)$/
    for file in try Repository.sources() {
      #expect(!file.name.dropLast(".swift".count).contains(vague), "\(file.path)")
      for line in file.code {
        let declaration = line.firstMatch(of: /\b(?:struct|class|enum|actor|protocol|typealias)\s+(\w+)/)
        if let declaration { #expect(!declaration.1.contains(vague), "\(file.path): \(declaration.1)") }
      }
    }
  }

  /// The argument parser makes the name of a command that says none by reflection, and looks for completion scripts
  /// where one doesn't say that it belongs to another, at each start of every command.
  @Test func commandsSayTheirNames() throws {
    let commands = try Repository.sources().filter { $0.text.contains(/struct \w+: ParsableCommand/) }
    try #require(commands.count > 10)
    for file in commands where file.name != "NetwrightCommand.swift" {
      #expect(file.text.contains("CommandConfiguration(\n    command: "), "\(file.path)")
    }
  }

  @Test func exceptionsAreStillNeeded() throws {
    let listed = Set(Self.unsafeFiles.keys).union(Self.longFiles.keys).union(Self.defaultFiles.keys)
    let present = Set(try Repository.sources().map(\.path))
    #expect(listed.isSubset(of: present), "not there any more: \(listed.subtracting(present).sorted())")
  }
}
