import JSONText

/// What came of one check of a file.
package struct CheckResult: Hashable, Sendable {
  /// The check in one line: who, whom, what is expected.
  package var name: String
  /// Where it is written.
  package var file: String
  /// The line, from 1.
  package var line: Int
  /// Whether it came as expected; nil where it could not be tried.
  package var isAsExpected: Bool?
  /// What happened.
  package var outcome: String
  /// Where a packet went no further and why, the first first.
  package var drops: [String]

  /// Creates a result.
  package init(name: String, file: String, line: Int, isAsExpected: Bool?, outcome: String, drops: [String]) {
    self.name = name
    self.file = file
    self.line = line
    self.isAsExpected = isAsExpected
    self.outcome = outcome
    self.drops = drops
  }
}

/// The results for people: a line for each, and what happened beneath those that failed.
package func checksText(_ results: [CheckResult]) -> String {
  var text = ""
  for result in results {
    let mark =
      switch result.isAsExpected {
      case true?: "ok  "
      case false?: "FAIL"
      case nil: "skip"
      }
    text += "\(mark)  \(result.name)\n"
    guard result.isAsExpected != true else { continue }
    text += "      \(result.file):\(result.line): \(result.outcome)\n"
    for drop in result.drops { text += "      \(drop)\n" }
  }
  let failed = results.count { $0.isAsExpected == false }
  let skipped = results.count { $0.isAsExpected == nil }
  text += "\(results.count) check\(results.count == 1 ? "" : "s"), \(failed) failed"
  return text + (skipped == 0 ? "\n" : ", \(skipped) not tried\n")
}

/// The results in the Test Anything Protocol, version 13.
package func checksTAP(_ results: [CheckResult]) -> String {
  var text = "TAP version 13\n1..\(results.count)\n"
  for (index, result) in results.enumerated() {
    text += "\(result.isAsExpected == false ? "not ok" : "ok") \(index + 1) - \(result.name)"
    text += result.isAsExpected == nil ? " # SKIP \(result.outcome)\n" : "\n"
    guard result.isAsExpected == false else { continue }
    text +=
      "  ---\n  at: \(JSONValue.quoted("\(result.file):\(result.line)"))\n  message: \(JSONValue.quoted(result.outcome))\n"
    if !result.drops.isEmpty {
      text += "  drops:\n" + result.drops.map { "    - \(JSONValue.quoted($0))\n" }.joined()
    }
    text += "  ...\n"
  }
  return text
}

/// The results as JUnit's XML, as CI systems read it.
package func checksJUnit(_ results: [CheckResult]) -> String {
  let failed = results.count { $0.isAsExpected == false }
  let skipped = results.count { $0.isAsExpected == nil }
  var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
  text +=
    "<testsuite name=\"netwright\" tests=\"\(results.count)\" failures=\"\(failed)\" errors=\"0\" skipped=\"\(skipped)\">\n"
  for result in results {
    text += "  <testcase classname=\"\(escaped(result.file))\" name=\"\(escaped(result.name))\""
    switch result.isAsExpected {
    case true?: text += "/>\n"
    case nil: text += "><skipped message=\"\(escaped(result.outcome))\"/></testcase>\n"
    case false?:
      let details = ["\(result.file):\(result.line)"] + result.drops
      text += "><failure message=\"\(escaped(result.outcome))\">\(escaped(details.joined(separator: "\n")))</failure>"
      text += "</testcase>\n"
    }
  }
  return text + "</testsuite>\n"
}

/// The results as JSON: an array of objects.
package func checksJSON(_ results: [CheckResult]) -> String {
  let objects = results.map { result in
    let status = result.isAsExpected.map { $0 ? "passed" : "failed" } ?? "skipped"
    return JSONValue.object([
      .init("name", .string(result.name)),
      .init("file", .string(result.file)),
      .init("line", .number(result.line)),
      .init("status", .string(status)),
      .init("outcome", .string(result.outcome)),
      .init("drops", .array(result.drops.map(JSONValue.string))),
    ])
  }
  return JSONValue.array(objects).indented(by: 2) + "\n"
}

/// A text as it stands in an attribute or between tags; what XML 1.0 can't hold (§2.2), not even as a reference, is
/// replaced.
private func escaped(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "\r": result += "&#13;"
    case "\t", "\n": result.unicodeScalars.append(scalar)
    case "\0"..<" ", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
    case _: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
