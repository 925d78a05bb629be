import Foundation
import Testing

/// What was built beside the tests.
@Suite struct ProductTests {
  @Test func commandLinksNoFullFoundation() throws {
    let outcome = try run("/usr/bin/ldd", [product("netwright")])
    try #require(outcome.status == 0, "\(outcome.output)")
    // Proof that the list is one: every Swift program has this line.
    try #require(outcome.output.contains("libswiftCore.so") || outcome.output.contains("libc.so"))
    for library in ["libFoundation.so", "libFoundationInternationalization.so", "lib_FoundationICU.so"] {
      #expect(!outcome.output.contains(library), "\(library) costs milliseconds at every start")
    }
  }

  @Test func generatedFilesAreUpToDate() throws {
    let outcome = try run(product("netwright-generate"), ["--check"])
    #expect(outcome.status == 0, "run `make generate`: \(outcome.output)")
  }

  @Test func generatorRefusesWhatItDoesNotKnow() throws {
    // A generator that ignored its arguments would pass any check.
    #expect(try run(product("netwright-generate"), ["--no-such-option"]).status != 0)
  }

  /// A product of the build that this test is part of; the test fails where it isn't there.
  private func product(_ name: String) throws -> String {
    let folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    let path = folder.appending(path: name).path
    try #require(FileManager.default.isExecutableFile(atPath: path), "\(path) was not built")
    return path
  }

  private func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["timeout", "60", program] + arguments
    process.currentDirectoryURL = Repository.root
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let bytes = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
  }
}
