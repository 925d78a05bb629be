import Plan

/// The commands of a script in the making: the functions that hold the texts, and `apply`, which runs them in order.
///
/// In the fast style consecutive lines for one tool in one place make a block, one process. The order of lines is never
/// changed, but for lines of different namespaces that know nothing of each other: see `Schedule`.
///
/// Its texts are large, and have room for more: nothing may copy it.
struct ScriptBody: ~Copyable {
  /// The style.
  let style: ScriptOptions.Style
  /// The functions that hold what tools are fed with.
  private(set) var blocks = ShellText()
  /// The inside of the function that runs them.
  private(set) var apply = ShellText()
  /// The start of it: the lane that writes files, where there are lanes.
  private(set) var fileLane = ShellText()
  /// The commands that write files, which nothing else waits for.
  private var fileCommands = ShellText()
  /// The programs it needs beside `ip`, in the order of their first use.
  private(set) var tools: [String] = []

  /// The functions of the runtime that it calls.
  private(set) var parts: [RuntimePart] = []

  /// The block in the making.
  private struct OpenBlock {
    let command: Tool.BlockCommand
    /// What `apply` does before it.
    let preparation: ShellText
    /// The places other than its own that its lines put devices into.
    var reached: [Place] = []
    /// The number of its lines that do.
    var reachingCount = 0

    /// Whether a line is for the same command.
    func takes(_ line: borrowing ToolLine) -> Bool { command.tool == line.tool && command.place == line.place }
  }

  private var open: OpenBlock?
  private var schedule: Schedule
  /// After this many lines that reach into other namespaces a block ends, so that what concerns those can begin.
  private let stageLength: Int
  private var hasNewNamespaces = false
  private var blockCount = 0
  private var percent = 0
  private var shownPercent = 0
  private var origin: Origin?
  private var isOriginWritten = false
  private var labels = WrittenLabels()

  /// Creates an empty body.
  init(style: ScriptOptions.Style, _ context: PlanContext, capacity: Int) {
    self.style = style
    schedule = Schedule(namespaces: context.namespaces)
    stageLength = Schedule.stageLength(pairCount: context.pairCount)
    switch style {
    case .fast:
      blocks.reserveCapacity(capacity)
      apply.reserveCapacity(capacity / 3)
    case .plain: apply.reserveCapacity(capacity)
    }
  }

  /// Says what the following lines come from.
  mutating func setOrigin(_ new: Origin) {
    if let origin, origin.hasSameLabel(as: new) { return }
    origin = new
    isOriginWritten = false
  }

  /// Adds a line; its text, in words of the safe alphabet (a `sysctl` line may hold quoted words), is written by a
  /// function.
  mutating func add(_ line: borrowing ToolLine, _ write: (inout ShellText) -> Void) {
    if let program = line.tool.program { need(program) }
    switch style {
    case .fast: addToBlock(line, write)
    case .plain: addCommand(line, write)
    }
  }

  /// Notes that a program is used.
  mutating func need(_ program: String) {
    if !tools.contains(program) { tools.append(program) }
  }

  /// Notes that a function of the runtime is called.
  mutating func use(_ part: RuntimePart) {
    guard !parts.contains(part) else { return }
    parts.append(part)
    for other in part.needs { use(other) }
  }

  /// Says how much of the plan has been written: shown, while the script runs, before the next block.
  mutating func setProgress(_ done: Int, of total: Int) { percent = done * 100 / max(total, 1) }

  private mutating func progressCall(in place: Place) -> ShellText {
    guard place == .host, percent >= shownPercent + 5 else { return ShellText() }
    shownPercent = percent
    use(.progress)
    return "progress \(percent)\n"
  }

  /// Ends the block in the making.
  mutating func finish() {
    closeBlock()
    finishSchedule()
    if schedule.hasLanes, !fileCommands.isEmpty {
      Schedule.writeLane(0, to: &fileLane) { $0 += fileCommands }
    } else {
      apply += fileCommands
    }
  }

  /// Adds a command of `apply` that stands by itself, the same in both styles.
  mutating func addCall(_ command: ShellText) {
    closeBlock()
    finishSchedule()
    addToApply(command)
  }

  /// Adds a command that makes way for files.
  mutating func addFileCall(_ command: ShellText) {
    closeBlock()
    switch style {
    case .fast: fileCommands.append(command, "\n")
    case .plain: addToApply(command)
    }
  }

  /// Adds lines of text to be fed to a command of `apply`.
  ///
  /// - Parameters:
  ///   - lines: The text.
  ///   - command: The command that reads it.
  ///   - summary: The command in short, for the message when it fails.
  ///   - place: What the command concerns; nil for files, which nothing else waits for.
  mutating func addText(_ lines: [String], to command: ShellText, summary: ShellText, in place: Place?) {
    closeBlock()
    let delimiter = ShellQuoting.delimiter(for: lines)
    var text = ShellText()
    for line in lines { text.append(line, "\n") }
    switch style {
    case .fast:
      blockCount += 1
      use(.failed)
      writeComment()
      blocks.append("block_", blockCount, "() {\n", command, " <<'", delimiter, "'\n", text, delimiter, "\n}\n")
      let call: ShellText = "\(originAssignment)block_\(blockCount) || failed '' \(summary)\n"
      switch place {
      case nil: fileCommands += call
      case .host: schedule.addStage(.text(call), reaching: [], to: &apply)
      case .namespace(let name): schedule.addCommand(.text(call), in: .namespace(name), percent: percent)
      }
    case .plain:
      addToApply("\(command) <<'\(delimiter)'\n\(text)\(delimiter)")
    }
  }

  /// Writes a command into `apply`; in the plain style after what it comes from, which is then known when it fails.
  private mutating func addToApply(_ command: ShellText) {
    if style == .plain, !isOriginWritten {
      apply.append("\n", originAssignment)
      isOriginWritten = true
    }
    apply.append(command, "\n")
  }

  /// Has the script know what the next command comes from.
  private var originAssignment: ShellText { origin.map { "origin=\(ShellQuoting.word($0.label))\n" } ?? "" }

  /// Adds a line as a command by itself.
  private mutating func addCommand(_ line: borrowing ToolLine, _ write: (inout ShellText) -> Void) {
    if line.product != .namespace { closeBlock() }
    var command = line.tool.prefix(in: line.place)
    write(&command)
    let record = line.record
    if record != nil {
      use(.record)
      addToApply("hold_signals")
    }
    addToApply(command)
    hasNewNamespaces = line.product == .namespace
    if let record { addToApply("\(record)\nrelease_signals") }
  }
}

// MARK: - The fast style

extension ScriptBody {
  private mutating func addToBlock(_ line: borrowing ToolLine, _ write: (inout ShellText) -> Void) {
    let record = line.record
    if record != nil || !isOpen(for: line) { openBlock(line) }
    if !isOriginWritten, origin != nil {
      writeComment()
      isOriginWritten = true
    }
    write(&blocks)
    blocks.append("\n")
    switch line.product {
    case .namespace: hasNewNamespaces = true
    case .links(let one, let other): noteReached(one, other, from: line.place)
    case nil: break
    }
    if let record {
      closeBlock()
      schedule.addStage(.text("\(record)\nrelease_signals\n"), reaching: [], to: &apply)
    }
  }

  /// Whether the block in the making takes a line.
  private func isOpen(for line: borrowing ToolLine) -> Bool {
    guard let open else { return false }
    return open.takes(line) && open.reachingCount < stageLength
  }

  private mutating func noteReached(_ one: Place, _ other: Place, from place: Place) {
    guard one != place || other != place else { return }
    open?.reachingCount += 1
    if one != place { open?.reached.append(one) }
    if other != place { open?.reached.append(other) }
  }

  /// Starts the block that a line is for.
  private mutating func openBlock(_ line: borrowing ToolLine) {
    closeBlock()
    // The tools tell which line failed; a shell doesn't always.
    var preparation = progressCall(in: line.place)
    if line.tool == .sysctl { preparation += originAssignment }
    if line.undo != nil {
      use(.record)
      preparation += "hold_signals\n"
    }
    blockCount += 1
    blocks.append("block_", blockCount, "() {\n")
    let command = line.tool.blockCommand(in: line.place)
    if command.isRuntimeFunction { blocks.append(command) } else { blocks.append("\"$@\"") }
    blocks.append(" <<'END'\n")
    open = OpenBlock(command: command, preparation: preparation)
    isOriginWritten = false
  }

  /// Ends the block in the making, if any, and has the identities of namespaces recorded when it has made some.
  private mutating func closeBlock() {
    if let open {
      use(.failed)
      blocks.append("END\n}\n")
      if open.command.isRuntimeFunction { use(.writeSysctls) }
      let call = Schedule.Command.block(
        BlockCall(preparation: open.preparation, number: blockCount, command: open.command))
      if open.command.place == .host || !open.reached.isEmpty {
        schedule.addStage(call, reaching: open.reached + [open.command.place], to: &apply)
      } else {
        schedule.addCommand(call, in: open.command.place, percent: percent)
      }
      isOriginWritten = false
    }
    open = nil
    if hasNewNamespaces {
      finishSchedule()
      apply.append("record_namespaces\n")
    }
    hasNewNamespaces = false
  }

  /// Writes what the following lines come from as a line of comment.
  private mutating func writeComment() {
    if let origin { labels.write(origin, to: &blocks) }
  }

  /// Writes what waits to be put in order, and has the script wait for all of it.
  private mutating func finishSchedule() {
    schedule.finish(to: &apply)
    if schedule.hasLanes { use(.lanes) }
  }
}
