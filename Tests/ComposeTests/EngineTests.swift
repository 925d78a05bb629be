import Foundation
import NetwrightTestSupport
import Testing

@testable import Netwright

/// A real Docker Engine as the judge: what compose files become there, and here on the kernel and in the simulator.
///
/// The engine is Debian's 20.10, driven by docker-compose 1.29, in a sandbox. docs/compose.md lists what later ones do
/// otherwise. Run by `make test-docker`.
@Suite(.serialized, .enabled(if: EngineScripts.isAsked)) struct EngineTests {
  @Test(arguments: files)
  func `the engine and Netwright make the same`(_ project: ComposeFiles.Project) throws {
    let file = try #require(EngineCase(project), "\(project) doesn't compile")
    guard file.isComparable else { return }
    let start = EngineScripts.uplink + file.settings
    let engine = try lines(start + EngineScripts.engine + EngineScripts.resolution + EngineScripts.engineCase, of: file)
    // What 1.29 is too old for is brought up by nobody.
    guard !engine.contains("refused") else { return }
    let kernel = try lines(start + EngineScripts.kernelCase, of: file)
    #expect(!engine.isEmpty && !kernel.isEmpty)
    let expected = kernel.union(file.names129)
    let hosts = file.differencesOfHosts(engine: engine, here: kernel)
    #expect(hosts.isEmpty, "\(file.name): /etc/hosts\n\(hosts.joined(separator: "\n"))")
    try expectSame(engine.filter(file.isCompared), expected.filter(file.isCompared), of: file)
    try expectSimulated(kernel, of: file)
  }

  private func expectSame(_ engine: Set<String>, _ kernel: Set<String>, of file: EngineCase) throws {
    let path = file.name
    let onlyEngine = engine.subtracting(kernel).sorted().joined(separator: "\n")
    let onlyKernel = kernel.subtracting(engine).sorted().joined(separator: "\n")
    #expect(
      onlyEngine.isEmpty && onlyKernel.isEmpty, "\(path)\nonly the engine:\n\(onlyEngine)\nonly here:\n\(onlyKernel)")
  }

  /// docker-compose's `config` and ours say the same of services and networks, wherever 1.29 takes the file.
  @Test(arguments: ComposeFiles.own + ComposeFiles.corpus)
  func `the resolved file is docker-compose's`(_ project: ComposeFiles.Project) throws {
    let resolved = try #require(try project.compilation().resolvedFile())
    // Build folders and environment files are none of the corpus; docker-compose wants them there.
    let text =
      "folder='\(project.folder)' given='\(project.files.joined(separator: " "))'\n" + EngineScripts.resolution + """
        resolve_compose || exit
        /usr/bin/python3 "$DIR/comparison.py" /run/full.yaml "$DIR/ours.yaml"
        """
    let outcome = try KernelSandbox.run(
      text, files: ["comparison.py": EngineScripts.comparison, "ours.yaml": resolved], seconds: 240)
    // What 1.29 is too old for is compared with nothing.
    #expect(
      ["passed\n", "refused\n", "refused\npassed\n"].contains(outcome.output), "\(outcome.output)\(outcome.errors)")
  }

  /// The simulator's answers to the same probes.
  private func expectSimulated(_ facts: Set<String>, of file: EngineCase) throws {
    let simulation = try #require(Simulation(file.compilation))
    #expect(!simulation.hasFailures)
    for fact in facts.sorted() {
      let words = fact.split(separator: " ").map(String.init)
      guard words.count == 3, ["reaches", "misses", "connects", "fails"].contains(words[1]) else { continue }
      let isProbe = words[1] == "reaches" || words[1] == "misses"
      let target = words[2].replacing(",", with: ":")
      let step = try ScenarioStep("\(isProbe ? "ping" : "connect") \(words[0]) \(target)")
      var copy = simulation
      let outcome = try copy.run(step)
      #expect(outcome.isGood == (words[1] == "reaches" || words[1] == "connects"), "\(file.name): \(fact)")
    }
  }

  private func lines(_ text: String, of file: EngineCase) throws -> Set<String> {
    let files = [
      "facts.sh": EngineScripts.facts, "reduction.py": EngineScripts.reduction,
      "up.sh": try #require(file.compilation.script()),
    ]
    let outcome = try KernelSandbox.run(text, files: files, seconds: 900)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.last == "passed", "\(file.name): \(outcome.output.suffix(2000))\(outcome.errors.suffix(2000))")
    return Set(lines.dropLast().map { $0.split(separator: " ").joined(separator: " ") })
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

  /// The files that are brought up: those made for it, our own, and of the corpus every third that isn't large; those
  /// with NETWRIGHT_ENGINE_FILE in their names where it is set, of all.
  private static var files: [ComposeFiles.Project] {
    let own = folder.appending(path: "EngineFiles").path
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: own)) ?? []).sorted()
    let made = names.map { ComposeFiles.Project(folder: own, files: [$0]) }
    if let wanted = ProcessInfo.processInfo.environment["NETWRIGHT_ENGINE_FILE"] {
      return (made + ComposeFiles.own + ComposeFiles.corpus).filter { "\($0.folder)/\($0)".contains(wanted) }
    }
    let sample = ComposeFiles.corpus.enumerated().filter { $0.offset % 3 == 0 }.map(\.element)
    return (made + ComposeFiles.own + sample).filter { (EngineCase($0)?.nodes.count ?? 0) <= 6 }
  }
}
