package import Diagnostics
package import YAMLTree

/// Reads documents as one project, without the files that they name and whatever the profiles.
///
/// Later ones override earlier ones as compose merges them, variables are replaced, keys and values are checked. What
/// can't be read is left out of the file and reported; reading goes on with the rest.
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
  var document = documents.first
  for later in documents.dropFirst() { document = document.map { reader.merge($0, later, path: []) } }
  reader.readRoot(document?.withoutResets, into: &file)
  return (file, reader.diagnostics)
}

extension Reader {
  /// Reads the one document that is made of all.
  mutating func readRoot(_ document: YAMLNode?, into file: inout ProjectFile) {
    guard let document else {
      report(.emptyFile(at: nil))
      return
    }
    read(document, into: &file, by: .root)
    guard file.nodes.isEmpty, file.networks.isEmpty, file.links.isEmpty, diagnostics.isEmpty else { return }
    // A file of volumes or models alone is one of several, and whole to compose.
    report(document.saysSomething ? .nothingToBuild(at: document.range) : .emptyFile(at: document.range))
  }
}

extension YAMLNode {
  /// Whether it has a key besides `version`, without which the file is empty to compose.
  fileprivate var saysSomething: Bool {
    guard case .mapping(let mapping) = content else { return false }
    return mapping.entries.contains { $0.key.value != "version" }
  }
}

extension Diagnostic {
  fileprivate static func nothingToBuild(at range: SourceRange) -> Diagnostic {
    Diagnostic(FileCode.nothingToBuild, "there is no service, network, router or link", at: range)
  }

  fileprivate static func emptyFile(at range: SourceRange?) -> Diagnostic {
    Diagnostic(
      FileCode.emptyFile, "there is no service, network, router or link", at: range,
      help: "`netwright init` writes a file to start from")
  }
}
