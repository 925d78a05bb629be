/// Makes a file smaller as long as something holds of it, within a limit of time: delta debugging (Zeller and
/// Hildebrandt 2002), many candidates at once.
///
/// A round has two steps. Candidates without one part each, the largest parts first, are asked about together. Of those
/// for which it still holds, files without several of the parts at once are asked about, so that whatever is left out
/// has been asked about twice: an answer by chance leads astray seldom.
package struct Shrinking {
  /// How many candidates are asked about at once.
  package var width = 16
  /// How long it may take, in seconds.
  package var limit = 240.0
  /// How many seconds have passed.
  package let clock: () -> Double
  /// What is done about a file that is wrong after something was left out: a file that is right, or nil.
  package let mend: (String) -> String?
  /// For which of some files it holds.
  package let holds: ([String]) throws -> [Bool]

  /// Creates it.
  ///
  /// - Parameters:
  ///   - clock: how many seconds have passed since some moment.
  ///   - mend: what is done about a file that is wrong after something was left out.
  ///   - holds: for which of some files it holds, in their order.
  package init(
    clock: @escaping () -> Double, mend: @escaping (String) -> String? = { $0 },
    holds: @escaping ([String]) throws -> [Bool]
  ) {
    (self.clock, self.mend, self.holds) = (clock, mend, holds)
  }

  /// What came of it.
  package struct Result: Sendable {
    /// The smallest file of which it holds.
    package var text: String
    /// How many files were asked about.
    package var asked = 0
    /// How long it took, in seconds.
    package var seconds = 0.0
    /// Whether every part was tried and none can be left out; otherwise the time was up.
    package var isSmallest = false

    /// The file, and how it was found.
    package func report(from original: String) -> String {
      func lines(_ text: String) -> Int { text.split(separator: "\n").count }
      let why = isSmallest ? "nothing more can be left out" : "the time was up"
      return """
        shrunk from \(lines(original)) lines to \(lines(text)): \(asked) files compared in \(Int(seconds)) s; \(why)
        \(text)
        """
    }
  }

  /// Makes a file smaller of which it holds.
  ///
  /// - Throws: what `holds` throws.
  package func smallest(_ original: String) throws -> Result {
    var run = Run(self, original)
    while try run.round() {}
    run.result.seconds = clock() - run.start
    return run.result
  }

  /// One run.
  private struct Run {
    let shrinking: Shrinking
    let start: Double
    var result: Result
    /// The names of parts that can't be left out, as the file was when they were tried.
    var needed: Set<String> = []
    /// Whether anything was left out since the parts that are needed were tried.
    var hasChanged = false
    /// How long the longest question took.
    var longest = 0.0

    init(_ shrinking: Shrinking, _ text: String) {
      (self.shrinking, start, result) = (shrinking, shrinking.clock(), Result(text: text))
    }

    /// Leaves out what can be left out of some parts; false when it is over.
    mutating func round() throws -> Bool {
      guard let file = FileParts(result.text) else { return false }
      let chosen = candidates(of: file)
      guard !chosen.isEmpty else {
        // What is needed by something that has gone since may be needed no more.
        guard hasChanged else {
          result.isSmallest = true
          return false
        }
        (needed, hasChanged) = ([], false)
        return true
      }
      guard let alone = try ask(chosen.map(\.text)) else { return false }
      let good = zip(chosen, alone).filter(\.1).map(\.0)
      needed.formUnion(zip(chosen, alone).filter { !$0.1 }.map(\.0.name))
      guard !good.isEmpty else { return true }
      let together = texts(without: good, file)
      guard let answers = try ask(together) else { return false }
      if let best = zip(together, answers).filter(\.1).map(\.0).min(by: { $0.utf8.count < $1.utf8.count }) {
        result.text = best
        hasChanged = true
      } else {
        needed.formUnion(good.map(\.name))
      }
      return true
    }

    private struct Candidate {
      let part: FileParts.Part
      let name: String
      let text: String
    }

    /// The largest parts that weren't tried yet; some may be within others, so that nobody waits for what becomes of
    /// those.
    private mutating func candidates(of file: FileParts) -> [Candidate] {
      var chosen: [Candidate] = []
      var texts: Set<String> = []
      for one in file.all.sorted(by: { $0.size > $1.size }) where !needed.contains(one.name) {
        guard chosen.count < shrinking.width else { break }
        guard let text = shrinking.mend(file.text(without: [one.part])), text.utf8.count < result.text.utf8.count,
          texts.insert(text).inserted
        else {
          needed.insert(one.name)
          continue
        }
        chosen.append(Candidate(part: one.part, name: one.name, text: text))
      }
      return chosen
    }

    /// Files without all of some parts, without half of them, a quarter, down to the largest alone.
    private func texts(without parts: [Candidate], _ file: FileParts) -> [String] {
      var result: [String] = []
      var count = parts.count
      while count > 1 {
        for start in stride(from: 0, to: parts.count, by: count) {
          let some = parts[start..<min(start + count, parts.count)]
          if let text = shrinking.mend(file.text(without: some.map(\.part))) { result.append(text) }
        }
        count = (count + 1) / 2
        if result.count * 2 > shrinking.width { break }
      }
      if let largest = parts.first { result.append(largest.text) }
      return result
    }

    /// Asks, unless the time would be up before the answer.
    private mutating func ask(_ texts: [String]) throws -> [Bool]? {
      let before = shrinking.clock()
      guard before - start + longest <= shrinking.limit else { return nil }
      let answers = try shrinking.holds(texts)
      result.asked += texts.count
      longest = max(longest, shrinking.clock() - before)
      return answers
    }
  }
}
