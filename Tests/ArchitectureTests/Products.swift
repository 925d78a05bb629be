import Foundation
import Testing

/// The programs that were built beside the tests.
enum Products {
  /// The folder they are in.
  static let folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

  /// A program's path; a failure where it wasn't built.
  static func path(_ name: String) throws -> String {
    let path = folder.appending(path: name).path
    try #require(FileManager.default.isExecutableFile(atPath: path), "\(path) was not built")
    return path
  }

  /// Runs a program until it ends, or is killed after some seconds.
  ///
  /// - Returns: Its exit status, 137 or 124 when it was killed, and what it wrote to standard output and error.
  static func run(
    _ program: String, _ arguments: [String], in directory: URL = Repository.root, input: String = "", seconds: Int = 60
  ) throws -> (status: Int32, output: String) {
    let process = Process()
    let standardOutput = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["timeout", "--kill-after=5", "\(seconds)", program] + arguments
    process.currentDirectoryURL = directory
    var environment = ProcessInfo.processInfo.environment
    environment["PATH"] = "\(folder.path):\(environment["PATH"] ?? "/usr/bin:/bin"):/usr/sbin:/sbin"
    process.environment = environment
    // A file rather than a pipe: a program that ends without reading it must not end this one by SIGPIPE.
    let inputFile = FileManager.default.temporaryDirectory.appending(path: "netwright-input-\(UUID().uuidString)")
    try Data(input.utf8).write(to: inputFile)
    defer { try? FileManager.default.removeItem(at: inputFile) }
    process.standardInput = try FileHandle(forReadingFrom: inputFile)
    process.standardOutput = standardOutput
    process.standardError = standardOutput
    try process.run()
    let bytes = try standardOutput.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
  }
}
