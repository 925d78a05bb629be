import Diagnostics
import ProjectFile
import SystemPackage

/// What a command line says about what is loaded; what it leaves open, the environment or the folder decides.
public struct InputSelection: Sendable {
  /// The files, `-` being standard input.
  public var files: [String] = []
  /// The environment files.
  public var environmentFiles: [String] = []
  /// The project's name.
  public var projectName: String?
  /// The folder that relative paths start from, and that gives the project its name.
  public var projectDirectory: String?
  /// The active profiles.
  public var profiles: [String] = []

  /// Creates a selection that leaves everything open.
  public init() {}
}

extension InputFiles {
  /// Finds and reads what is to be compiled, as compose does (compose-go, cli/options.go).
  ///
  /// The files are those named, or those of COMPOSE_FILE, or the default file and its override. The variables are the
  /// process's, then those of the environment files: the named ones, or those of COMPOSE_ENV_FILES, or `.env` here and
  /// in the project's folder, unless COMPOSE_DISABLE_ENV_FILE forbids it.
  ///
  /// - Parameters:
  ///   - selection: what the command line says.
  ///   - context: the environment and the folder to start from.
  /// - Returns: the inputs, and the options to compile them with.
  /// - Throws: `InputError`.
  public static func project(
    _ selection: InputSelection, in context: ProcessContext
  ) throws(InputError) -> (inputs: [Input], options: CompileOptions) {
    var environment = EnvironmentFiles(context: context)
    let start = selection.projectDirectory ?? folder(ofFirst: selection.files)
    let named =
      selection.environmentFiles.isEmpty ? list(context.environment["COMPOSE_ENV_FILES"]) : selection.environmentFiles
    if named.isEmpty { try environment.addDefault(in: start) }
    for path in named { environment.files.append(try read(path)) }

    let (paths, ignored) = try files(selection, environment.variables, context)
    var inputs: [Input] = []
    for path in paths { inputs.append(try read(path)) }
    let folder = selection.projectDirectory ?? folder(ofFirst: paths)
    if named.isEmpty, folder != start { try environment.addDefault(in: folder) }

    let variables = environment.variables
    var options = CompileOptions(
      projectName: try projectName(selection, variables),
      directory: FilePath(context.directory).pushing(FilePath(folder)).lexicallyNormalized().string,
      environment: context.environment)
    options.folder = folder
    options.ignoredFiles = ignored
    options.environmentFiles = environment.files
    options.profiles = selection.profiles.isEmpty ? list(variables["COMPOSE_PROFILES"]) : selection.profiles
    options.fileReader = { path throws(InputError) in try read(path) }
    return (inputs, options)
  }

  /// The files to compile, and those passed over.
  private static func files(
    _ selection: InputSelection, _ variables: [String: String], _ context: ProcessContext
  ) throws(InputError) -> (paths: [String], ignored: [IgnoredInput]) {
    if !selection.files.isEmpty { return (selection.files, []) }
    if let list = variables["COMPOSE_FILE"], !list.isEmpty {
      let separator = variables["COMPOSE_PATH_SEPARATOR"].flatMap { $0.isEmpty ? nil : $0 } ?? ":"
      return (list.split(separator: separator).map(String.init), [])
    }
    return try found(from: FilePath(context.directory).pushing(FilePath(selection.projectDirectory ?? "")), context)
  }

  /// A name that is asked for has to be right; one that a file or folder gives is made so.
  private static func projectName(
    _ selection: InputSelection, _ variables: [String: String]
  ) throws(InputError) -> String? {
    let asked = selection.projectName ?? variables["COMPOSE_PROJECT_NAME"].flatMap { $0.isEmpty ? nil : $0 }
    guard let asked else { return nil }
    guard !asked.isEmpty, normalizedProjectName(asked) == asked else { throw .invalidProjectName(asked) }
    return asked
  }

  /// The folder of the first file as it is named; standard input, which is in none, doesn't count.
  private static func folder(ofFirst paths: [String]) -> String {
    paths.first { $0 != "-" }.map { FilePath($0).removingLastComponent().string } ?? ""
  }

  private static func list(_ text: String?) -> [String] {
    (text ?? "").split(separator: ",").map { String($0) }
  }
}

/// The environment files as they are gathered.
private struct EnvironmentFiles {
  let context: ProcessContext
  /// The last wins.
  var files: [Input] = []

  init(context: ProcessContext) { self.context = context }

  /// Adds the `.env` of a folder, if there is one, below those that are there already.
  mutating func addDefault(in folder: String) throws(InputError) {
    if let word = context.environment["COMPOSE_DISABLE_ENV_FILE"]?.lowercased(),
      ["1", "t", "true", "y", "yes"].contains(word)
    {
      return
    }
    let path = FilePath(folder).appending(".env")
    guard InputFiles.isThere(path) else { return }
    files.insert(try InputFiles.read(path.string), at: 0)
  }

  /// What the files and the process say together.
  var variables: [String: String] {
    var pairs: [String: String] = [:]
    for file in files {
      let known = pairs.merging(context.environment) { _, process in process }
      let text = SourceText(name: file.name, bytes: file.bytes)
      pairs.merge(environmentPairs(of: text, id: SourceID(index: 0), environment: known).pairs) { _, later in later }
    }
    return context.environment.merging(pairs) { process, _ in process }
  }
}
