import Plan

/// Consecutive commands that each concern one namespace alone, which a script runs side by side.
///
/// Setting up a namespace is mostly waiting for the kernel: four lanes take about half the time of one. The commands of
/// one namespace stay in one lane, in their order; what makes devices stays out, as those may be in another namespace.
struct Lanes {
  private static let count = 4
  /// Below this many commands they are run one after the other.
  private static let threshold = 16

  /// The commands, one after the other.
  private var text = ShellText()
  /// Where each command is for, and where its text ends.
  private var commands: [(place: Place, end: Int)] = []

  /// Whether no command waits.
  var isEmpty: Bool { commands.isEmpty }

  /// Whether there are enough commands for more than one lane.
  var isWorthwhile: Bool { commands.count >= Self.threshold }

  /// Adds a command.
  mutating func add(_ command: ShellText, in place: Place) {
    text += command
    commands.append((place, text.count))
  }

  /// Writes all commands and forgets them.
  mutating func flush(into script: inout ShellText) {
    defer { self = Lanes() }
    guard isWorthwhile else {
      script += text
      return
    }
    let lanes = split()
    for lane in lanes.indices {
      script.append("{\nlane=", lane + 1, "\n", lanes[lane])
      script.append("} 2>\"$state/errors.", lane + 1, "\" &\nlanes=\"$lanes ", lane + 1, ":$!\"\n")
    }
    script.append("wait_for_lanes\n")
  }

  /// The commands of each lane.
  private func split() -> [ShellText] {
    var laneOfPlace: [Place: Int] = [:]
    laneOfPlace.reserveCapacity(commands.count)
    var lanes = [ShellText](repeating: ShellText(), count: Self.count)
    for lane in lanes.indices { lanes[lane].reserveCapacity(text.count / Self.count + 8 * commands.count) }
    var start = 0
    for command in commands {
      let lane = laneOfPlace[command.place] ?? laneOfPlace.count % Self.count
      laneOfPlace[command.place] = lane
      lanes[lane].append("go_on\n")
      lanes[lane].append(start..<command.end, of: text)
      start = command.end
    }
    return lanes
  }
}
