import Foundation
import NetwrightTestSupport
import Testing

/// What was built, and what it says of the repository.
@Suite struct ProductTests {
  @Test func commandLinksNoFullFoundation() throws {
    // Not the one that is tested: it may have all that it needs linked in.
    let outcome = try Products.run("ldd", [Products.folder.appending(path: "netwright").path])
    try #require(outcome.status == 0, "\(outcome.output)")
    // Proof that the list is one: every program has the C library.
    try #require(outcome.output.contains("libc.so"))
    for library in ["libFoundation.so", "libFoundationInternationalization.so", "lib_FoundationICU.so"] {
      #expect(!outcome.output.contains(library), "\(library) costs milliseconds at every start")
    }
  }

  @Test func generatedFilesAreUpToDate() throws {
    let outcome = try Products.run(Products.path("netwright-generate"), ["--check"])
    #expect(outcome.status == 0, "run `make generate`: \(outcome.output)")
  }

  @Test func generatorRefusesWhatItDoesNotKnow() throws {
    // A generator that ignored its arguments would pass any check.
    #expect(try Products.run(Products.path("netwright-generate"), ["--no-such-option"]).status != 0)
  }
}
