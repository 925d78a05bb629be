extension Comparison {
  /// A number for all that the simulator says of the network: a change of the simulator that shouldn't change anything
  /// leaves it what it is (FNV-1a, 64 bits).
  package var digest: UInt64 {
    let answer = SimulatedAnswer(exercise, on: machine, at: exercise.timetable)
    var digest = FNV()
    for outcome in answer.outcomes { digest.add(outcome) }
    for hop in answer.traceroutes.joined() { digest.add(hop) }
    for texts in [answer.states, answer.finalStates] {
      for (key, text) in texts.sorted(by: { $0.key < $1.key }) {
        digest.add(key)
        digest.add(text)
      }
    }
    for counts in [answer.counters, answer.noise] {
      for (key, numbers) in counts.sorted(by: { $0.key < $1.key }) { digest.add("\(key) \(numbers)") }
    }
    for (key, frames) in answer.frames.sorted(by: { $0.key < $1.key }) {
      digest.add(key)
      for frame in frames { digest.add("\(frame.isSent) \(frame.bytes)") }
    }
    return digest.value
  }
}

private struct FNV {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ text: String) {
    for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    value = value &* 0x100_0000_01b3
  }
}
