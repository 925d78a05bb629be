import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// An MTU that doesn't fit into what carries it.
enum MTUAboveUnderlay: Rule {
  static let code = RuleCode.mtuAboveUnderlay
  static let name = "mtu-above-underlay"
  static let summary = "A VLAN, VXLAN, macvlan or ipvlan device has a larger MTU than the device below can carry."
  static let rationale = """
    The kernel answers «Numerical result out of range» to a VLAN's MTU above its parent's (vlan_dev_change_mtu, \
    net/8021q/vlan_dev.c), and «Invalid argument» to a macvlan device's (macvlan_common_newlink, drivers/net/macvlan.c); \
    the frames of an ipvlan device are lost below. A bridge has the lowest MTU of its ports. A VXLAN packet has 50 \
    bytes of headers around the frame over IPv4 and 70 over IPv6 (RFC 7348 §5): where the path can't carry it whole it \
    is cut up or lost.
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
    devices(context) + networks(context)
  }

  private static func devices(_ context: RuleContext) -> [Diagnostic] {
    context.unusualNamespaces.flatMap { node in
      context.entry(of: node).interfaces.compactMap { entry in
        guard let mtu = entry.mtu, let parent = entry.parent?.value,
          let below = node.interfaces.named(parent),
          let carried = context.topology.mtu(of: below, among: node.interfaces)
        else { return nil }
        let limit = carried - overhead(of: entry)
        guard isTunnel(entry), mtu.value > limit else { return nil }
        return tooLarge(mtu, parent, carried, limit)
      }
    }
  }

  /// macvlan and ipvlan networks on what the file itself makes; of a parent that is there already only the machine
  /// knows.
  private static func networks(_ context: RuleContext) -> [Diagnostic] {
    context.topology.networks.compactMap { network in
      guard let parent = network.parent, let mtu = context.networkEntries[network.key]?.options.mtu,
        let carried = context.topology.parentMTU(of: network), mtu.value > carried
      else { return nil }
      return tooLarge(mtu, parent, carried, carried)
    }
  }

  private static func tooLarge(
    _ mtu: Located<Int>, _ parent: InterfaceName, _ carried: Int, _ limit: Int
  ) -> Diagnostic {
    finding(
      "an MTU of \(mtu.value) doesn't fit into `\(parent)`, which carries \(carried) bytes", at: mtu.range,
      help: "make it \(limit) or less, or the one below larger")
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
