import Diagnostics
import YAMLTree

/// Reads files and puts them together to one document; what includes and extensions do stands in files of their own.
struct Loader {
  /// Where a document stands among others.
  struct Scope {
    /// The folder that its paths start from.
    var folder: String
    /// The variables that `${…}` in it stands for.
    var environment: [String: String]
    /// The files that are being included, the outermost first.
    var ancestors: [String]
  }

  /// A file that has been parsed.
  struct Parsed {
    let path: String
    let id: SourceID
    let documents: [YAMLNode]
  }

  /// A file with the variables it was read under; the same file under the same ones is read once.
  private struct CacheKey: Hashable {
    let path: String
    let environment: [String: String]
  }

  let files: FileAccess
  var sources = SourceSet()
  var reader = Reader(environment: [:])
  /// Whether some file isn't YAML.
  private(set) var isBroken = false
  /// Whether what some file includes couldn't be had.
  var lacksIncludes = false
  /// Whether some file has the tag `!reset`, so that there is something to take away at the end.
  private(set) var hasResets = false
  private var cache: [CacheKey: Parsed] = [:]
  /// Whether some scalar is something else under YAML 1.1, so that it matters whether anybody reads it.
  private var hasOldScalars = false
  /// Where values stand that nobody reads.
  private var unread: [SourceRange] = []

  init(files: FileAccess) { self.files = files }

  /// What loading hands back.
  func result(_ file: ProjectFile?) -> LoadedProject {
    let oldScalar = CodeIdentity(YAMLCode.yaml11Scalar)
    let findings = reader.diagnostics.filter { finding in
      guard finding.code == oldScalar, let range = finding.range else { return true }
      return !unread.contains { $0.contains(range) }
    }
    return LoadedProject(sources: sources, file: file, diagnostics: ordered(findings))
  }

  /// A document in today's form; where nobody reads its values is kept in mind.
  mutating func modernized(_ document: YAMLNode) -> YAMLNode {
    let result = reader.modernized(document)
    if hasOldScalars { unread += result.unreadRanges }
    return result
  }

  /// Parses a text, as a source of its own.
  mutating func parse(_ text: SourceText) -> Parsed {
    let id = sources.add(text)
    let reading = readYAML(text, id: id)
    reader.diagnostics += reading.diagnostics
    if reading.diagnostics.contains(where: { $0.severity == .error }) { isBroken = true }
    let oldScalar = CodeIdentity(YAMLCode.yaml11Scalar)
    if reading.diagnostics.contains(where: { $0.code == oldScalar }) { hasOldScalars = true }
    if reading.tags.contains("!reset") { hasResets = true }
    return Parsed(path: path(text.name, from: ""), id: id, documents: reading.documents)
  }

  /// Reads and parses a file that another names; nil where it can't be had, which is reported there.
  mutating func parsed(_ name: Located<String>, from scope: Scope) -> Parsed? {
    let path = path(name.value, from: scope.folder)
    let key = CacheKey(path: path, environment: scope.environment)
    if let known = cache[key] { return known }
    guard let bytes = bytes(of: path, named: name) else { return nil }
    let result = parse(SourceText(name: path, bytes: bytes))
    cache[key] = result
    return result
  }

  /// The bytes of a file that another names; nil where they can't be had, which is reported there.
  mutating func bytes(of path: String, named name: Located<String>) -> [UInt8]? {
    do throws(FileAccess.Failure) {
      guard !isRemote(name.value) else { throw .unreadable("nothing is fetched from a network") }
      return try files.read(path)
    } catch {
      reader.report(.unreadableFile(name, path, error))
      return nil
    }
  }

  /// The documents of files as one, each completed by itself and laid over those before it; nil for none.
  mutating func model(of files: [Parsed], in scope: Scope) -> YAMLNode? {
    var result: YAMLNode?
    for file in files {
      reader.environments[file.id] = scope.environment
      for document in file.documents {
        let current = complete(modernized(document), of: file, in: scope)
        result = result.map { reader.merge($0, current, path: []) } ?? current
      }
    }
    return hasResets ? result?.withoutResets : result
  }

  /// A document with what it includes and its services with what they extend.
  private mutating func complete(_ document: YAMLNode, of file: Parsed, in scope: Scope) -> YAMLNode {
    guard case .mapping(let mapping) = document.content else { return document }
    var inner = scope
    inner.ancestors.append(file.path)
    let included = mapping["include"] == nil ? document : withIncludes(document, in: inner)
    return withExtensions(included, of: file, in: scope)
  }

  // MARK: The environment

  /// The variables of the environment files, the last of which wins, under those of the process.
  mutating func environment(from files: [SourceText], over process: [String: String]) -> [String: String] {
    var pairs: [String: String] = [:]
    for text in files {
      let own = environmentPairs(
        of: text, id: sources.add(text), environment: pairs.merging(process) { _, process in process })
      reader.diagnostics += own.diagnostics
      pairs.merge(own.pairs) { _, later in later }
    }
    return process.merging(pairs) { process, _ in process }
  }

  /// The project's name as it is known before anything is merged, so that variables can stand for it: the last one that
  /// a document gives (compose-go, loader.projectName).
  func projectName(_ files: [Parsed], _ options: LoadOptions, _ environment: [String: String]) -> String {
    if let name = options.projectName { return name }
    for document in files.flatMap(\.documents).reversed() {
      guard case .mapping(let mapping) = document.content, case .scalar(let scalar)? = mapping["name"]?.content
      else { continue }
      var unset: [String] = []
      let text = (try? interpolate(scalar.text, environment: environment, unset: &unset)) ?? ""
      let name = normalizedProjectName(text)
      if !name.isEmpty { return name }
    }
    return options.defaultProjectName
  }
}

/// Whether a path is none, but an address that compose would fetch (docker/compose, pkg/remote).
private func isRemote(_ path: String) -> Bool {
  path.contains("://") || path.hasPrefix("git@") || path.hasPrefix("github.com/")
}

extension Diagnostic {
  fileprivate static func unreadableFile(
    _ name: Located<String>, _ path: String, _ failure: FileAccess.Failure
  ) -> Diagnostic {
    let reason =
      switch failure {
      case .missing: "there is no such file"
      case .unreadable(let reason): reason
      }
    return Diagnostic(
      FileCode.unreadableFile, "`\(name.value)` can't be read: \(reason)", at: name.range,
      notes: path == name.value ? [] : ["looked for as \(path)"])
  }
}
