import Foundation
import NetwrightTestSupport
import Testing

@testable import Netwright

/// Whether an engine and a compose that drives it are installed, and the comparison is asked for.
private let isAsked =
  ProcessInfo.processInfo.environment["NETWRIGHT_DOCKER"] != nil
  && ["/usr/sbin/dockerd", "/usr/bin/docker-compose", "/usr/bin/docker"].allSatisfy {
    FileManager.default.isExecutableFile(atPath: $0)
  }

/// A real Docker Engine as the judge: what compose files become there, and here on the kernel and in the simulator.
///
/// The engine is Debian's 20.10, driven by docker-compose 1.29, in a sandbox. docs/compose.md lists what later ones do
/// otherwise. Run by `make test-docker`.
@Suite(.serialized, .enabled(if: isAsked)) struct EngineTests {
  @Test(arguments: paths)
  func `the engine and Netwright make the same`(_ path: String) throws {
    let file = try #require(EngineCase(path: path), "\(path) doesn't compile")
    let engine = try lines(EngineScripts.engine + file.settings + EngineScripts.engineCase, of: file, seconds: 240)
    let kernel = try lines(file.settings + EngineScripts.kernelCase, of: file, seconds: 120)
    #expect(!engine.isEmpty && !kernel.isEmpty)
    try expectSame(engine.filter { !file.isOutdated($0) }, kernel.filter { !file.isOutdated($0) }, of: file)
    try expectSimulated(kernel, of: file)
  }

  private func expectSame(_ engine: Set<String>, _ kernel: Set<String>, of file: EngineCase) throws {
    let path = file.path
    let onlyEngine = engine.subtracting(kernel).sorted().joined(separator: "\n")
    let onlyKernel = kernel.subtracting(engine).sorted().joined(separator: "\n")
    #expect(
      onlyEngine.isEmpty && onlyKernel.isEmpty, "\(path)\nonly the engine:\n\(onlyEngine)\nonly here:\n\(onlyKernel)")
  }

  /// docker-compose's `config` and ours say the same of services and networks, wherever 1.29 takes the file.
  @Test(arguments: ComposeFiles.own + ComposeFiles.corpus)
  func `the resolved file is docker-compose's`(_ project: ComposeFiles.Project) throws {
    let resolved = try #require(try project.compilation().resolvedFile())
    let names = project.files.map { "-f '\($0)'" }.joined(separator: " ")
    // Build folders and environment files are none of the corpus; docker-compose wants them there.
    let text = """
      cp -r '\(project.folder)' /run/project && chmod -R u+w /run/project && cd /run/project
      for try in $(seq 40); do
        /usr/bin/docker-compose \(names) config >/run/theirs.yaml 2>/run/errors && break
        missing=$(sed -n "s/^Couldn't find env file: //p" /run/errors)
        if [ -n "$missing" ]; then mkdir -p "$(dirname "$missing")"; touch "$missing"; continue; fi
        missing=$(sed -n 's/^build path \\(.*\\) either does not exist.*/\\1/p' /run/errors)
        [ -n "$missing" ] || { echo refused; exit; }
        mkdir -p "$missing"
      done
      /usr/bin/python3 "$DIR/comparison.py" /run/theirs.yaml "$DIR/ours.yaml"
      """
    let outcome = try KernelSandbox.run(
      text, files: ["comparison.py": EngineScripts.comparison, "ours.yaml": resolved], seconds: 60)
    // What 1.29 is too old for is compared with nothing.
    #expect(["passed\n", "refused\npassed\n"].contains(outcome.output), "\(outcome.output)\(outcome.errors)")
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
      #expect(outcome.isGood == (words[1] == "reaches" || words[1] == "connects"), "\(file.path): \(fact)")
    }
  }

  private func lines(_ text: String, of file: EngineCase, seconds: Int) throws -> Set<String> {
    let files = [
      "facts.sh": EngineScripts.facts, "reduction.py": EngineScripts.reduction,
      "up.sh": try #require(file.compilation.script()),
    ]
    let outcome = try KernelSandbox.run(text, files: files, seconds: seconds)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.last == "passed", "\(file.path): \(outcome.output.suffix(2000))\(outcome.errors.suffix(2000))")
    return Set(lines.dropLast().map { $0.split(separator: " ").joined(separator: " ") })
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

  /// The files that are brought up; those with NETWRIGHT_ENGINE_FILE in their names where it is set.
  private static var paths: [String] {
    let own = folder.appending(path: "EngineFiles").path
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: own)) ?? []).sorted()
    let wanted = ProcessInfo.processInfo.environment["NETWRIGHT_ENGINE_FILE"]
    return names.filter { wanted.map($0.contains) ?? true }.map { "\(own)/\($0)" }
  }
}
