import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// An MTU that doesn't fit into what carries it.
enum MTUAboveUnderlay: Rule {
  static let code = RuleCode.mtuAboveUnderlay
  static let summary = "A VLAN or VXLAN device has a larger MTU than the device below can carry."
  static let rationale = """
    The kernel answers «Numerical result out of range» to a VLAN's MTU above its parent's (vlan_dev_change_mtu, \
    net/8021q/vlan_dev.c). A VXLAN packet has 50 bytes of headers around the frame over IPv4 and 70 over IPv6 (RFC 7348 \
    §5): where the path can't carry it whole it is cut up or lost.
    """
  static let failing = """
    routers:
      a:
        interfaces:
          v10:
            type: vlan
            parent: eth0
            id: 10
            mtu: 1500  # error: NW0403
      b: {}
    links:
      - { endpoints: ["a:eth0", "b:eth0"], subnet: 10.0.0.0/30, mtu: 1400 }
    """
  static let passing = """
    routers:
      a:
        interfaces:
          v10:
            type: vlan
            parent: eth0
            id: 10
            mtu: 1400
          vx1: { type: vxlan, id: 1, parent: eth0, local: 10.0.0.1, remote: 10.0.0.2, mtu: 1350 }
      b: {}
    links:
      - { endpoints: ["a:eth0", "b:eth0"], subnet: 10.0.0.0/30, mtu: 1400 }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.unusualNamespaces.flatMap { node in
      context.entry(of: node).interfaces.compactMap { entry in
        guard let mtu = entry.mtu, let parent = entry.parent?.value,
          let below = node.interfaces.first(where: { $0.name == parent })
        else { return nil }
        let limit = (below.mtu ?? 1500) - overhead(of: entry)
        guard isTunnel(entry), mtu.value > limit else { return nil }
        return finding(
          "an MTU of \(mtu.value) doesn't fit into `\(parent)`, which carries \(below.mtu ?? 1500) bytes",
          at: mtu.range,
          help: "make it \(limit) or less, or the one below larger")
      }
    }
  }

  private static func isTunnel(_ entry: InterfaceEntry) -> Bool {
    switch entry.kind.value {
    case .vlan, .vxlan: true
    case .dummy, .vrf, .bond, .bridge: false
    }
  }

  private static func overhead(of entry: InterfaceEntry) -> Int {
    switch entry.kind.value {
    case .vxlan: (entry.remote ?? entry.local)?.value.family == .ipv6 ? 70 : 50
    case .vlan, .dummy, .vrf, .bond, .bridge: 0
    }
  }
}
