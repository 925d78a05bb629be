/// The text of one input file.
public struct Input: Sendable {
  /// The name that findings and comments give the file.
  public let name: String
  /// The file's bytes.
  public let bytes: [UInt8]

  /// Creates an input.
  ///
  /// - Parameters:
  ///   - name: the name that findings and comments give the file.
  ///   - bytes: the file's bytes.
  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }
}

/// A file with one of the default names that isn't read, because another comes first.
public struct IgnoredInput: Hashable, Sendable {
  /// The file.
  public let path: String
  /// The one that is read.
  public let taken: String
}

/// Why the input files could not be had.
public enum InputError: Error, Hashable, Sendable {
  /// None was named and none of the default names is there.
  case notFound(directory: String)
  /// A file can't be read.
  case unreadable(path: String, reason: String)
  /// A file is larger than any that is taken.
  case tooLarge(path: String, limit: Int)
  /// A name was asked for that no project can have.
  case invalidProjectName(String)
}

extension InputError: CustomStringConvertible {
  /// The error in words, with what to do.
  public var description: String {
    switch self {
    case .notFound(let directory):
      "no input: \(directory) has none of \(InputFiles.defaultNames.joined(separator: ", ")); name a file with -f"
    case .unreadable(let path, let reason): "\(path): \(reason)"
    case .tooLarge(let path, let limit): "\(path): larger than \(limit >> 20) MiB"
    case .invalidProjectName(let name):
      "`\(name)` can't be a project's name: use lower-case letters, digits, - and _, starting with a letter or a digit"
    }
  }
}
