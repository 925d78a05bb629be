import Diagnostics
import NetworkTypes
import Topology

/// A link between two nodes whose ends share no subnet.
enum DisjointLinkAddresses: Rule {
  static let code = RuleCode.disjointLinkAddresses
  static let name = "disjoint-link-addresses"
  static let severity = Severity.warning
  static let summary = "The two ends of a link have addresses, and none in a common subnet."
  static let rationale = """
    Neither end has a connected route to the other, so neither reaches it without one more route. Ends with addresses of \
    full length (/32, /128) are left alone: they are reached by routes on purpose.
    """
  static let failing = """
    routers:
      a: {}
      b: {}
    links:
      - endpoints:  # warning: NW0317
          - { node: a, interface: eth0, addresses: [10.0.0.1/30] }
          - { node: b, interface: eth0, addresses: [10.0.0.5/30] }
    """
  static let passing = """
    routers:
      a: {}
      b: {}
    links:
      - endpoints:
          - { node: a, interface: eth0, addresses: [10.0.0.1/30] }
          - { node: b, interface: eth0, addresses: [10.0.0.2/30] }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.topology.links.compactMap { link in
      let first = addresses(of: link.first, link, context.topology)
      let second = addresses(of: link.second, link, context.topology)
      let common = AddressFamily.allCases.filter { family in
        first.contains { $0.family == family } && second.contains { $0.family == family }
      }
      guard !common.isEmpty else { return nil }
      let all = first + second
      guard all.allSatisfy({ $0.prefix.hostBits > 0 }) else { return nil }
      let meets = first.contains { left in
        second.contains { $0.prefix.contains(left.address) || left.prefix.contains($0.address) }
      }
      guard !meets else { return nil }
      let ends = [first, second].map { $0.map(\.description).joined(separator: ", ") }
      return finding(
        "the ends of the link have no subnet in common: \(ends[0]) and \(ends[1])",
        at: link.origin, help: "give both ends addresses of one subnet, or the link a `subnet`")
    }
  }

  private static func addresses(of end: Link.End, _ link: Link, _ topology: Topology) -> [InterfaceAddress] {
    guard case .node(let id, let name) = end,
      let interface = topology[id].interfaces.named(name)
    else { return [] }
    return interface.addresses.map(\.address).filter { !$0.address.isLinkLocal }
  }
}
