import Diagnostics
import NetworkTypes
import Topology

/// Two VXLAN devices on one UDP port of which one alone is bound to a VRF.
enum TunnelPortConflict: Rule {
  static let code = RuleCode.tunnelPortConflict
  static let name = "tunnel-port-conflict"
  static let summary = "A node has two VXLAN devices on one UDP port, and the parent of one alone is in a VRF."
  static let rationale = """
    The VXLAN devices of a namespace share a socket for each port, family and VRF that their parents are in \
    (__vxlan_sock_add, drivers/net/vxlan). One that is bound to no VRF hears them all, so that the kernel answers \
    «Address already in use» to the second that is set up.
    """
  static let failing = """
    routers:
      a:
        networks: { lan: { interface_name: u } }
        interfaces:
          red: { type: vrf, table: 10, members: [u] }
          inside: { type: vxlan, id: 1, remote: 10.0.0.2, parent: u }
          outside: { type: vxlan, id: 2, remote: 10.0.9.2 }  # error: NW0413
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
    """
  static let passing = """
    routers:
      a:
        networks: { lan: { interface_name: u } }
        interfaces:
          red: { type: vrf, table: 10, members: [u] }
          inside: { type: vxlan, id: 1, remote: 10.0.0.2, parent: u }
          outside: { type: vxlan, id: 2, remote: 10.0.9.2, port: 4790 }
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
    """

  /// A device and the socket that it hears by.
  private struct Tunnel {
    let device: InterfaceName
    let options: VXLANOptions
    let vrf: InterfaceName?
    let origin: SourceRange
  }

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.unusualNamespaces.filter { ($0.replica ?? 1) == 1 }.flatMap { node -> [Diagnostic] in
      let tunnels = tunnels(of: node)
      return tunnels.indices.compactMap { index in
        let tunnel = tunnels[index]
        guard let other = tunnels[..<index].first(where: { conflict($0, tunnel) }), let vrf = tunnel.vrf ?? other.vrf
        else { return nil }
        let bound = tunnel.vrf == nil ? other : tunnel
        return finding(
          "`\(tunnel.device)` can't have UDP port \(tunnel.options.port) beside `\(other.device)`", at: tunnel.origin,
          labels: [.init(other.origin, "the other")],
          notes: ["the parent of `\(bound.device)` is in the VRF `\(vrf)`, and that of the other in none"],
          help: "give one another `port`")
      }
    }
  }

  private static func conflict(_ one: Tunnel, _ other: Tunnel) -> Bool {
    // Two of one number are refused earlier, and by a rule of their own.
    one.options.port == other.options.port && one.options.family == other.options.family
      && one.options.id != other.options.id && (one.vrf == nil) != (other.vrf == nil)
  }

  private static func tunnels(of node: Node) -> [Tunnel] {
    node.interfaces.compactMap { interface in
      guard case .device(.vxlan(let options)) = interface.source else { return nil }
      return Tunnel(
        device: interface.name, options: options, vrf: options.device.flatMap { vrf(of: $0, in: node) },
        origin: interface.origin)
    }
  }

  /// The VRF that a device is, or that it or what it is a member of is in (l3mdev_master_upper_ifindex_by_index).
  private static func vrf(of device: InterfaceName, in node: Node) -> InterfaceName? {
    var current = node.interfaces.named(device)
    // Devices may be said to be members of each other.
    for _ in node.interfaces {
      if case .device(.vrf) = current?.source { return current?.name }
      current = current?.master.flatMap { node.interfaces.named($0) }
    }
    return nil
  }
}
