/// What comparing files came to.
package struct Findings: Sendable {
  /// What kernel and simulator differ in every time, by the files' names, for those that have any.
  package fileprivate(set) var differences: [String: [Comparison.Difference]] = [:]
  /// The files of which a busy machine let only the outcomes and the state before be compared, each time.
  package fileprivate(set) var partial: Set<String> = []
  /// The files of which only that is compared, since the rest hangs on whose answer is heard first.
  package fileprivate(set) var racing: Set<String> = []
}

/// A file that hasn't been settled yet.
private struct Suspect {
  let comparison: Comparison
  /// What differed each time that anything did.
  var lasting: [Comparison.Difference] = []
  /// How often something differed.
  var looks = 0
}

extension Comparison {
  /// Compares files: a difference counts if it shows every time that one is looked for, the last times with little else
  /// on the machine.
  ///
  /// - Parameters:
  ///   - comparisons: the files.
  ///   - place: the kernel.
  ///   - rounds: how often a difference must show.
  /// - Returns: what was found.
  /// - Throws: when a sandbox can't be made.
  package static func findings(
    of comparisons: [Comparison], in place: Place = .host, rounds: Int = 3
  ) throws -> Findings {
    var suspects = comparisons.map { Suspect(comparison: $0) }
    var result = Findings()
    // What a busy machine keeps from being compared, wholly or in part, is tried twice more.
    let most = rounds == 1 ? 1 : rounds + 2
    for round in 0..<most where !suspects.isEmpty {
      let sideBySide = (place == .second ? [10, 5, 1] : [12, 8, 3])[min(round, 2)]
      let (answers, trouble) = try KernelAnswer.answers(
        to: suspects.map(\.comparison).map { .init(name: $0.name, script: $0.script, exercise: $0.exercise) },
        in: place == .host ? .host : .second, sideBySide: sideBySide)
      var next: [Suspect] = []
      for var suspect in suspects {
        let name = suspect.comparison.name
        let verdict = suspect.comparison.verdict(on: answers[name], trouble)
        let isLate = verdict.omission == .late
        if isLate { result.partial.insert(name) } else { result.partial.remove(name) }
        if verdict.omission == .chance { result.racing.insert(name) }
        let before = suspect.looks == 0 ? nil : Set(suspect.lasting.map(\.subject))
        let lasting = verdict.differences.filter { before?.contains($0.subject) ?? true }
        result.differences[name] = lasting.isEmpty ? nil : lasting
        if !lasting.isEmpty {
          suspect.lasting = lasting
          suspect.looks += 1
        }
        if suspect.looks < rounds, !lasting.isEmpty || isLate && round < 2 { next.append(suspect) }
      }
      suspects = next
      // Another try wouldn't make the harness work.
      if answers.isEmpty { return result }
    }
    return result
  }

  /// What kernel and simulator differ in, by the files' names, for those that differ.
  ///
  /// - Throws: when a sandbox can't be made.
  package static func differences(
    of comparisons: [Comparison], in place: Place = .host, rounds: Int = 3
  ) throws -> [String: [Difference]] {
    try findings(of: comparisons, in: place, rounds: rounds).differences
  }
}
