package import Foundation

/// The programs that were built beside the tests, and the system's.
package enum Products {
  /// The folder they are in.
  package static let folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()

  /// The folder with the command that is tested: that of NETWRIGHT_RELEASE, where `make test` has built what is installed,
  /// or else the other programs'.
  package static let commandFolder =
    ProcessInfo.processInfo.environment["NETWRIGHT_RELEASE"].map { URL(filePath: $0) } ?? folder

  /// The command that is tested.
  package static let command = commandFolder.appending(path: "netwright").path

  /// The folder that has Package.swift.
  package static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// A program that was not built.
  package struct Missing: Error, CustomStringConvertible {
    /// Where it should be.
    package let path: String

    package var description: String { "\(path) was not built" }
  }

  /// A program's path.
  ///
  /// - Throws: `Missing` where it wasn't built.
  package static func path(_ name: String) throws -> String {
    let path = name == "netwright" ? command : folder.appending(path: name).path
    guard FileManager.default.isExecutableFile(atPath: path) else { throw Missing(path: path) }
    return path
  }

  /// Runs a program until it ends, or is killed after some seconds.
  ///
  /// - Parameters:
  ///   - program: a path, or a name to be looked for among these programs and the system's.
  ///   - arguments: its arguments.
  ///   - directory: the folder it starts in; the repository without one.
  ///   - input: what it reads from standard input.
  ///   - seconds: how long it may take.
  /// - Returns: its exit status, 137 or 124 when it was killed, and what it wrote to standard output and error.
  /// - Throws: when it can't be started, or its input can't be written.
  package static func run(
    _ program: String, _ arguments: [String], in directory: URL = repository, input: String = "", seconds: Int = 300
  ) throws -> (status: Int32, output: String) {
    let process = Process()
    let standardOutput = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["timeout", "--kill-after=5", "\(seconds)", program] + arguments
    process.currentDirectoryURL = directory
    var environment = ProcessInfo.processInfo.environment
    environment["PATH"] =
      "\(commandFolder.path):\(folder.path):\(environment["PATH"] ?? "/usr/bin:/bin"):/usr/sbin:/sbin"
    process.environment = environment
    // A file rather than a pipe: a program that ends without reading it must not end this one by SIGPIPE.
    let inputFile = FileManager.default.temporaryDirectory.appending(path: "netwright-input-\(UUID().uuidString)")
    try Data(input.utf8).write(to: inputFile)
    defer { try? FileManager.default.removeItem(at: inputFile) }
    process.standardInput = try FileHandle(forReadingFrom: inputFile)
    process.standardOutput = standardOutput
    process.standardError = standardOutput
    try KernelSandbox.withoutBlockedSignals { try process.run() }
    let bytes = try standardOutput.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
  }
}
