import Diagnostics
import NetworkTypes
import Topology

/// More devices on top of each other than the kernel allows.
enum DeepNesting: Rule {
  static let code = RuleCode.deepNesting
  static let name = "deep-nesting"
  static let summary = "More than eight devices stand on each other."
  static let rationale = """
    A VLAN or VXLAN device on its parent, a bridge, bond or VRF on its members: the kernel refuses the ninth with "Too many \
    links" (MAX_NEST_DEV, include/linux/netdevice.h).
    """
  static let failing = """
    routers:
      edge:
        interfaces:
          d: { type: dummy }
          v1: { type: vlan, parent: d, id: 1 }
          v2: { type: vlan, parent: v1, id: 1 }
          v3: { type: vlan, parent: v2, id: 1 }
          v4: { type: vlan, parent: v3, id: 1 }
          v5: { type: vlan, parent: v4, id: 1 }
          v6: { type: vlan, parent: v5, id: 1 }
          v7: { type: vlan, parent: v6, id: 1 }
          blue: { type: vrf, table: 10, members: [v7] }  # error: NW0412
    """
  static let passing = """
    routers:
      edge:
        interfaces:
          d: { type: dummy }
          v1: { type: vlan, parent: d, id: 1 }
          v2: { type: vlan, parent: v1, id: 1 }
          v3: { type: vlan, parent: v2, id: 1 }
          v4: { type: vlan, parent: v3, id: 1 }
          v5: { type: vlan, parent: v4, id: 1 }
          v6: { type: vlan, parent: v5, id: 1 }
          blue: { type: vrf, table: 10, members: [v6] }
    """

  /// How many the kernel allows.
  private static let most = DeviceLimits.nesting

  static func check(_ context: RuleContext) -> [Diagnostic] {
    // At most two of the nine are the host's.
    context.unusualNamespaces.filter { ($0.replica ?? 1) == 1 && $0.interfaces.count > most - 2 }.flatMap { node in
      // Whatever stands on the ninth is no mistake of its own.
      zip(node.interfaces, context.topology.nesting(of: node.interfaces)).filter { $1 == most + 1 }.map {
        interface, _ in
        finding(
          "`\(interface.name)` would be the ninth of devices that stand on each other", at: interface.origin,
          help: "the kernel allows \(most)")
      }
    }
  }
}
