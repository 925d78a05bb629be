import Testing

/// The layers: who imports whom.
@Suite struct ImportTests {
  @Test func everyImportIsAllowed() throws {
    let table = try ModuleTable()
    var count = 0
    for file in try Repository.sources() {
      let allowed = try #require(table.allowed[file.module], "\(file.module) is missing from ARCHITECTURE.md's table")
      for module in importedModules(file) {
        count += 1
        #expect(
          allowed.contains(module) || ModuleTable.everywhere.contains(module),
          "\(file.path) imports \(module), which ARCHITECTURE.md does not allow in \(file.module)")
      }
    }
    #expect(count > 50)
  }

  @Test func packageDeclaresWhatTheTableAllows() throws {
    let table = try ModuleTable()
    let declared = try declaredDependencies()
    for module in try Repository.modules() {
      #expect(
        declared[module].map { $0.subtracting(ModuleTable.everywhere) } == table.allowed[module],
        "Package.swift and ARCHITECTURE.md differ about \(module)")
    }
  }

  @Test func tableNamesEveryModuleAndNoOther() throws {
    #expect(try Set(ModuleTable().allowed.keys) == Repository.modules())
  }

  @Test func tableHasNoCycle() throws {
    var rest = try ModuleTable().allowed
    while !rest.isEmpty {
      let lowest = rest.filter { $0.value.allSatisfy { rest[$0] == nil } }.map(\.key)
      try #require(!lowest.isEmpty, "a cycle among \(rest.keys.sorted())")
      for module in lowest { rest[module] = nil }
    }
  }

  @Test func fullFoundationIsImportedNowhere() throws {
    for file in try Repository.sources() {
      #expect(!importedModules(file).contains("Foundation"), "\(file.path): import FoundationEssentials instead")
    }
  }
}

/// The modules that a file imports, those of which only a part is named included.
func importedModules(_ file: Repository.File) -> [String] {
  let pattern =
    /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)/
  return file.code.compactMap { $0.firstMatch(of: pattern).map { String($0.1) } }
}
