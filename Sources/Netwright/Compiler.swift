import Diagnostics
import Plan
import ProjectFile
import Rules
import SystemPackage
import Topology
import YAMLTree

/// Compiles files: reads, resolves and checks them; where nothing is wrong, what brings the network about can be had.
///
/// Later files override earlier ones, as compose merges them. All findings come in one run: each stage goes on with what
/// the one before could make out.
///
/// - Parameters:
///   - inputs: the files, at least one.
///   - options: what else to take into account.
/// - Returns: the findings and, where there is no error, what a plan and a script are made of.
public func compile(_ inputs: [Input], options: CompileOptions = CompileOptions()) -> Compilation {
  var sources = SourceSet()
  var documents: [YAMLNode] = []
  var diagnostics: [Diagnostic] = []
  for input in inputs {
    let text = SourceText(name: input.name, bytes: input.bytes)
    let reading = readYAML(text, id: sources.add(text))
    documents += reading.documents
    diagnostics += reading.diagnostics
  }
  // A file that isn't YAML would only draw findings about what is missing in it.
  guard !diagnostics.contains(where: { $0.severity == .error }) else {
    return Compilation(sources: sources, diagnostics: ordered(diagnostics))
  }
  let (file, fileDiagnostics) = readProject(documents, environment: options.environment)
  diagnostics += fileDiagnostics
  let topology = resolve(
    named(file, options.projectName),
    options: ResolutionOptions(defaultProjectName: defaultProjectName(options), prefix: options.prefix))
  diagnostics += findings(in: file, topology)

  var compilation = Compilation(sources: sources, diagnostics: ordered(diagnostics))
  compilation.file = file
  compilation.topology = topology
  if !compilation.hasErrors { compilation.instanceName = instanceName(topology) }
  return compilation
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
  let text = [topology.prefix, topology.projectName].compactMap { $0 }.joined(separator: "-")
  return InstanceName(String(normalizedProjectName(text).prefix(InstanceName.maximumLength)))
}
