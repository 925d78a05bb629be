import Diagnostics
import Foundation
import ProjectFile
import Testing

/// Loads files and compares the findings with those that their comments mark.
///
/// A mark, `# error: NW0106`, stands at the end of the line where one starts. A finding that isn't marked fails, and so
/// does a mark without a finding.
///
/// - Parameters:
///   - texts: the files that are loaded, called 0, 1 and so on.
///   - others: the files that they can name, by path.
///   - environment: the variables of the process.
///   - environmentFiles: environment files by name, in order.
///   - profiles: the active profiles.
///   - sourceLocation: where a failure is reported.
/// - Returns: the project, empty where it couldn't be read.
@discardableResult
func check(
  _ texts: String..., others: [String: String] = [:], environment: [String: String] = [:],
  environmentFiles: KeyValuePairs<String, String> = [:], profiles: [String] = [],
  sourceLocation: SourceLocation = #_sourceLocation
) -> ProjectFile {
  var options = LoadOptions()
  options.environment = environment
  options.environmentFiles = environmentFiles.map { SourceText(name: $0.key, bytes: Array($0.value.utf8)) }
  options.profiles = profiles
  options.defaultProjectName = "folder"
  let files = FileAccess { path throws(FileAccess.Failure) in
    guard let text = others[path] else { throw .missing }
    return Array(text.utf8)
  }
  let inputs = texts.enumerated().map { SourceText(name: "\($0)", bytes: Array($1.utf8)) }
  let project = loadProject(inputs, options: options, files: files)
  let found = project.diagnostics.map { diagnostic in
    let place = diagnostic.range.map { "\(project.sources[$0.source].name):\($0.start.line)" } ?? "nowhere"
    return "\(place) \(diagnostic.severity.rawValue): \(diagnostic.code.number)"
  }
  var marked = texts.enumerated().flatMap { marks(in: $1, "\($0)") }
  marked += others.flatMap { marks(in: $1, $0) } + environmentFiles.flatMap { marks(in: $1, $0) }
  #expect(found.sorted() == marked.sorted(), "\(project.diagnostics.map(\.message))", sourceLocation: sourceLocation)
  return project.file ?? ProjectFile()
}

private func marks(in text: String, _ name: String) -> [String] {
  text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
    guard let mark = line.range(of: "# (error|warning): NW[0-9]{4}$", options: .regularExpression) else { return nil }
    return "\(name):\(index + 1) \(line[mark].dropFirst(2))"
  }
}
