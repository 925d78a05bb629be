package import Diagnostics
package import ProjectFile
package import Topology

/// A validation rule: what it finds, why that matters, and how it looks.
///
/// A rule is one file in Checks/ with everything about it. It reads the file and the topology and never changes them;
/// it must say nothing about a network that works.
package protocol Rule {
  /// The code of its findings.
  static var code: RuleCode { get }
  /// The name that stands beside the code: words with dashes between.
  static var name: String { get }
  /// How bad it is: an error, unless a rule says otherwise.
  static var severity: Severity { get }
  /// One sentence that says what is found.
  static var summary: String { get }
  /// What the kernel, Docker or a network does with such a file: why it is a finding.
  static var rationale: String { get }
  /// A whole file with the finding; each line where one starts ends in a comment `# error: CODE` or `# warning: CODE`.
  static var failing: String { get }
  /// A whole file like it without any finding.
  static var passing: String { get }
  /// The findings.
  static func check(_ context: RuleContext) -> [Diagnostic]
}

extension Rule {
  package static var severity: Severity { .error }

  static func finding(
    _ message: String, at range: SourceRange?, caption: String? = nil, labels: [Diagnostic.Label] = [],
    notes: [String] = [], help: String? = nil
  ) -> Diagnostic {
    Diagnostic(code, message, at: range, caption: caption, labels: labels, notes: notes, help: help)
  }
}

/// Runs every rule.
///
/// - Returns: the findings, in the order of the codes.
package func findings(in file: ProjectFile, _ topology: Topology) -> [Diagnostic] {
  let context = RuleContext(file: file, topology: topology)
  let codes = RuleCode.allCases.filter { !file.lacksIncludes || !$0.isOfDefinitions }
  return codes.flatMap { $0.rule.check(context) }
}

extension RuleCode {
  /// Whether it says that nothing defines a name, or uses it: a file that couldn't be had may.
  fileprivate var isOfDefinitions: Bool {
    let codes: [RuleCode] = [
      .undefinedNetwork, .unusedNetwork, .undefinedService, .undefinedLinkEndpoint, .undefinedCheckTarget,
      .undefinedRuleName, .undefinedNetworkMode,
    ]
    return codes.contains(self)
  }
}
