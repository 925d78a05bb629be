package import Diagnostics
import YAMLTree

/// What loading takes from beside the files.
package struct LoadOptions: Sendable {
  /// The variables that `${…}` stands for, before those of the environment files.
  package var environment: [String: String] = [:]
  /// The environment files, the last of which wins.
  package var environmentFiles: [SourceText] = []
  /// The project's name, before the file's own.
  package var projectName: String?
  /// The project's name where nothing else gives it one.
  package var defaultProjectName = "default"
  /// The profiles whose services are taken; `*` for all.
  package var profiles: [String] = []
  /// The folder that paths in the files start from; that of the first file without it.
  package var folder: String?

  /// Creates options that say nothing.
  package init() {}
}

/// What came of loading.
package struct LoadedProject: Sendable {
  /// Every file that was read, those given first.
  package var sources: SourceSet
  /// The project as far as it could be read; nil where a file isn't even YAML, so that more findings would mislead.
  package var file: ProjectFile?
  /// The findings, in the order of their places.
  package var diagnostics: [Diagnostic]
}

/// Loads files as one project, as compose does (compose-go, loader/loader.go).
///
/// Each document of each file is completed by what it includes, its services by those that they extend, and laid over
/// the documents before it; then keys and values are read and checked, and services without an active profile taken
/// out.
///
/// - Parameters:
///   - texts: the files, in order.
///   - options: what else to take into account.
///   - files: how other files are had.
/// - Returns: the project and the findings.
package func loadProject(
  _ texts: [SourceText], options: LoadOptions = LoadOptions(), files: FileAccess = .none
) -> LoadedProject {
  var loader = Loader(files: files)
  let parsed = texts.map { loader.parse($0) }
  var environment = loader.environment(from: options.environmentFiles, over: options.environment)
  guard !loader.isBroken else { return loader.result(nil) }

  environment["COMPOSE_PROJECT_NAME"] = loader.projectName(parsed, options, environment)
  let scope = Loader.Scope(
    folder: options.folder ?? folder(of: texts.first?.name ?? ""), environment: environment, ancestors: [])
  let model = loader.model(of: parsed, in: scope)
  guard !loader.isBroken else { return loader.result(nil) }

  var file = ProjectFile()
  file.lacksIncludes = loader.lacksIncludes
  loader.reader.readRoot(model, into: &file)
  loader.reader.select(profiles: options.profiles, in: &file)
  loader.reader.checkDependencies(in: file)
  return loader.result(file)
}
