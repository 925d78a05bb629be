import Diagnostics
import NetworkTypes
import ProjectFile

/// Two devices for one VLAN or one VXLAN in a node.
enum DuplicateVirtualNetwork: Rule {
  static let code = RuleCode.duplicateVirtualNetwork
  static let name = "duplicate-virtual-network"
  static let summary = "A node has two devices for one VLAN of a parent, or for one VXLAN number and port."
  static let rationale = """
    The kernel answers «File exists» to the second (vlan_check_real_dev, net/8021q/vlan.c; vxlan_config_validate, \
    drivers/net/vxlan).
    """
  static let failing = """
    routers:
      a:
        networks: [lan]
        interfaces:
          v10: { type: vlan, parent: eth0, id: 10 }
          v11: { type: vlan, parent: eth0, id: 10 }  # error: NW0406
    networks:
      lan: {}
    """
  static let passing = """
    routers:
      a:
        networks: [lan]
        interfaces:
          v10: { type: vlan, parent: eth0, id: 10 }
          v11: { type: vlan, parent: eth0, id: 11 }
    networks:
      lan: {}
    """

  private struct Identity: Hashable {
    let kind: InterfaceEntry.Kind
    let parent: InterfaceName?
    let id: UInt32
    let port: UInt16
    let family: AddressFamily
  }

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.unusualNodes.flatMap { node -> [Diagnostic] in
      var first: [Identity: SourceRange] = [:]
      return node.interfaces.compactMap { interface in
        guard let identity = identity(of: interface), let id = interface.id else { return nil }
        guard let other = first[identity] else {
          first[identity] = id.range
          return nil
        }
        return finding(
          "`\(node.name.value)` has a device for \(interface.kind.value.rawValue.uppercased()) \(id.value) already",
          at: id.range, labels: [.init(other, "the first")], help: "give them different numbers")
      }
    }
  }

  private static func identity(of interface: InterfaceEntry) -> Identity? {
    guard let id = interface.id?.value else { return nil }
    switch interface.kind.value {
    case .vlan: return Identity(kind: .vlan, parent: interface.parent?.value, id: id, port: 0, family: .ipv4)
    case .vxlan:
      let family = (interface.remote ?? interface.local)?.value.family ?? .ipv4
      return Identity(kind: .vxlan, parent: nil, id: id, port: interface.port?.value ?? 4789, family: family)
    case .dummy, .vrf, .bond, .bridge: return nil
    }
  }
}
