import Foundation
import NetwrightTestSupport
import Testing

@testable import Netwright

/// docker-compose 1.29 and Netwright resolve the same of generated projects, as far as the old one knows their keys.
@Suite(.serialized, .enabled(if: EngineScripts.isAsked)) struct ConfigComparisonTests {
  private static let batch = 20

  @Test(arguments: [0, 1, 2])
  func `generated projects`(_ part: Int) throws {
    var files = ["comparison.py": EngineScripts.comparison]
    var text = "export TAG=latest DOMAIN=example.org EMPTY=\n"
    var compared = 0
    for seed in (part * Self.batch)..<((part + 1) * Self.batch) {
      var generator = ComposeGenerator(seed: UInt64(seed), dialect: .old)
      let project = generator.project()
      var options = CompileOptions(projectName: "generated", environment: project.environment)
      options.directory = "/generated"
      let inputs = project.files.enumerated().map { Input(name: "\(seed)-\($0).yaml", bytes: Array($1.utf8)) }
      guard let resolved = compile(inputs, options: options).resolvedFile() else { continue }
      compared += 1
      for (index, file) in project.files.enumerated() { files["\(seed)-\(index).yaml"] = file }
      files["\(seed).yaml"] = resolved
      let names = inputs.map { "-f \($0.name)" }.joined(separator: " ")
      text += """
        if /usr/bin/docker-compose -p generated \(names) config >theirs.yaml 2>errors; then
          /usr/bin/python3 comparison.py theirs.yaml \(seed).yaml | sed 's/^/seed \(seed): /'
        else
          echo "seed \(seed): refused: $(cat errors)"
        fi

        """
    }
    #expect(compared > Self.batch / 2)
    let outcome = try KernelSandbox.run("cd \"$DIR\" || exit\n" + text, files: files, seconds: 900)
    #expect(outcome.output == "passed\n", "\(outcome.output)\(outcome.errors)")
  }

  @Test func `files laid over others`() throws {
    var files = ["merging.py": EngineScripts.merging]
    for (index, item) in MergeCase.all.enumerated() {
      for (name, text) in [("base", item.base), ("over", item.over), ("result", item.result)] {
        files["\(index)-\(name).yaml"] = "version: '2.4'\n\(text)\n"
      }
    }
    let outcome = try KernelSandbox.run(
      "/usr/bin/python3 merging.py \(MergeCase.all.count)\n", files: files, seconds: 300)
    let found = outcome.output.split(separator: "\n").map(String.init)
    let expected = MergeCase.all.map { "\($0.old)" } + ["passed"]
    for (index, item) in MergeCase.all.enumerated() where index < found.count {
      #expect(found[index] == "\(item.old)", "\(item.name)\n\(outcome.errors)")
    }
    #expect(found.count == expected.count && found.last == "passed", "\(outcome.output)\(outcome.errors)")
  }
}
