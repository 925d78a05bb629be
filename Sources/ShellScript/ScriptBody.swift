import Plan

/// The commands of a script in the making: the functions that hold the texts, and `apply`, which runs them in order.
///
/// In the fast style consecutive lines for one tool in one place make a block, one process. The order of lines is never
/// changed.
struct ScriptBody {
  /// The style.
  let style: ScriptOptions.Style
  /// The functions that hold what tools are fed with.
  private(set) var blocks = ""
  /// The inside of the function that runs them.
  private(set) var apply = ""
  /// The programs it needs beside `ip`, in the order of their first use.
  private(set) var tools: [String] = []

  /// The functions of the runtime that it calls.
  private(set) var parts: Set<RuntimePart> = []

  /// The block in the making.
  private struct OpenBlock {
    var tool: Tool
    var place: Place
    /// What `apply` does before it.
    var preparation: String
    /// Whether it makes devices, which may be in other namespaces.
    var makesLinks = false
  }

  private var open: OpenBlock?
  private var lanes = Lanes()
  private var hasNewNamespaces = false
  private var blockCount = 0
  private var percent = 0
  private var shownPercent = 0
  private var origin: Origin?
  private var isOriginWritten = false

  /// Creates an empty body.
  init(style: ScriptOptions.Style, capacity: Int) {
    self.style = style
    switch style {
    case .fast: blocks.reserveCapacity(capacity)
    case .plain: apply.reserveCapacity(capacity)
    }
  }

  /// A number that tells plans apart: FNV-1a (64 bits) of the commands without comments and assignments of `origin`, so
  /// that a line added to the file above a service makes no other plan.
  var digest: String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for (text, isApply) in [(blocks, false), (apply, true)] {
      let bytes = text.utf8Span.span
      var atLineStart = true
      var isSkipped = false
      for index in bytes.indices {
        let byte = bytes[index]
        if atLineStart { isSkipped = byte == UInt8(ascii: "#") || (isApply && byte == UInt8(ascii: "o")) }
        atLineStart = byte == UInt8(ascii: "\n")
        if !isSkipped { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      }
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Says what the following lines come from.
  mutating func setOrigin(_ new: Origin) {
    if let origin, origin.line == new.line, origin.subject == new.subject, origin.file == new.file { return }
    origin = new
    isOriginWritten = false
  }

  /// Adds a line.
  mutating func add(_ line: ToolLine) {
    if let program = line.tool.program { need(program) }
    switch style {
    case .fast: addToBlock(line)
    case .plain: addCommand(line)
    }
  }

  /// Notes that a program is used.
  mutating func need(_ program: String) {
    if !tools.contains(program) { tools.append(program) }
  }

  /// Notes that a function of the runtime is called.
  mutating func use(_ part: RuntimePart) {
    parts.insert(part)
    for other in part.needs { use(other) }
  }

  /// Says how much of the plan has been written: shown, while the script runs, before the next block.
  mutating func setProgress(_ done: Int, of total: Int) { percent = done * 100 / max(total, 1) }

  private mutating func progressCall() -> String {
    guard percent >= shownPercent + 5 else { return "" }
    shownPercent = percent
    use(.progress)
    return "progress \(percent)\n"
  }

  /// Ends the block in the making.
  mutating func finish() {
    closeBlock()
    append("")
  }

  /// Adds a command of `apply` that stands by itself, the same in both styles.
  mutating func addCall(_ command: String) {
    closeBlock()
    addToApply(command)
  }

  /// Adds lines of text to be fed to a command of `apply`.
  ///
  /// - Parameters:
  ///   - lines: The text.
  ///   - command: The command that reads it.
  ///   - summary: The command in short, for the message when it fails.
  ///   - place: The one namespace that the command concerns; the host for all others.
  mutating func addText(_ lines: [String], to command: String, summary: String, in place: Place = .host) {
    closeBlock()
    let delimiter = ShellQuoting.delimiter(for: lines)
    let text = lines.reduce(into: "") { $0 += $1 + "\n" }
    switch style {
    case .fast:
      blockCount += 1
      use(.failed)
      if let origin { blocks += origin.comment }
      blocks += "block_\(blockCount)() {\n\(command) <<'\(delimiter)'\n\(text)\(delimiter)\n}\n"
      let call = originAssignment + "block_\(blockCount) || failed '' \(summary)\n"
      if place == .host { append(call) } else { lanes.add(call, in: place) }
    case .plain:
      addToApply("\(command) <<'\(delimiter)'\n\(text)\(delimiter)")
    }
  }

  /// Writes a command into `apply`; in the plain style after what it comes from, which is then known when it fails.
  private mutating func addToApply(_ command: String) {
    if style == .plain, !isOriginWritten {
      append("\n" + originAssignment)
      isOriginWritten = true
    }
    append(command)
    append("\n")
  }

  /// Has the script know what the next command comes from.
  private var originAssignment: String { origin.map { "origin=\(ShellQuoting.word($0.label))\n" } ?? "" }

  /// Adds a line as a command by itself.
  private mutating func addCommand(_ line: ToolLine) {
    if !line.addsNamespace { closeBlock() }
    addToApply(line.tool.prefix(in: line.place) + line.text)
    hasNewNamespaces = line.addsNamespace
    if let record = line.record {
      use(.record)
      addToApply(record)
    }
  }
}

// MARK: - The fast style

extension ScriptBody {
  private mutating func addToBlock(_ line: ToolLine) {
    let record = line.record
    if record != nil || open == nil || open?.tool != line.tool || open?.place != line.place {
      closeBlock()
      // The tools tell which line failed; a shell doesn't always.
      let preparation = progressCall() + (line.tool == .sysctl ? originAssignment : "")
      blockCount += 1
      let reader = line.tool.isRuntimeFunction(in: line.place) ? line.tool.blockCommand(in: line.place) : "\"$@\""
      blocks += "block_\(blockCount)() {\n\(reader) <<'END'\n"
      open = OpenBlock(tool: line.tool, place: line.place, preparation: preparation)
      isOriginWritten = false
    }
    if !isOriginWritten, let origin {
      blocks += origin.comment
      isOriginWritten = true
    }
    blocks += line.text
    blocks += "\n"
    if line.addsNamespace { hasNewNamespaces = true }
    if line.text.hasPrefix("link add ") { open?.makesLinks = true }
    if let record {
      closeBlock()
      use(.record)
      append("\(record)\n")
    }
  }

  /// Ends the block in the making, if any, and has the identities of namespaces recorded when it has made some.
  private mutating func closeBlock() {
    if let open {
      use(.failed)
      let command = open.tool.blockCommand(in: open.place)
      blocks += "END\n}\n"
      var call = open.preparation
      if open.tool.isRuntimeFunction(in: open.place) {
        use(.writeSysctls)
        call += "block_\(blockCount) || failed '' \(command)\n"
      } else {
        call += "block_\(blockCount) \(command) || failed block_\(blockCount) \(command)\n"
      }
      if open.place != .host, !open.makesLinks {
        lanes.add(call, in: open.place)
      } else {
        append(call)
      }
      isOriginWritten = false
    }
    open = nil
    if hasNewNamespaces {
      use(.recordNamespaces)
      append("record_namespaces\n")
    }
    hasNewNamespaces = false
  }

  /// Adds to `apply`, after what waits to be run in lanes.
  private mutating func append(_ commands: String) {
    if !lanes.isEmpty {
      if lanes.isWorthwhile { use(.lanes) }
      lanes.flush(into: &apply)
    }
    apply += commands
  }
}
