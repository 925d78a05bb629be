import NetworkTypes
import NetwrightTestSupport
import Plan
import Simulator
import Views
import Testing

/// Which policy rules are refused because they are there, in the simulator and in the kernel.
@Suite struct PolicyRuleTests {
  @Test func `both kernels refuse the same rules`() throws {
    var kernel = Kernel()
    let simulated = try Self.rules.map { family, words -> String in
      let operation = try Self.operation(family, words)
      do throws(KernelError) {
        try kernel.perform(.addRule(operation))
        return ""
      } catch {
        return error.message
      }
    }
    let commands = Self.rules.map { family, words in
      "ip \(family == .ipv4 ? "-4" : "-6") rule add \(words) >/dev/null 2>/run/said && echo || tail -n 1 /run/said"
    }
    let outcome = try KernelSandbox.run(commands.joined(separator: "\n"))
    let real = outcome.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    try #require(real.count > Self.rules.count, "\(outcome)")
    for ((rule, simulated), real) in zip(zip(Self.rules, simulated), real) {
      #expect(simulated == real, "ip rule add \(rule.1)")
    }
    #expect(simulated.filter { $0.hasSuffix("File exists") }.count == 10)
  }

  @Test func `both kernels take the same rule for the one to delete`() throws {
    let added = [
      "priority 9 from 10.0.0.0/24 table 7", "priority 9 to 10.7.0.0/16 table 8", "priority 9 iif lo table 9",
      "priority 9 table 9", "priority 9 fwmark 1 table 9",
    ]
    for deleted in added {
      let before = Kernel()
      var kernel = before
      for words in added { try kernel.perform(.addRule(Self.operation(.ipv4, words))) }
      try kernel.perform(.deleteRule(Self.operation(.ipv4, deleted)), before: before)
      let outcome = try KernelSandbox.run(
        added.map { "ip rule add \($0)" }.joined(separator: "\n") + "\nip rule del \(deleted)\nip rule show priority 9")
      let real = outcome.output.split(separator: "\n").filter { $0.hasPrefix("9:") }
        .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
      let simulated = View.rules(.ipv4).text(of: .host, in: kernel).split(separator: "\n")
        .filter { $0.hasPrefix("9:") }.map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
      #expect(real == simulated, "ip rule del \(deleted)")
    }
  }

  private static let rules: [(AddressFamily, String)] = [
    (.ipv4, "priority 0 table 255"), (.ipv4, "priority 0 table 255"), (.ipv4, "priority 32766 table 254"),
    (.ipv4, "priority 5 from 10.0.0.0/24 table 7"), (.ipv4, "priority 5 table 7"),
    (.ipv4, "priority 5 from 0.0.0.0/0 table 7"), (.ipv4, "priority 5 table 8"),
    (.ipv4, "priority 6 table 7"), (.ipv4, "priority 6 from 10.0.0.0/24 table 7"), (.ipv4, "priority 6 table 7"),
    (.ipv4, "priority 7 fwmark 0 table 7"), (.ipv4, "priority 7 table 7"), (.ipv4, "priority 7 fwmark 1 table 7"),
    (.ipv4, "priority 8 iif lo table 7"), (.ipv4, "priority 8 table 7"), (.ipv4, "priority 8 fwmark 0 table 7"),
    (.ipv4, "priority 10 from 10.1.0.0/24 to 10.0.0.0/24 table 7"), (.ipv4, "priority 10 to 10.0.0.0/24 table 7"),
    (.ipv4, "priority 10 from 10.2.0.0/24 table 7"), (.ipv4, "priority 10 from 10.1.0.0/24 table 7"),
    (.ipv6, "priority 11 from fd01::/64 to fd00::/64 table 7"), (.ipv6, "priority 11 from fd01::/64 table 7"),
    (.ipv6, "priority 11 from fd01::/65 table 7"), (.ipv6, "priority 11 table 7"),
  ]

  /// The operation that some words of `ip rule add` stand for.
  private static func operation(_ family: AddressFamily, _ words: String) throws -> AddRule {
    let words = words.split(separator: " ").map(String.init)
    func word(after key: String) -> String? { words.firstIndex(of: key).map { words[$0 + 1] } }
    return AddRule(
      place: .host, family: family, priority: try #require(word(after: "priority").flatMap { UInt32($0) }),
      from: word(after: "from").flatMap { IPPrefix($0) }, to: word(after: "to").flatMap { IPPrefix($0) },
      inputDevice: word(after: "iif").flatMap { InterfaceName($0) }, mark: word(after: "fwmark").flatMap { UInt32($0) },
      action: .table(try #require(word(after: "table").flatMap { UInt32($0) })))
  }
}
