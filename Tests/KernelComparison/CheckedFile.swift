import Diagnostics
import YAMLTree

/// One of a file's `checks:` as the harness tries it, and what is expected of it.
package struct FileCheck: Sendable {
  /// What is tried.
  let probe: Probe
  /// `reachable`, `unreachable`, `refused` or `filtered`.
  let expectation: String

  /// The checks of a file whose targets are addresses; others are left out.
  static func all(of yaml: String) -> [FileCheck] {
    let source = SourceText(name: "lab.yaml", bytes: Array(yaml.utf8))
    guard case .mapping(let root)? = readYAML(source, id: SourceID(index: 0)).documents.first?.content,
      case .sequence(let items)? = root["checks"]?.content
    else { return [] }
    return items.compactMap { item in
      guard case .mapping(let entry) = item.content, let from = entry["from"]?.text, let to = entry["to"]?.text,
        let expectation = entry["expect"]?.text
      else { return nil }
      // "10.0.0.1:80/tcp", "[fd00::1]:80/tcp", or an address alone.
      guard let match = to.wholeMatch(of: /\[?([0-9.]+|[0-9a-f:]+:[0-9a-f]*)\]?:([0-9]+)\/(tcp|udp)/),
        let port = Int(match.2)
      else {
        return FileCheck(probe: Probe(at: 0, space: from, target: to, kind: .ping), expectation: expectation)
      }
      let probe = Probe(
        at: 0, space: from, target: String(match.1), kind: match.3 == "tcp" ? .tcp : .udp, port: port)
      return FileCheck(probe: probe, expectation: expectation)
    }
  }

  /// Which expectation an outcome meets, as checks have them.
  static func expectation(of outcome: String) -> String {
    let words = outcome.split(separator: " ").map(String.init)
    switch words.first {
    case "reply", "connected": return "reachable"
    case "failed" where words.last == "111": return "refused"
    // EPERM, by a rule of the sender's own, and ETIMEDOUT.
    case "failed" where ["1", "110"].contains(words.last): return "filtered"
    case "failed", "not": return "unreachable"
    case "error":
      let isIPv6 = words[1].contains(":")
      let unreachable = isIPv6 ? ["1/0", "1/2", "1/3", "3/0"] : ["3/0", "3/1", "11/0"]
      if unreachable.contains(words[2]) { return "unreachable" }
      return words[2] == (isIPv6 ? "1/4" : "3/3") ? "refused" : "filtered"
    default: return "filtered"
    }
  }
}

extension YAMLNode {
  fileprivate var text: String? { if case .scalar(let scalar) = content { scalar.text } else { nil } }
}

extension Comparison {
  /// Which of the file's checks the simulator sees otherwise than the file expects; and, where the comparison finds no
  /// difference, the kernel too.
  package func failedChecks() -> [String] {
    let simulated = SimulatedAnswer(exercise, on: machine, at: exercise.timetable)
    return exercise.checks.compactMap { check in
      // A check's probe comes before others of the same.
      guard let index = exercise.probes.firstIndex(where: { $0.name == check.probe.name }) else { return nil }
      let outcome = simulated.outcomes[index]
      let met = FileCheck.expectation(of: outcome)
      return met == check.expectation ? nil : "\(check.probe.name) is \(outcome), expected \(check.expectation)"
    }
  }

  /// How much is tried.
  package var probeCount: Int { exercise.probes.count }

  /// How many connections aren't tried, as it would be chance what comes of them.
  package var leftOutCount: Int { exercise.leftOut }

  /// How many of the file's checks are tried.
  package var checkCount: Int { exercise.checks.count }
}
