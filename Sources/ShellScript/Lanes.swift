import Plan

/// Consecutive commands that each concern one namespace alone, which a script runs side by side.
///
/// Setting up a namespace is mostly waiting for the kernel: four lanes take about half the time of one. The commands of
/// one namespace stay in one lane, in their order; what makes devices stays out, as those may be in another namespace.
struct Lanes {
  private static let count = 4
  /// Below this many commands they are run one after the other.
  private static let threshold = 16

  private var commands: [(place: Place, text: String)] = []

  /// Whether no command waits.
  var isEmpty: Bool { commands.isEmpty }

  /// Whether there are enough commands for more than one lane.
  var isWorthwhile: Bool { commands.count >= Self.threshold }

  /// Adds a command.
  mutating func add(_ text: String, in place: Place) { commands.append((place, text)) }

  /// Writes all commands and forgets them.
  mutating func flush(into script: inout String) {
    defer { commands = [] }
    guard isWorthwhile else {
      for command in commands { script += command.text }
      return
    }
    var laneOfPlace: [Place: Int] = [:]
    var texts = Array(repeating: "", count: Self.count)
    for command in commands {
      let lane = laneOfPlace[command.place] ?? laneOfPlace.count % Self.count
      laneOfPlace[command.place] = lane
      texts[lane] += "go_on\n"
      texts[lane] += command.text
    }
    for (index, text) in texts.enumerated() {
      script += "{\nlane=\(index + 1)\n\(text)} 2>\"$state/errors.\(index + 1)\" &\nlanes=\"$lanes \(index + 1):$!\"\n"
    }
    script += "wait_for_lanes\n"
  }
}
