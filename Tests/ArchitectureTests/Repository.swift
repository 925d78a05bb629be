import Foundation
import Testing

/// The project's files, as the tests of this folder read them.
enum Repository {
  /// The folder that has Package.swift.
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// A file of the project.
  struct File: CustomTestStringConvertible, Sendable {
    /// Its path from the root.
    let path: String
    /// What it says.
    let text: String
    /// Its lines as Swift code, without comments and without what string literals say.
    let code: [String]

    /// Reads Swift code; other files have none.
    init(path: String, text: String) {
      self.path = path
      self.text = text
      code = path.hasSuffix(".swift") ? codeLines(text) : []
    }

    /// The module it belongs to, for a file in Sources/MODULE.
    var module: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
    /// The last part of the path.
    var name: String { path.split(separator: "/").last.map(String.init) ?? "" }
    var testDescription: String { path }
  }

  /// The Swift files below Sources; never empty, so that no test passes for want of files.
  static func sources() throws -> [File] {
    let files = try readSources.get()
    try #require(files.count > 50)
    return files
  }

  /// Read once for all tests.
  private static let readSources = Result { try files(below: "Sources", suffix: ".swift") }

  /// The modules: the folders of Sources.
  static func modules() throws -> Set<String> {
    let names = try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "Sources").path)
    try #require(names.contains("Plan"))
    return Set(names)
  }

  /// The UTF-8 files below a folder whose names end in a suffix, sorted, without what the build makes; test inputs may
  /// be anything but UTF-8, on purpose.
  static func files(below folder: String, suffix: String = "") throws -> [File] {
    let paths: [String]
    if folder.isEmpty {
      let entries = try FileManager.default.contentsOfDirectory(atPath: root.path)
      paths = try entries.filter { !isMade($0) }.flatMap { entry in
        try isFile(entry) ? [entry] : subpaths(of: entry)
      }
    } else {
      paths = try subpaths(of: folder)
    }
    return try paths.sorted().filter { try $0.hasSuffix(suffix) && isFile($0) }.compactMap { path in
      let bytes = try Data(contentsOf: root.appending(path: path))
      return String(data: bytes, encoding: .utf8).map { File(path: path, text: $0) }
    }
  }

  /// One file.
  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  private static func subpaths(of folder: String) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path).map { "\(folder)/\($0)" }
  }

  private static func isFile(_ path: String) throws -> Bool {
    try root.appending(path: path).resourceValues(forKeys: [.isRegularFileKey]).isRegularFile ?? false
  }

  /// Whether an entry of the root is made by a build or by git.
  private static func isMade(_ name: String) -> Bool {
    [".git", ".swiftpm", ".build"].contains(name) || name.hasPrefix(".build-")
  }
}

/// Swift text without comments and without what string literals say, line by line, so that words can be looked for.
private func codeLines(_ text: String) -> [String] {
  var isInText = false
  return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
    let delimiters = line.components(separatedBy: "\"\"\"").count - 1
    defer { if delimiters % 2 == 1 { isInText.toggle() } }
    if isInText { return "" }
    let code = line.replacing(/"(?:[^"\\]|\\.)*"/, with: "\"\"")
    return code.firstRange(of: "//").map { String(code[..<$0.lowerBound]) } ?? String(code)
  }
}

/// The lines of a file's code that match, each as PATH:LINE.
func places(in file: Repository.File, matching pattern: Regex<Substring>) -> [String] {
  file.code.enumerated().compactMap { number, line in
    line.contains(pattern) ? "\(file.path):\(number + 1)" : nil
  }
}
