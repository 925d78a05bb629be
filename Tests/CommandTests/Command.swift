import Foundation
import NetwrightTestSupport
import Testing

/// Programs as whole processes: the command, and those that judge what it writes.
enum Command {
  /// What a program wrote and how it ended.
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String
  }

  /// The command that is tested.
  static let path = Products.command

  /// Runs the command.
  static func run(_ words: String, input: String = "", in folder: String = "/") throws -> Outcome {
    try run([path] + words.split(separator: " ").map(String.init), input: input, in: folder)
  }

  /// Runs a program, for five minutes at most unless said otherwise: a hang ends, and a busy machine doesn't fail.
  static func run(
    _ arguments: [String], input: String = "", in folder: String = "/", seconds: Int = 300,
    environment: [String: String] = [:]
  ) throws -> Outcome {
    let scratch = FileManager.default.temporaryDirectory.appending(path: "netwright-run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["timeout", "-s", "KILL", "\(seconds)"] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.currentDirectoryURL = URL(filePath: folder)
    let files = ["input", "output", "errors"].map { scratch.appending(path: $0) }
    for url in files { try Data(url.lastPathComponent == "input" ? input.utf8 : "".utf8).write(to: url) }
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    let isKilled = process.terminationReason == .uncaughtSignal
    return Outcome(
      status: isKilled ? 128 + process.terminationStatus : process.terminationStatus,
      output: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self))
  }

  /// Holds a document against a schema of Schemas/, by a validator that isn't ours.
  static func validate(_ document: String, by schema: String) throws -> Outcome {
    let python = try run(["/bin/sh", "scripts/find-python.sh"], in: Products.repository.path)
    try #require(python.status == 0, "no Python with a validator: `make setup` installs python3-jsonschema")
    let file = FileManager.default.temporaryDirectory.appending(path: "netwright-document-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try document.write(to: file, atomically: false, encoding: .utf8)
    let program = python.output.trimmingCharacters(in: .whitespacesAndNewlines)
    return try run(
      [program, "Tests/Support/validate-json-schema.py", "Schemas/\(schema)", file.path], in: Products.repository.path)
  }
}
