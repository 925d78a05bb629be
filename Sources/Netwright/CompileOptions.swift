/// What a compilation takes from beside the files.
public struct CompileOptions: Sendable {
  /// The project's name, before the file's own and the folder's.
  public var projectName: String?
  /// The word before every namespace and device name, before the file's own.
  public var prefix: String?
  /// The folder whose name is the project's where nothing else names it.
  public var directory: String
  /// The variables that `${…}` in the file stands for.
  public var environment: [String: String]

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
