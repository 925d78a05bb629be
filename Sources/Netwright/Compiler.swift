import Diagnostics
import Plan
import ProjectFile
import Rules
import SystemPackage
import Topology

/// Compiles files: reads, resolves and checks them; where nothing is wrong, what brings the network about can be had.
///
/// Later files override earlier ones, as compose merges them, and what they include is read too. All findings come in
/// one run: each stage goes on with what the one before could make out.
///
/// - Parameters:
///   - inputs: the files, at least one.
///   - options: what else to take into account.
/// - Returns: the findings and, where there is no error, what a plan and a script are made of.
public func compile(_ inputs: [Input], options: CompileOptions = CompileOptions()) -> Compilation {
  let project = loadProject(
    inputs.map { SourceText(name: $0.name, bytes: $0.bytes) }, options: loadOptions(options), files: access(options))
  // A file that isn't YAML would only draw findings about what is missing in it.
  guard let file = project.file else {
    return Compilation(sources: project.sources, diagnostics: project.diagnostics)
  }
  let prefix = options.prefix.flatMap { isNamePrefix($0) ? $0 : nil }
  var resolution = ResolutionOptions(defaultProjectName: defaultProjectName(options), prefix: prefix)
  resolution.occupied = options.host?.networks ?? []
  resolution.existing = options.host?.existingNetworks ?? []
  let topology = resolve(named(file, options.projectName), options: resolution)
  let diagnostics = ordered(ofOptions(options) + project.diagnostics + findings(in: file, topology))

  var compilation = Compilation(sources: project.sources, diagnostics: diagnostics)
  compilation.file = file
  compilation.topology = topology
  compilation.host = options.host
  if !compilation.hasErrors { compilation.instanceName = instanceName(topology) }
  return compilation
}

/// What is wrong with the options: a prefix that can't be one, and files with a default name that aren't read.
private func ofOptions(_ options: CompileOptions) -> [Diagnostic] {
  var findings = options.ignoredFiles.map { file in
    Diagnostic(
      InputCode.ignoredInput, "`\(file.path)` isn't read: `\(file.taken)` comes first", at: nil,
      help: "name the files with -f")
  }
  if let prefix = options.prefix, !isNamePrefix(prefix) {
    findings.append(
      Diagnostic(
        InputCode.invalidPrefix, "`\(prefix)`, the prefix asked for, can't start the names of devices", at: nil,
        help: "use a few lower-case letters, digits, `-` and `_`, starting with a letter or a digit"))
  }
  return findings
}

/// What the loader takes of the options.
private func loadOptions(_ options: CompileOptions) -> LoadOptions {
  var result = LoadOptions()
  result.environment = options.environment
  result.environmentFiles = options.environmentFiles.map { SourceText(name: $0.name, bytes: $0.bytes) }
  result.projectName = options.projectName
  result.defaultProjectName = defaultProjectName(options)
  result.profiles = options.profiles
  result.folder = options.folder
  return result
}

/// How the loader has other files.
private func access(_ options: CompileOptions) -> FileAccess {
  guard let read = options.fileReader else { return .none }
  return FileAccess { path throws(FileAccess.Failure) in
    do throws(InputError) {
      return try read(path).bytes
    } catch {
      switch error {
      case .unreadable(_, let reason): throw .unreadable(reason)
      case .notFound, .tooLarge, .invalidProjectName: throw .unreadable(error.description)
      }
    }
  }
}

/// The file with the name that the options give it, if they do.
private func named(_ file: ProjectFile, _ name: String?) -> ProjectFile {
  guard let name, let first = file.nodes.first?.name ?? file.networks.first?.key else { return file }
  var file = file
  file.name = first.map { _ in name }
  return file
}

/// The project's name by compose's last rule: the folder's, as far as it has letters and digits.
private func defaultProjectName(_ options: CompileOptions) -> String {
  let name = options.projectName ?? FilePath(options.directory).lastComponent?.string ?? ""
  let normalized = normalizedProjectName(name)
  return normalized.isEmpty ? "default" : normalized
}

/// The name that the network goes by on its machine.
private func instanceName(_ topology: Topology) -> InstanceName? {
  let text = normalizedProjectName((topology.prefix.map { "\($0)-" } ?? "") + topology.projectName)
  guard text.utf8.count > InstanceName.maximumLength else { return InstanceName(text) }
  // Of two long names that start alike each keeps one of its own.
  let hash = String(stableHash(text), radix: 36).suffix(5)
  return InstanceName("\(text.prefix(InstanceName.maximumLength - 1 - hash.count))-\(hash)")
}
