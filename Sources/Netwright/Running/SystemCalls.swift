import FoundationEssentials
import Glibc
import SystemPackage

/// The system calls that need pointers, and that no library at hand wraps.
enum SystemCalls {
  /// All bytes of a file; nil if there are more than a limit.
  ///
  /// - Throws: `Errno`.
  static func readAll(_ file: FileDescriptor, limit: Int) throws -> [UInt8]? {
    var bytes: [UInt8] = []
    // Room for all of a file, so that it comes in one piece, and for a byte beyond the limit, by which that shows.
    let pieceSize = min(max(size(of: file), 1 << 16), limit) + 1
    while bytes.count <= limit {
      let piece = unsafe try [UInt8](unsafeUninitializedCapacity: pieceSize) { buffer, count in
        count = unsafe try file.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      if piece.isEmpty { return bytes }
      if bytes.isEmpty { bytes = piece } else { bytes += piece }
    }
    return nil
  }

  /// The size of a file (fstat(2)): nothing where there is none to be known, as of a pipe.
  private static func size(of file: FileDescriptor) -> Int {
    var status = stat()
    return unsafe fstat(file.rawValue, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Whether two paths lead to the same file (stat(2)).
  static func isSameFile(_ one: String, _ other: String) -> Bool {
    var (status, otherStatus) = (stat(), stat())
    guard unsafe stat(one, &status) == 0, unsafe stat(other, &otherStatus) == 0 else { return false }
    return status.st_dev == otherStatus.st_dev && status.st_ino == otherStatus.st_ino
  }

  /// Whether there is something at a path, be it a link that leads nowhere (lstat(2)).
  static func isThere(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0
  }

  /// The number of the file that a path leads to (stat(2)); nil where there is none, or it can't be seen.
  static func inode(of path: String) -> UInt64? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? UInt64(status.st_ino) : nil
  }

  /// Gives a file a second name, which nothing may have yet (link(2)).
  ///
  /// - Throws: `Errno`.
  static func link(_ path: String, as other: String) throws {
    guard unsafe Glibc.link(path, other) != 0 else { return }
    throw Errno(rawValue: errno)
  }

  /// Makes a folder, unless it is there (mkdir(2)).
  ///
  /// - Throws: `OutputError`.
  static func makeFolder(_ path: String, permissions: FilePermissions = FilePermissions(rawValue: 0o755)) throws {
    guard unsafe mkdir(path, permissions.rawValue) != 0, errno != EEXIST else { return }
    throw OutputError(description: "\(path): \(Errno(rawValue: errno))")
  }

  /// Removes a folder if there is nothing in it (rmdir(2)).
  static func removeEmptyFolder(_ path: String) { _ = unsafe rmdir(path) }

  /// Whether a path is a folder, no link, that is this user's and that nobody else can write to (lstat(2)).
  static func isPrivateFolder(_ path: String) -> Bool {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return false }
    return status.st_mode & S_IFMT == S_IFDIR && status.st_uid == geteuid() && status.st_mode & 0o022 == 0
  }

  /// Gives a file another descriptor, and closes all but that and the standard streams.
  ///
  /// - Throws: `Errno`.
  static func keepAlone(_ file: FileDescriptor, as number: Int32) throws {
    if file.rawValue != number { _ = try file.duplicate(as: FileDescriptor(rawValue: number)) }
    let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    for other in open.compactMap({ Int32($0) }) where other > STDERR_FILENO && other != number { _ = close(other) }
  }

  /// This process's number.
  static var process: Int32 { getpid() }

  /// The user that this process acts for.
  static var user: UInt32 { geteuid() }

  /// Ends a process at once (kill(2)); one that is gone is no error.
  ///
  /// - Throws: `Errno`.
  static func kill(_ process: Int32) throws {
    guard Glibc.kill(process, SIGKILL) != 0, errno != ESRCH else { return }
    throw Errno(rawValue: errno)
  }

  /// Waits.
  static func sleep(milliseconds: UInt32) { usleep(milliseconds * 1000) }

  /// A file without a name that holds a text, positioned at its start; it goes away with its last descriptor.
  ///
  /// - Throws: `Errno`.
  static func namelessFile(_ text: String) throws -> FileDescriptor {
    let path = FilePath("/tmp/netwright-\(getpid())-\(UInt64.random(in: 0 ... .max))")
    let file = try FileDescriptor.open(
      path, .readWrite, options: [.create, .exclusiveCreate], permissions: [.ownerReadWrite])
    guard unsafe unlink(path.string) == 0 else { throw Errno(rawValue: errno) }
    _ = try file.writeAll(Array(text.utf8))
    _ = try file.seek(offset: 0, from: FileDescriptor.SeekOrigin.start)
    return file
  }

  /// Becomes another program, found in PATH (execvp(3)); returns only if that fails.
  ///
  /// - Parameters:
  ///   - arguments: the program and its arguments; at least one.
  ///   - input: what becomes the program's standard input; nil to keep this process's.
  /// - Throws: `Errno`, always.
  static func become(_ arguments: [String], input: FileDescriptor?) throws -> Never {
    if let input, input != .standardInput {
      _ = try input.duplicate(as: .standardInput)
      // The program would have it twice, and all that it starts.
      try input.close()
    }
    guard let program = arguments.first else { throw Errno.invalidArgument }
    var vector = unsafe arguments.map { unsafe strdup($0) }
    unsafe vector.append(nil)
    _ = unsafe execvp(program, vector)
    throw Errno(rawValue: errno)
  }
}
