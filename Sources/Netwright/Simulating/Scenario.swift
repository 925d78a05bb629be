/// Steps to carry out one after another, each on the machine as those before it left it.
public struct Scenario: Sendable {
  /// The steps.
  public let steps: [ScenarioStep]

  /// Reads a scenario: a step a line; empty lines count for nothing, nor does what follows a `#`.
  ///
  /// - Parameters:
  ///   - text: the scenario.
  ///   - name: what it is called in messages.
  /// - Throws: `ScenarioError` for the first line that is no step, with its place.
  public init(_ text: String, name: String) throws(ScenarioError) {
    var steps: [ScenarioStep] = []
    // "\r\n" is a character of its own, and ends a line as "\n" does.
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      guard let first = line.first(where: { $0 != " " && $0 != "\t" }), first != "#" else { continue }
      do throws(ScenarioError) {
        steps.append(try ScenarioStep(String(line)))
      } catch {
        throw error.located(in: String(line), name: name, line: index + 1)
      }
    }
    self.steps = steps
  }
}

/// What is wrong with a step.
public struct ScenarioError: Error, CustomStringConvertible, Sendable {
  /// The step as it was written; nil for one that was never a text.
  public let step: String?
  /// What was expected.
  public let reason: String
  /// The word that it is about.
  private let word: String?
  /// The file, the line and its text, where it stands in a file.
  private var place: (name: String, line: Int, text: String)?

  init(_ step: String?, _ reason: String, _ word: String? = nil) {
    self.step = step
    self.reason = reason
    self.word = word
  }

  fileprivate func located(in text: String, name: String, line: Int) -> ScenarioError {
    var result = self
    result.place = (name, line, text)
    return result
  }

  /// What is wrong; in a file with its place, and the line with a mark under the word.
  public var description: String {
    guard let place else { return step.map { "`\($0)`: \(reason)" } ?? reason }
    let start = place.text.firstIndex { $0 != " " && $0 != "\t" } ?? place.text.startIndex
    let range = word.flatMap { place.text[start...].firstRange(of: $0) }
    let column = place.text.distance(from: place.text.startIndex, to: range?.lowerBound ?? start) + 1
    let width = range.map { place.text.distance(from: $0.lowerBound, to: $0.upperBound) } ?? max(1, step?.count ?? 1)
    let margin = String(repeating: " ", count: "\(place.line)".count)
    let mark = String(repeating: " ", count: column - 1) + String(repeating: "^", count: width)
    return
      "\(place.name):\(place.line):\(column): \(reason)\n\(margin) |\n\(place.line) | \(place.text)\n\(margin) | \(mark)"
  }
}
