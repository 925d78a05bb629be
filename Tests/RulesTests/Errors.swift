import Diagnostics
import ProjectFile
import Topology
import YAMLTree

@testable import Rules

/// The codes of the errors that the whole pipeline finds in a file, in the order of their places.
func errors(in text: String) -> [String] { codes(in: text, .error) }

/// The codes of the warnings.
func warnings(in text: String) -> [String] { codes(in: text, .warning) }

private func codes(in text: String, _ severity: Severity) -> [String] {
  var sources = SourceSet()
  let source = SourceText(name: "it.yaml", bytes: Array(text.utf8))
  let reading = readYAML(source, id: sources.add(source))
  let (file, diagnostics) = readProject(reading.documents, environment: [:])
  let topology = resolve(file, options: ResolutionOptions(defaultProjectName: "it"))
  return ordered(reading.diagnostics + diagnostics + findings(in: file, topology)).filter { $0.severity == severity }
    .map(\.code.number)
}
