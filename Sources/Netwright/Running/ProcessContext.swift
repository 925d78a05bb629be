import FoundationEssentials

/// What a process has from the one that started it.
public struct ProcessContext: Sendable {
  /// The environment variables.
  public let environment: [String: String]
  /// The current folder.
  public let directory: String

  /// Creates a context.
  ///
  /// - Parameters:
  ///   - environment: the environment variables.
  ///   - directory: the current folder.
  public init(environment: [String: String], directory: String) {
    self.environment = environment
    self.directory = directory
  }

  /// This process's own.
  public static var current: ProcessContext {
    ProcessContext(
      environment: ProcessInfo.processInfo.environment, directory: FileManager.default.currentDirectoryPath)
  }

  /// Whether text for a stream is coloured: on a terminal only, not with NO_COLOR set (no-color.org) or TERM=dumb.
  ///
  /// - Parameter stream: the stream.
  /// - Returns: whether it is.
  public func wantsColor(on stream: StandardStream) -> Bool {
    stream.isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
  }
}
