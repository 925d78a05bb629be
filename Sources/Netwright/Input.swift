import ProjectFile
import SystemPackage

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

/// Why the input files could not be had.
public enum InputError: Error, Hashable, Sendable {
  /// None was named and none of the default names is there.
  case notFound(directory: String)
  /// A file can't be read.
  case unreadable(path: String, reason: String)
  /// A file is larger than any that is taken.
  case tooLarge(path: String, limit: Int)
}

extension InputError: CustomStringConvertible {
  /// The error in words, with what to do.
  public var description: String {
    switch self {
    case .notFound(let directory):
      "no input: \(directory) has none of \(InputFiles.defaultNames.joined(separator: ", ")); name a file with -f"
    case .unreadable(let path, let reason): "\(path): \(reason)"
    case .tooLarge(let path, let limit): "\(path): larger than \(limit >> 20) MiB"
    }
  }
}

/// The files that a run compiles: found, and read.
public enum InputFiles {
  /// The names that are looked for, in this order, first here and then in each parent folder: Netwright's, then
  /// compose's own (compose-go, cli.DefaultFileNames).
  public static let defaultNames = [
    "netwright.yaml", "netwright.yml", "compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml",
  ]

  /// The files beside the default one that override it, the first that is there (cli.DefaultOverrideFileNames).
  static let overrideNames = [
    "compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml",
  ]

  /// Reads the named files, `-` being standard input; without names, the default file and its override.
  ///
  /// - Parameters:
  ///   - paths: the files, in the order of `-f`.
  ///   - directory: the folder to start the search in.
  /// - Returns: the inputs, in the order of the paths.
  /// - Throws: `InputError`.
  public static func read(_ paths: [String], in directory: String) throws(InputError) -> [Input] {
    if paths.isEmpty { return try read(found(from: FilePath(directory)), in: directory) }
    var inputs: [Input] = []
    for path in paths { inputs.append(try read(path)) }
    return inputs
  }

  /// The folder whose name is the project's: that of the first file, or the starting one for standard input.
  ///
  /// - Parameters:
  ///   - inputs: the files.
  ///   - directory: the folder that their names start from.
  /// - Returns: the folder, absolute.
  public static func projectDirectory(of inputs: [Input], in directory: String) -> String {
    guard let first = inputs.first, first.name != "<stdin>" else { return directory }
    return FilePath(directory).pushing(FilePath(first.name)).removingLastComponent().lexicallyNormalized().string
  }

  /// The variables that `${…}` stands for: the process's own, then those of the project folder's `.env`.
  ///
  /// - Parameters:
  ///   - directory: the project's folder.
  ///   - environment: the process's own.
  /// - Returns: the variables.
  /// - Throws: `InputError` if there is an `.env` that can't be read.
  public static func environment(in directory: String, over environment: [String: String]) throws(InputError)
    -> [String: String]
  {
    let path = FilePath(directory).appending(".env")
    guard isReadable(path) else { return environment }
    let text = String(decoding: try read(path.string).bytes, as: UTF8.self)
    let pairs = environmentPairs(of: text, environment: environment)
    return environment.merging(pairs) { own, _ in own }
  }

  /// The default file, in the nearest folder that has one, and its override.
  private static func found(from directory: FilePath) throws(InputError) -> [String] {
    var folder = directory
    while true {
      if let name = defaultNames.first(where: { isReadable(folder.appending($0)) }) {
        // A file found in the starting folder is called by its plain name, as a person there would call it.
        let prefix = folder == directory ? "" : "\(folder)/"
        let override = overrideNames.first { isReadable(folder.appending($0)) }
        return [name, name.hasPrefix("netwright") ? nil : override].compactMap { $0 }.map { prefix + $0 }
      }
      guard !folder.components.isEmpty else { throw .notFound(directory: directory.string) }
      folder.removeLastComponent()
    }
  }

  private static func isReadable(_ path: FilePath) -> Bool {
    guard let file = try? FileDescriptor.open(path, .readOnly) else { return false }
    try? file.close()
    return true
  }

  private static func read(_ path: String) throws(InputError) -> Input {
    do {
      let isStandardInput = path == "-"
      let file = isStandardInput ? FileDescriptor.standardInput : try FileDescriptor.open(FilePath(path), .readOnly)
      defer { if !isStandardInput { try? file.close() } }
      guard let bytes = try SystemCalls.readAll(file, limit: maximumSize) else {
        throw InputError.tooLarge(path: path, limit: maximumSize)
      }
      return Input(name: isStandardInput ? "<stdin>" : path, bytes: bytes)
    } catch let error as Errno {
      throw .unreadable(path: path, reason: error.description)
    } catch let error as InputError {
      throw error
    } catch {
      throw .unreadable(path: path, reason: "\(error)")
    }
  }

  /// The most bytes that are read of a file: more than the YAML reader takes, so that it can say so itself.
  private static let maximumSize = 48 << 20
}
