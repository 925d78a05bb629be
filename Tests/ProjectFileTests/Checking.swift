import Diagnostics
import Foundation
import ProjectFile
import Testing
import YAMLTree

/// Reads a file and compares the findings with those that its comments mark.
///
/// A mark, `# error: NW0106`, stands at the end of the line where one starts. A finding that isn't marked fails, and so does a mark without a finding.
@discardableResult
func check(_ texts: String..., environment: [String: String] = [:], sourceLocation: SourceLocation = #_sourceLocation)
  -> ProjectFile
{
  var sources = SourceSet()
  var documents: [YAMLNode] = []
  var found: [String] = []
  var marked: [String] = []
  for (number, text) in texts.enumerated() {
    let source = SourceText(name: "\(number)", bytes: Array(text.utf8))
    let reading = readYAML(source, id: sources.add(source))
    documents += reading.documents
    found += reading.diagnostics.map(words(for:))
    marked += marks(in: text, number)
  }
  let (file, diagnostics) = readProject(documents, environment: environment)
  found += diagnostics.map(words(for:))
  #expect(found.sorted() == marked.sorted(), sourceLocation: sourceLocation)
  return file
}

private func words(for diagnostic: Diagnostic) -> String {
  let place = diagnostic.range.map { "\($0.source.index):\($0.start.line)" } ?? "nowhere"
  return "\(place) \(diagnostic.severity.rawValue): \(diagnostic.code.number)"
}

private func marks(in text: String, _ number: Int) -> [String] {
  text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
    guard let mark = line.range(of: "# (error|warning): NW[0-9]{4}$", options: .regularExpression) else { return nil }
    return "\(number):\(index + 1) \(line[mark].dropFirst(2))"
  }
}
