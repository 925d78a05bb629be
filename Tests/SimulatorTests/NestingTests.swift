import NetworkTypes
import NetwrightTestSupport
import Plan
import Simulator
import Testing

/// How many devices may stand on each other, in the simulator and in the second kernel, which has all kinds of them.
@Suite struct NestingTests {
  @Test func `both kernels refuse the same devices with the same words`() throws {
    var kernel = Kernel()
    let commands = try Self.steps()
    let simulated = commands.map { operation, _ -> String in
      do throws(KernelError) {
        try kernel.perform(operation)
        return ""
      } catch {
        return error.message
      }
    }
    let text = commands.map { "ip link \($0.1) 2>&1; echo ." }.joined(separator: "\n")
    let outcome = try SecondKernel.run(text + "\n", files: [:])
    let real = outcome.output.split(separator: ".\n", omittingEmptySubsequences: false).map { $0.trimming("\n") }
    #expect(real.count == commands.count + 1, "\(outcome)")
    for ((command, simulated), real) in zip(zip(commands, simulated), real) {
      #expect(simulated == real, "ip link \(command.1)")
    }
    #expect(simulated.filter { $0.contains("Too many links") }.count == 4)
    #expect(simulated.filter { $0.contains("busy") }.count == 1)
  }

  /// A tower of seven, what fits on it and what doesn't; and a bridge that would stand on itself.
  private static func steps() throws -> [(Operation, String)] {
    var steps = [try add("d", .dummy, "type dummy")]
    for number in 1...6 { steps.append(try vlan("v\(number)", on: number == 1 ? "d" : "v\(number - 1)")) }
    steps += [
      try add("blue", .vrf(table: 10), "type vrf table 10"), try join("v6", "blue"),
      try vlan("v7", on: "v6"), try vlan("v8", on: "v7"), try vxlan("x8", on: "v7"),
      try add("red", .vrf(table: 20), "type vrf table 20"), try join("v7", "red"),
      // Beside the tower, and below it.
      try vlan("w1", on: "d", id: "9"),
      try add("br", .bridge(BridgeOptions()), "type bridge"), try vlan("b1", on: "br"),
    ]
    for number in 2...7 { steps.append(try vlan("b\(number)", on: "b\(number - 1)")) }
    steps += [
      try add("e", .dummy, "type dummy"), try join("e", "br"),
      try add("own", .bridge(BridgeOptions()), "type bridge"), try vlan("o1", on: "own"), try join("o1", "own"),
    ]
    return steps
  }

  private static func add(_ name: String, _ kind: LinkKind, _ words: String) throws -> (Operation, String) {
    (.addLink(AddLink(link: LinkReference(.host, try value(name)), kind: kind)), "add name \(name) \(words)")
  }

  private static func vlan(_ name: String, on parent: String, id: String = "5") throws -> (Operation, String) {
    let kind = LinkKind.vlan(parent: try value(parent), id: try value(id))
    return (try add(name, kind, "").0, "add link \(parent) name \(name) type vlan id \(id)")
  }

  private static func vxlan(_ name: String, on lower: String) throws -> (Operation, String) {
    let options = VXLANOptions(
      id: 7, local: nil, remote: try value("192.0.2.1"), device: try value(lower), port: 4789)
    return try add(name, .vxlan(options), "type vxlan id 7 remote 192.0.2.1 dev \(lower) dstport 4789")
  }

  private static func join(_ name: String, _ master: String) throws -> (Operation, String) {
    (
      .setMaster(SetMaster(link: LinkReference(.host, try value(name)), master: try value(master))),
      "set dev \(name) master \(master)"
    )
  }

  private static func value<Value: LosslessStringConvertible>(_ text: String) throws -> Value {
    try #require(Value(text))
  }
}

extension Substring {
  fileprivate func trimming(_ end: String) -> String { String(hasSuffix(end) ? dropLast(end.count) : self) }
}
