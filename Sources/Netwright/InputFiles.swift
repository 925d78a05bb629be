import SystemPackage

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

  /// The default file, in the nearest folder that has one, and its override; and what stands beside them under names
  /// that come later, and isn't read.
  ///
  /// - Throws: `InputError.notFound`.
  static func found(
    from directory: FilePath, _ context: ProcessContext
  ) throws(InputError) -> (paths: [String], ignored: [IgnoredInput]) {
    var folder = directory
    while true {
      if let name = defaultNames.first(where: { isThere(folder.appending($0)) }) {
        // A file found in the starting folder is called by its plain name, as a person there would call it.
        let prefix = folder.string == context.directory ? "" : "\(folder)/"
        guard !name.hasPrefix("netwright") else { return ([prefix + name], []) }
        let override = overrideNames.first { isThere(folder.appending($0)) }
        var ignored: [IgnoredInput] = []
        for (taken, names) in [(name, defaultNames), (override, overrideNames)] {
          guard let taken, let position = names.firstIndex(of: taken) else { continue }
          ignored += names[(position + 1)...].filter { isThere(folder.appending($0)) }
            .map { IgnoredInput(path: prefix + $0, taken: prefix + taken) }
        }
        return ([name, override].compactMap { $0 }.map { prefix + $0 }, ignored)
      }
      guard !folder.components.isEmpty else { throw .notFound(directory: directory.string) }
      folder.removeLastComponent()
    }
  }

  /// Whether there is something at a path; one that can't be read is not passed over.
  static func isThere(_ path: FilePath) -> Bool { SystemCalls.isThere(path.string) }

  /// Reads a file's text, `-` being standard input.
  ///
  /// - Parameter path: the file.
  /// - Returns: the text, without a byte order mark; what isn't UTF-8 in it is replaced.
  /// - Throws: `InputError`.
  public static func text(_ path: String) throws(InputError) -> String {
    let bytes = try read(path).bytes
    return String(decoding: bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes[...], as: UTF8.self)
  }

  /// Reads a file, `-` being standard input.
  ///
  /// - Throws: `InputError`.
  static func read(_ path: String) throws(InputError) -> Input {
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
