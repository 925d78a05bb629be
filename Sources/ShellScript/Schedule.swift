import Plan

/// Commands between two points of a script that all before must wait for, and all after for them.
///
/// There are *stages*, which work from the host's namespace and put devices into others, and then commands that each
/// concern one namespace alone. What a namespace needs is there after the last stage that reaches into it. So the stages
/// run one after the other, and after each the commands of the namespaces that are complete begin in *lanes* beside the
/// next: setting up a namespace is mostly starting programs. The commands of one namespace stay in one lane, in their
/// order.
struct Schedule {
  private static let laneCount = 8
  /// Below this many commands everything is run one after the other.
  private static let threshold = 16

  /// Whether any lanes have been written.
  private(set) var hasLanes = false

  private var stages: [(text: ShellText, reached: Set<Place>)] = []
  /// The commands, one after the other.
  private var text = ShellText()
  /// Where each command is for, and its text.
  private var commands: [(place: Place, text: Range<Int>)] = []
  private var percents = 0...0

  /// How many lines that put devices into namespaces make a stage.
  static func stageLength(pairCount: Int) -> Int { max(32, (pairCount + laneCount - 1) / laneCount) }

  /// Adds a command that works from the host's namespace or reaches into several.
  mutating func addStage(_ command: ShellText, reaching reached: Set<Place>, to script: inout ShellText) {
    if !commands.isEmpty { finish(to: &script) }
    stages.append((command, reached))
  }

  /// Adds a command that concerns one namespace alone, at a percentage of the whole work.
  mutating func addCommand(_ command: ShellText, in place: Place, percent: Int) {
    percents = (commands.isEmpty ? percent : percents.lowerBound)...max(percent, percents.upperBound)
    let start = text.count
    text += command
    commands.append((place, start..<text.count))
  }

  /// Writes all that has been added, and has the script wait for it.
  mutating func finish(to script: inout ShellText) {
    defer { (stages, commands, text) = ([], [], ShellText()) }
    guard commands.count >= Self.threshold else {
      for stage in stages { script += stage.text }
      script += text
      return
    }
    hasLanes = true
    var laneNumber = 0
    let groups = commandsByStage()
    for index in groups.indices {
      if stages.indices.contains(index) { script += stages[index].text }
      for lane in lanes(of: groups[index], count: max(1, min(4, Self.laneCount / groups.count))) {
        laneNumber += 1
        script += Self.lane(laneNumber, lane)
      }
    }
    script.append("wait_for_lanes ", percents.lowerBound, " ", percents.upperBound, "\n")
  }

  /// Commands that run beside what follows them, until it waits for all lanes.
  static func lane(_ number: Int, _ commands: ShellText) -> ShellText {
    var text: ShellText = "{\nlane=\(number)\n"
    text += commands
    text.append("} 2>\"$state/errors.", number, "\" &\nlanes=\"$lanes ", number, ":$!\"\n")
    return text
  }

  /// The commands that can begin after each stage, by their indices.
  private func commandsByStage() -> [[Int]] {
    var lastStage: [Place: Int] = [:]
    lastStage.reserveCapacity(stages.reduce(0) { $0 + $1.reached.count })
    for (index, stage) in stages.enumerated() {
      for place in stage.reached { lastStage[place] = index }
    }
    var groups: [[Int]] = Array(repeating: [], count: max(1, stages.count))
    for index in commands.indices { groups[lastStage[commands[index].place] ?? 0].append(index) }
    return groups
  }

  /// Commands dealt out to lanes by namespace.
  private func lanes(of indices: [Int], count: Int) -> [ShellText] {
    var laneOfPlace: [Place: Int] = [:]
    laneOfPlace.reserveCapacity(indices.count)
    var lanes: [ShellText] = []
    for index in indices {
      let lane = laneOfPlace[commands[index].place] ?? laneOfPlace.count % count
      laneOfPlace[commands[index].place] = lane
      if lane == lanes.count { lanes.append(ShellText()) }
      lanes[lane].append("go_on\n")
      lanes[lane].append(commands[index].text, of: text)
    }
    return lanes
  }
}
