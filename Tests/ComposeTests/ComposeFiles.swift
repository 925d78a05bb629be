import Foundation
import Testing

@testable import Netwright

/// The compose files that the tests go over: our own, and those of public projects where they are at hand.
enum ComposeFiles {
  /// A project: its folder, and the files to load.
  struct Project: CustomTestStringConvertible, Sendable {
    let folder: String
    let files: [String]

    var testDescription: String {
      ([URL(filePath: folder).lastPathComponent] + files).joined(separator: " ")
    }

    /// The project compiled, in an environment without any variable.
    func compilation() throws -> Compilation {
      var selection = InputSelection()
      selection.files = files.map { "\(folder)/\($0)" }
      selection.projectDirectory = folder
      let context = ProcessContext(environment: [:], directory: folder)
      let (inputs, options) = try InputFiles.project(selection, in: context)
      return compile(inputs, options: options)
    }
  }

  /// Our own, in the style of well-known projects: a folder each.
  static let own: [Project] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root + "Files")) ?? []
    return names.sorted().map { name in
      let folder = root + "Files/" + name
      return Project(folder: folder, files: named[name] ?? defaults(in: folder))
    }
  }()

  /// The file that is found by its name, and its override.
  private static func defaults(in folder: String) -> [String] {
    [InputFiles.defaultNames, InputFiles.overrideNames].compactMap { names in
      names.first { FileManager.default.fileExists(atPath: "\(folder)/\($0)") }
    }
  }

  /// Those whose files aren't found by their names.
  private static let named = [
    "backend": ["docker-compose.yml", "dev/docker-compose.dev.yml"], "grid": ["docker-compose-v3.yml"],
  ]

  /// Those of public projects that docker-compose 1.29 accepts; none where they aren't at hand.
  static let corpus: [Project] = {
    guard let text = try? String(contentsOfFile: corpusFolder + "/oracle.tsv", encoding: .utf8) else { return [] }
    return text.split(separator: "\n").dropFirst().compactMap { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count > 1, fields[1] == "accepts" else { return nil }
      let url = URL(filePath: "\(corpusFolder)/\(fields[0])")
      return Project(folder: url.deletingLastPathComponent().path, files: [url.lastPathComponent])
    }
  }()

  static let root = URL(filePath: #filePath).deletingLastPathComponent().path + "/"

  /// NETWRIGHT_CORPUS, or `shared/corpus/compose` beside the project.
  private static let corpusFolder =
    ProcessInfo.processInfo.environment["NETWRIGHT_CORPUS"]
    ?? URL(filePath: root).appending(path: "../../../shared/corpus/compose").standardizedFileURL.path
}
