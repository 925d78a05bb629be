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

    /// The module it belongs to, for a file in Sources/MODULE.
    var module: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
    /// The last part of the path.
    var name: String { path.split(separator: "/").last.map(String.init) ?? "" }
    var testDescription: String { path }
  }

  /// The Swift files below Sources; never empty, so that no test passes for want of files.
  static func sources() throws -> [File] {
    let files = try files(below: "Sources", suffix: ".swift")
    try #require(files.count > 50)
    return files
  }

  /// The modules: the folders of Sources.
  static func modules() throws -> Set<String> {
    let names = try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "Sources").path)
    try #require(names.contains("Plan"))
    return Set(names)
  }

  /// The files below a folder whose names end in a suffix, sorted, without what the build makes.
  static func files(below folder: String, suffix: String = "") throws -> [File] {
    let start = folder.isEmpty ? root : root.appending(path: folder)
    let paths = try FileManager.default.subpathsOfDirectory(atPath: start.path)
    return try paths.sorted().compactMap { path in
      let path = folder.isEmpty ? path : "\(folder)/\(path)"
      guard path.hasSuffix(suffix), !isMade(path) else { return nil }
      var isFolder: ObjCBool = false
      let full = root.appending(path: path).path
      guard FileManager.default.fileExists(atPath: full, isDirectory: &isFolder), !isFolder.boolValue else {
        return nil
      }
      let bytes = try Data(contentsOf: URL(filePath: full))
      // Test files may be anything but UTF-8, on purpose.
      return String(data: bytes, encoding: .utf8).map { File(path: path, text: $0) }
    }
  }

  /// One file.
  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  private static func isMade(_ path: String) -> Bool {
    [".build", ".git", ".swiftpm"].contains { path == $0 || path.hasPrefix("\($0)/") || path.hasPrefix("\($0)-") }
  }
}

/// Swift text without comments and without what string literals say, line by line, so that words can be looked for.
func codeLines(_ text: String) -> [String] {
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
  codeLines(file.text).enumerated().compactMap { number, line in
    line.contains(pattern) ? "\(file.path):\(number + 1)" : nil
  }
}
