package import Diagnostics
package import YAMLTree

/// Reads documents as one project.
///
/// Later ones override earlier ones as compose merges them, variables are replaced, keys and values are checked. What can't be read is left out of the file and reported; reading goes on with the rest.
///
/// - Parameters:
///   - documents: the documents of all files, in order.
///   - environment: the variables that `${…}` stands for.
/// - Returns: the file as far as it could be read, and the findings.
package func readProject(
  _ documents: [YAMLNode], environment: [String: String]
) -> (file: ProjectFile, diagnostics: [Diagnostic]) {
  var reader = Reader(environment: environment)
  var file = ProjectFile()
  guard let document = reader.merged(documents) else {
    reader.report(.emptyFile(at: documents.first?.range))
    return (file, reader.diagnostics)
  }
  reader.read(document, into: &file, by: .root)
  if file.nodes.isEmpty, file.networks.isEmpty, file.links.isEmpty, reader.diagnostics.isEmpty {
    reader.report(.emptyFile(at: document.range))
  }
  return (file, reader.diagnostics)
}

extension Diagnostic {
  fileprivate static func emptyFile(at range: SourceRange?) -> Diagnostic {
    Diagnostic(
      FileCode.emptyFile, "there is no service, network, router or link", at: range,
      help: "`netwright init` writes a file to start from")
  }
}
