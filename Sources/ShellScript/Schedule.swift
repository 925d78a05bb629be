import NetworkTypes
import Plan

/// The commands between two barriers of a script: all before the first has ended when they begin, and what comes after
/// the second waits for them.
///
/// There are *stages*, which work from the host's namespace and put devices into others, and then commands that each
/// concern one namespace alone. What a namespace needs is there after the last stage that reaches into it. So the
/// stages run one after the other, and after each the commands of the namespaces that are complete begin in *lanes*
/// beside the next: setting up a namespace is mostly starting programs. The commands of one namespace stay in one lane,
/// in their order.
struct Schedule: ~Copyable {
  /// A command of `apply`, written only once it is known where it stands.
  enum Command {
    /// Runs a block.
    case block(BlockCall)
    /// Anything else, its line ended.
    case text(ShellText)
  }

  private static let laneCount = 8
  /// Below this many commands everything is run one after the other.
  private static let threshold = 16

  /// Whether any lanes have been written.
  private(set) var hasLanes = false

  private var stages: [Command] = []
  /// The commands that each concern one namespace, and the namespaces' numbers.
  private var commands: [(place: Int, command: Command)] = []
  /// The last stage that reaches into each place, in the order in which they first come up; the first stage where none
  /// does.
  private var lastStages: [Int] = []
  /// The numbers that the plan's namespaces have in it.
  private var numbers: NamespaceNumbers
  /// Where namespaces are in `lastStages`, by those numbers, and in which run of the schedule that holds.
  private var indices: [(index: Int, run: Int)] = []
  /// Where the host is in it.
  private var hostIndex: Int?
  /// How often it has been finished.
  private var run = 0
  private var percents = 0...0

  /// Creates a schedule of nothing for a plan with certain namespaces.
  init(namespaces: NamespaceNumbers) { numbers = namespaces }

  /// How many lines that put devices into namespaces make a stage.
  static func stageLength(pairCount: Int) -> Int { max(32, (pairCount + laneCount - 1) / laneCount) }

  /// Adds a command that works from the host's namespace or reaches into several.
  mutating func addStage(_ command: Command, reaching reached: [Place], to script: inout ShellText) {
    if !commands.isEmpty { finish(to: &script) }
    for place in reached { lastStages[number(of: place)] = stages.count }
    stages.append(command)
  }

  /// Adds a command that concerns one namespace alone, at a percentage of the whole work.
  mutating func addCommand(_ command: Command, in place: Place, percent: Int) {
    percents = (commands.isEmpty ? percent : percents.lowerBound)...max(percent, percents.upperBound)
    commands.append((number(of: place), command))
  }

  /// The number of a place among those that have come up, which it gets when it first does.
  private mutating func number(of place: Place) -> Int {
    switch place {
    case .host:
      if let hostIndex { return hostIndex }
      hostIndex = lastStages.count
    case .namespace(let name):
      let number = numbers.number(of: name)
      while indices.count <= number { indices.append((0, -1)) }
      if indices[number].run == run { return indices[number].index }
      indices[number] = (lastStages.count, run)
    }
    lastStages.append(0)
    return lastStages.count - 1
  }

  /// Writes all that has been added, and has the script wait for it.
  mutating func finish(to script: inout ShellText) {
    defer {
      (stages, commands, lastStages, hostIndex) = ([], [], [], nil)
      run += 1
    }
    guard commands.count >= Self.threshold else {
      for stage in stages { script.append(stage) }
      for (_, command) in commands { script.append(command) }
      return
    }
    hasLanes = true
    let groups = commandsByStage()
    // A namespace's commands are all in one group.
    var lanesOfPlaces = [Int?](repeating: nil, count: lastStages.count)
    var laneNumber = 0
    for index in groups.indices {
      if stages.indices.contains(index) { script.append(stages[index]) }
      let count = max(1, min(4, Self.laneCount / groups.count))
      for lane in lanes(of: groups[index], count: count, among: &lanesOfPlaces) {
        laneNumber += 1
        Self.writeLane(laneNumber, to: &script) { text in
          for index in lane { text.append("go_on\n", commands[index].command) }
        }
      }
    }
    script.append("wait_for_lanes ", percents.lowerBound, " ", percents.upperBound, "\n")
  }

  /// Writes commands that run beside what follows them, until it waits for all lanes.
  static func writeLane(_ number: Int, to script: inout ShellText, _ commands: (inout ShellText) -> Void) {
    script.append("{\nlane=", number, "\n")
    commands(&script)
    script.append("} 2>\"$state/errors.", number, "\" &\nlanes=\"$lanes ", number, ":$!\"\n")
  }

  /// The commands that can begin after each stage, by their indices.
  private func commandsByStage() -> [[Int]] {
    var groups: [[Int]] = Array(repeating: [], count: max(1, stages.count))
    for index in commands.indices { groups[lastStages[commands[index].place]].append(index) }
    return groups
  }

  /// Commands dealt out to lanes by namespace.
  private func lanes(of indices: [Int], count: Int, among lanesOfPlaces: inout [Int?]) -> [[Int]] {
    var placeCount = 0
    var lanes: [[Int]] = []
    for index in indices {
      let place = commands[index].place
      let lane = lanesOfPlaces[place] ?? placeCount % count
      if lanesOfPlaces[place] == nil {
        lanesOfPlaces[place] = lane
        placeCount += 1
      }
      if lane == lanes.count { lanes.append([]) }
      lanes[lane].append(index)
    }
    return lanes
  }
}

/// The call of a block, by the command that its lines are for.
struct BlockCall {
  /// What `apply` does before it.
  var preparation: ShellText
  /// The block's number.
  var number: Int
  /// The command that carries out its lines.
  var command: Tool.BlockCommand
}

extension BlockCall: ShellWord {
  /// Appends the call, its line ended.
  func write(to text: inout TextBuffer) {
    preparation.write(to: &text)
    let start = text.count
    text.append("block_")
    number.write(to: &text)
    if command.isRuntimeFunction {
      text.append(" || failed '' ")
      command.write(to: &text)
    } else {
      text.append(" ")
      command.write(to: &text)
      let end = text.count
      text.append(" || failed ")
      text.repeatBytes(start..<end)
    }
    text.append("\n")
  }
}

extension Schedule.Command: ShellWord {
  /// Appends the command.
  func write(to text: inout TextBuffer) {
    switch self {
    case .block(let call): call.write(to: &text)
    case .text(let command): command.write(to: &text)
    }
  }
}
