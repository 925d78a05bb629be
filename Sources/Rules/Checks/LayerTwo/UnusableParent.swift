import Diagnostics
import NetworkTypes
import ProjectFile

/// A parent that no VLAN, macvlan or ipvlan device can stand on.
enum UnusableParent: Rule {
  static let code = RuleCode.unusableParent
  static let name = "unusable-parent"
  static let summary =
    "The parent of a macvlan or ipvlan network is loopback, or a sub-interface without a VLAN; or a VLAN's is loopback or a VRF."
  static let rationale = """
    The engine answers «loopback interface is not a valid macvlan parent link», «invalid subinterface vlan name …, example \
    formatting is eth0.10» and «vlan id must be between 1-4094»; a parent called as a sub-interface is made with its VLAN. \
    The kernel answers «VLANs not supported on device» to a VLAN on loopback or a VRF (vlan_check_real_dev, net/8021q/vlan.c).
    """
  static let failing = """
    services:
      web: { networks: [a, b, c] }
    networks:
      a: { driver: macvlan, driver_opts: { parent: lo } }  # error: NW0411
      b: { driver: macvlan, driver_opts: { parent: eth0.lab } }  # error: NW0411
      c: { driver: ipvlan, driver_opts: { parent: eth1.5000 } }  # error: NW0411
    """
  static let passing = """
    services:
      web: { networks: [a, b] }
    networks:
      a: { driver: macvlan, driver_opts: { parent: eth0 } }
      b: { driver: macvlan, driver_opts: { parent: eth0.10 } }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    networks(context) + context.unusualNodes.flatMap(vlans)
  }

  private static func vlans(_ node: NodeEntry) -> [Diagnostic] {
    let vrfs = Set(node.interfaces.filter { $0.kind.value == .vrf }.map(\.name.value))
    return node.interfaces.compactMap { interface in
      guard interface.kind.value == .vlan, let parent = interface.parent else { return nil }
      let isVRF = vrfs.contains(parent.value)
      guard isVRF || parent.value == .loopback else { return nil }
      return finding(
        "\(isVRF ? "a VRF" : "loopback") can't be the parent of a VLAN", at: parent.range,
        help: "name a device that sends frames")
    }
  }

  private static func networks(_ context: RuleContext) -> [Diagnostic] {
    context.file.networks.compactMap { network in
      guard let parent = network.options.parent else { return nil }
      switch network.driver?.value {
      case .macvlan, .ipvlan: break
      case .bridge, .host, .none?, nil: return nil
      }
      if parent.value == .loopback {
        return finding("loopback can't be a parent", at: parent.range, help: "name a device like eth0, or none")
      }
      guard parent.value.text.contains("."), parent.value.subinterface == nil else { return nil }
      return finding(
        "`\(parent.value)` is the name of a sub-interface, without a VLAN from 1 to 4094", at: parent.range,
        help: "write DEVICE.VLAN, as in eth0.10")
    }
  }
}
