/// What a compilation takes from beside the files.
public struct CompileOptions: Sendable {
  /// The project's name, before the file's own and the folder's.
  public var projectName: String?
  /// The word before every namespace and device name, before the file's own.
  public var prefix: String?
  /// The folder whose name is the project's where nothing else names it.
  public var directory: String
  /// What relative paths in the files start from; the first file's folder without it.
  public var folder: String?
  /// The variables that `${…}` in the file stands for, before those of the environment files.
  public var environment: [String: String]
  /// The environment files, the last of which wins.
  public var environmentFiles: [Input] = []
  /// The files beside those that are compiled that could have been meant, and aren't read.
  public var ignoredFiles: [IgnoredInput] = []
  /// The profiles whose services are taken; `*` for all.
  public var profiles: [String] = []
  /// The machine that it is for, as a snapshot found it: automatic subnets keep away from its networks, and a
  /// simulation starts from its state.
  public var host: HostSnapshot?
  /// Reads the files that `include` and `extends` name; nil where there are none to be had.
  public var fileReader: (@Sendable (_ path: String) throws(InputError) -> Input)?

  /// Creates options.
  ///
  /// - Parameters:
  ///   - projectName: the project's name, before the file's own and the folder's.
  ///   - prefix: the word before every namespace and device name, before the file's own.
  ///   - directory: the folder whose name is the project's where nothing else names it.
  ///   - environment: the variables that `${…}` in the file stands for.
  public init(
    projectName: String? = nil, prefix: String? = nil, directory: String = "", environment: [String: String] = [:]
  ) {
    self.projectName = projectName
    self.prefix = prefix
    self.directory = directory
    self.environment = environment
  }
}
