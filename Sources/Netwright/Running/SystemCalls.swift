import Glibc
import SystemPackage

/// The system calls that need pointers, and that no library at hand wraps.
enum SystemCalls {
  /// All bytes of a file; nil if there are more than a limit.
  ///
  /// - Throws: `Errno`.
  static func readAll(_ file: FileDescriptor, limit: Int) throws -> [UInt8]? {
    var bytes: [UInt8] = []
    while bytes.count <= limit {
      let chunk = unsafe try [UInt8](unsafeUninitializedCapacity: 1 << 18) { buffer, count in
        count = unsafe try file.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      if chunk.isEmpty { return bytes }
      bytes += chunk
    }
    return nil
  }

  /// A file in memory with some text, positioned at its start (memfd_create(2)); it goes away with its last descriptor.
  ///
  /// - Throws: `Errno`.
  static func memoryFile(_ text: String) throws -> FileDescriptor {
    let number = unsafe memfd_create("netwright", 0)
    guard number >= 0 else { throw Errno(rawValue: errno) }
    let file = FileDescriptor(rawValue: number)
    _ = try file.writeAll(Array(text.utf8))
    try file.seek(offset: 0, from: .start)
    return file
  }

  /// Becomes another program, found in PATH (execvp(3)); returns only if that fails.
  ///
  /// - Parameters:
  ///   - arguments: the program and its arguments; at least one.
  ///   - input: what becomes the program's standard input; nil to keep this process's.
  /// - Throws: `Errno`, always.
  static func become(_ arguments: [String], input: FileDescriptor?) throws -> Never {
    if let input { _ = try input.duplicate(as: .standardInput) }
    var vector = unsafe arguments.map { unsafe strdup($0) }
    unsafe vector.append(nil)
    unsafe execvp(vector[0], vector)
    throw Errno(rawValue: errno)
  }
}
