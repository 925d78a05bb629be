import Netwright
import Testing

/// The names that networks go by on their machine.
@Suite struct InstanceNameTests {
  private func instance(_ name: String, prefix: String? = nil) throws -> String {
    var options = CompileOptions()
    options.prefix = prefix
    let yaml = "name: \(name)\nservices: { web: {} }\n"
    return try #require(compile([Input(name: "lab.yaml", bytes: Array(yaml.utf8))], options: options).instance)
  }

  @Test func `two long names that start alike stay two`() throws {
    let (prefix, start) = (String(repeating: "p", count: 40), String(repeating: "x", count: 50))
    let names = try ["1", "2"].map { try instance(start + $0, prefix: prefix) }
    #expect(names[0] != names[1])
    #expect(try instance(start + "1", prefix: prefix) == names[0])
    for name in names {
      #expect(name.utf8.count == 64)
      #expect(name.hasPrefix("\(prefix)-xxxxx"))
    }
    let longest = String(repeating: "x", count: 64)
    #expect(try instance(longest) == longest)
  }
}
