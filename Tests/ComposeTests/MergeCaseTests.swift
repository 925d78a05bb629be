import Testing

@testable import Netwright

/// Each attribute that concerns networks, written in two files: it comes to what one file would say.
@Suite struct MergeCaseTests {
  @Test(arguments: MergeCase.all)
  func `both files say what one would`(_ item: MergeCase) throws {
    let both = compiled([item.base, item.over])
    let one = compiled([item.result])
    let findings = try both.findings(as: .text) + one.findings(as: .text)
    #expect(!both.hasErrors && !one.hasErrors, "\(findings)")
    #expect(both.resolvedFile() == one.resolvedFile())
    #expect(both.operations == one.operations)
  }

  private func compiled(_ texts: [String]) -> Compilation {
    var options = CompileOptions(projectName: nil, environment: [:])
    options.profiles = ["*"]
    return compile(texts.enumerated().map { Input(name: "\($0).yaml", bytes: Array($1.utf8)) }, options: options)
  }
}
