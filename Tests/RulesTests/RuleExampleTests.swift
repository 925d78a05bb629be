import Diagnostics
import Foundation
import ProjectFile
import Testing
import Topology
import YAMLTree

@testable import Rules

@Suite struct `Every rule` {
  @Test(arguments: RuleCode.allCases)
  func `finds what its failing example marks, and nothing else`(_ code: RuleCode) {
    #expect(found(in: code.rule.failing) == marked(in: code.rule.failing))
    #expect(marked(in: code.rule.failing).contains { $0.hasSuffix(code.rawValue) })
  }

  @Test(arguments: RuleCode.allCases)
  func `says nothing about its passing example`(_ code: RuleCode) {
    #expect(found(in: code.rule.passing) == [])
  }

  @Test(arguments: RuleCode.allCases)
  func `has its own code, a name and a reason`(_ code: RuleCode) {
    #expect(code.rule.code == code)
    #expect(code.rule.summary.hasSuffix("."))
    #expect(code.rule.rationale.count > 40)
    #expect(code.name == code.name.lowercased() && !code.name.contains(" "))
  }

  /// What the whole pipeline finds: `LINE SEVERITY: CODE`.
  private func found(in text: String) -> [String] {
    var sources = SourceSet()
    let source = SourceText(name: "example.yaml", bytes: Array(text.utf8))
    let reading = readYAML(source, id: sources.add(source))
    let (file, diagnostics) = readProject(reading.documents, environment: [:])
    let topology = resolve(file, options: ResolutionOptions(defaultProjectName: "example"))
    return ordered(reading.diagnostics + diagnostics + findings(in: file, topology)).map {
      "\($0.range?.start.line ?? 0) \($0.severity.rawValue): \($0.code.number)"
    }
  }

  /// What the comments say.
  private func marked(in text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
      guard let mark = line.range(of: "# (error|warning): NW[0-9]{4}$", options: .regularExpression) else { return nil }
      return "\(index + 1) \(line[mark].dropFirst(2))"
    }
  }
}
