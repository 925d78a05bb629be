import Foundation
import Testing

/// The allowed imports: a module and what it may import beside the standard modules.
///
/// They stand in ARCHITECTURE.md, in the code block that starts with `Diagnostics ->`, one module a line.
struct ModuleTable {
  /// What a module may import.
  let allowed: [String: Set<String>]

  /// Modules that any may import: those of the toolchain that don't pull in full Foundation, and the containers.
  static let everywhere: Set<String> = [
    "Swift", "Synchronization", "FoundationEssentials", "Glibc", "OrderedCollections", "DequeModule", "HeapModule",
  ]

  /// Reads the table.
  init() throws {
    let text = try Repository.text("ARCHITECTURE.md")
    let start = try #require(text.firstRange(of: "```\nDiagnostics ->"), "ARCHITECTURE.md has no table of imports")
    let block = text[start.lowerBound...].dropFirst(4)
    let end = try #require(block.firstRange(of: "```"))
    var table: [String: Set<String>] = [:]
    for line in block[..<end.lowerBound].split(separator: "\n") {
      let parts = line.components(separatedBy: "->")
      try #require(parts.count == 2, "a line without an arrow: \(line)")
      let module = parts[0].trimmingCharacters(in: .whitespaces)
      try #require(table[module] == nil, "twice: \(module)")
      table[module] = Set(parts[1].split(separator: " ").map(String.init))
    }
    allowed = table
  }
}

/// The dependencies that Package.swift declares for the targets of Sources, products by their names.
func declaredDependencies() throws -> [String: Set<String>] {
  let manifest = try Repository.text("Package.swift")
  var declared: [String: Set<String>] = [:]
  let targets = manifest.split(separator: /\.(?:target|executableTarget|testTarget|systemLibrary)\(/).dropFirst()
  for target in targets {
    guard let name = target.firstMatch(of: /name:\s*"([^"]+)"/) else { continue }
    // The list ends with the call; what follows the last target isn't part of it.
    let call = target.split(separator: "swiftLanguageModes").first ?? target
    let list = call.firstRange(of: "dependencies:").map { String(call[$0.upperBound...]) } ?? ""
    let names = list.replacing(/(?:package|path):\s*"[^"]*"|\.embedInCode\("[^"]*"\)/, with: "").matches(
      of: /"([^"]+)"/)
    declared[String(name.1)] = Set(names.map { String($0.1) })
  }
  return declared
}
