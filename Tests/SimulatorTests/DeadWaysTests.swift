import NetworkTypes
import NetwrightTestSupport
import Plan
import Simulator
import Testing

/// What becomes of routes of several ways when a device goes down, loses IPv6, or is deleted, in the simulator and in
/// the kernel.
@Suite struct DeadWaysTests {
  /// What is done, and what the routes to 10.9.0.0/24 and fd09::/64 lead over then (`ip route`, Linux 6.18).
  static let cases: [(changes: [Change], ways: String)] = [
    ([], "one two | one two"),
    ([.delete("two")], "| one"),
    ([.down("one")], "one dead two | one dead two"),
    ([.down("one"), .down("two")], "|"),
    ([.down("one"), .delete("one")], "| two"),
    ([.down("one"), .delete("two")], "|"),
    ([.disable("two", true)], "one two | one two dead"),
    ([.disable("two", true), .disable("two", false)], "one two | one two"),
    ([.disable("two", true), .disable("one", true)], "one two |"),
  ]

  /// One change of a device.
  enum Change: Sendable {
    case down(String), delete(String), disable(String, Bool)

    var command: String {
      switch self {
      case .down(let device): "ip link set \(device) down"
      case .delete(let device): "ip link del \(device)"
      case .disable(let device, let isOff): "sysctl -qw net.ipv6.conf.\(device).disable_ipv6=\(isOff ? 1 : 0)"
      }
    }
  }

  @Test func `ways die and go alike in both kernels`() throws {
    var script = ""
    for (changes, _) in Self.cases {
      script +=
        Self.start + changes.map(\.command).joined(separator: "\n") + """

          ip route show 10.9.0.0/24; echo '|'; ip -6 route show fd09::/64; echo ---
          ip link del one 2>/dev/null; ip link del two 2>/dev/null

          """
    }
    let outcome = try KernelSandbox.run(script)
    let real = outcome.output.split(separator: "---\n", omittingEmptySubsequences: false).dropLast()
    try #require(real.count == Self.cases.count, "\(outcome)")
    for ((changes, ways), real) in zip(Self.cases, real) {
      #expect(try Self.simulated(changes) == ways, "\(changes)")
      #expect(Self.ways(in: real) == ways, "\(changes)")
    }
  }

  /// Two veth devices whose peers are up, and a route of each family over both.
  private static let start = """
    for i in one two; do
    ip link add $i type veth peer name peer-$i; ip link set peer-$i up; ip link set $i up
    done
    ip addr add 10.1.0.1/24 dev one; ip addr add fd01::1/64 dev one nodad
    ip addr add 10.2.0.1/24 dev two; ip addr add fd02::1/64 dev two nodad
    ip route add 10.9.0.0/24 nexthop via 10.1.0.2 nexthop via 10.2.0.2
    ip -6 route add fd09::/64 nexthop via fd01::2 nexthop via fd02::2

    """

  /// The devices that ip(8) names, and which of them are dead.
  private static func ways(in text: Substring) -> String {
    let words = text.split { $0.isWhitespace }
    return words.indices.filter { ["|", "dead"].contains(words[$0]) || $0 > 0 && words[$0 - 1] == "dev" }
      .map { String(words[$0]) }.joined(separator: " ")
  }

  private static func simulated(_ changes: [Change]) throws -> String {
    var kernel = Kernel()
    for (index, name) in ["one", "two"].enumerated() {
      let (own, peer) = (try link(name), try link("peer-\(name)"))
      try kernel.perform(.addVethPair(AddVethPair(AddVethPair.End(own), AddVethPair.End(peer))))
      try kernel.perform(.setLinkUp(SetLinkUp(link: peer)))
      try kernel.perform(.setLinkUp(SetLinkUp(link: own)))
      for address in ["10.\(index + 1).0.1/24", "fd0\(index + 1)::1/64"] {
        try kernel.perform(.addAddress(AddAddress(link: own, address: try value(address))))
      }
    }
    for (destination, gateways) in [("10.9.0.0/24", ["10.1.0.2", "10.2.0.2"]), ("fd09::/64", ["fd01::2", "fd02::2"])] {
      let hops = try gateways.map { NextHop(gateway: try value($0), device: nil) }
      try kernel.perform(
        .addRoute(AddRoute(place: .host, destination: try value(destination), action: .unicast(hops))))
    }
    let before = kernel
    for change in changes {
      switch change {
      case .down(let name): try kernel.perform(.setLinkDown(try link(name)), before: Kernel())
      case .delete(let name): try kernel.perform(.deleteLink(try link(name)), before: before)
      case .disable(let name, let isOff):
        let key: SysctlKey = try value("net.ipv6.conf.\(name).disable_ipv6")
        try kernel.perform(.setSysctl(SetSysctl(place: .host, key: key, value: isOff ? "1" : "0")))
      }
    }
    let sides = try ["10.9.0.0/24", "fd09::/64"].map { text -> [String] in
      let prefix: IPPrefix = try value(text)
      let routes = kernel[.host][prefix.family][RouteTableNumber.main]?.routes(to: prefix) ?? []
      return routes.flatMap(\.hops).map { kernel[$0.device].name.text + ($0.isDead ? " dead" : "") }
    }
    return (sides[0] + ["|"] + sides[1]).joined(separator: " ")
  }

  private static func link(_ name: String) throws -> LinkReference { LinkReference(.host, try value(name)) }

  private static func value<Value: LosslessStringConvertible>(_ text: String) throws -> Value {
    try #require(Value(text))
  }
}
