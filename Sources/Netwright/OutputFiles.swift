import SystemPackage

/// Files that the command writes.
public enum OutputFiles {
  /// Writes a text to a file, in place of what it held.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - path: the file.
  /// - Throws: `OutputError`.
  public static func write(_ text: String, to path: String) throws {
    try write([text.utf8], to: path, options: [.create, .truncate])
  }

  /// Writes bytes to a file, in place of what it held.
  ///
  /// - Parameters:
  ///   - pieces: the bytes, in pieces that come one after the other.
  ///   - path: the file.
  /// - Throws: `OutputError`.
  public static func write(_ pieces: [ArraySlice<UInt8>], to path: String) throws {
    try write(pieces, to: path, options: [.create, .truncate])
  }

  /// Writes files into a folder, which is made if it isn't there.
  ///
  /// - Parameters:
  ///   - files: the files by name.
  ///   - folder: the folder.
  /// - Throws: `OutputError`.
  public static func write(_ files: [(name: String, bytes: [UInt8])], into folder: String) throws {
    try SystemCalls.makeFolder(folder)
    for file in files {
      try write([file.bytes], to: FilePath(folder).appending(file.name).string, options: [.create, .truncate])
    }
  }

  /// Writes a text to a file that isn't there yet.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - path: the file.
  /// - Throws: `OutputError`.
  public static func create(_ text: String, at path: String) throws {
    try write([text.utf8], to: path, options: [.create, .exclusiveCreate])
  }

  /// The text of a file, for comparing it with what would be written.
  ///
  /// - Parameter path: the file.
  /// - Returns: the text; nil for a file too large to be one.
  /// - Throws: `Errno` if it can't be read.
  public static func read(_ path: String) throws -> String? {
    let file = try FileDescriptor.open(FilePath(path), .readOnly)
    return try file.closeAfter {
      try SystemCalls.readAll(file, limit: 1 << 26).map { String(decoding: $0, as: UTF8.self) }
    }
  }

  private static func write(
    _ pieces: [some Sequence<UInt8>], to path: String, options: FileDescriptor.OpenOptions
  ) throws {
    do {
      let file = try FileDescriptor.open(
        FilePath(path), .writeOnly, options: options, permissions: [.ownerReadWrite, .groupRead, .otherRead])
      try file.closeAfter { for piece in pieces { _ = try file.writeAll(piece) } }
    } catch {
      throw OutputError(description: "\(path): \(error)")
    }
  }
}

/// Why a file or standard output could not be written.
public struct OutputError: Error, CustomStringConvertible, Sendable {
  /// The error in words.
  public let description: String
}

/// What `netwright init` writes: two services on one network, and who reaches whom.
public let starterFile = """
  # Two services on one network. Try:
  #   netwright plan
  #   netwright run netwright.yaml -- ip netns exec web ping -c1 db
  services:
    web:
      networks:
        lan: { ipv4_address: 10.10.0.10 }
    db:
      networks: [lan]
  networks:
    lan:
      ipam:
        config:
          - subnet: 10.10.0.0/24
  checks:
    - { from: web, to: db, expect: reachable }

  """
