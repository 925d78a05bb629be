package import NetworkTypes

/// The VRFs of a namespace, as rules see them (drivers/net/vrf.c): what a member receives has come in by its VRF by the
/// time that input and forwarding are asked, and leaves by the member.
package struct NamespaceVRFs: Sendable {
  /// A VRF.
  package struct VRF: Sendable {
    /// The VRF's device.
    package let device: InterfaceName
    /// The table that its routes, and those of its members, are in.
    package let table: UInt32
    /// Its members, in the node's order.
    package let members: [InterfaceName]
    /// The addresses of all of them.
    package let addresses: [IPAddress]
  }

  /// The VRFs, in the node's order.
  package let all: [VRF]

  /// Finds the VRFs among a node's devices.
  package init(_ interfaces: [Interface] = []) {
    all = interfaces.indices.compactMap { index in
      guard case .device(.vrf(let table)) = interfaces[index].source else { return nil }
      let name = interfaces[index].name
      let members = interfaces.indices.filter { interfaces[$0].master == name }
      return VRF(
        device: name, table: table, members: members.map { interfaces[$0].name },
        addresses: ([index] + members).flatMap { interfaces[$0].addresses.map(\.address.address) })
    }
  }

  /// The VRF that a device is, or is a member of: its addresses are routed by that (l3mdev_fib_table_rcu,
  /// net/l3mdev/l3mdev.c).
  package func vrf(of device: InterfaceName) -> VRF? { all.first { $0.device == device } ?? vrf(ofMember: device) }

  /// The VRF that a device is a member of.
  package func vrf(ofMember device: InterfaceName) -> VRF? { all.first { $0.members.contains(device) } }

  /// What rules of input and forwarding name for what some devices receive: VRFs in place of their members.
  package func inputs(_ devices: [InterfaceName]) -> [InterfaceName] {
    unique(devices.map { vrf(ofMember: $0)?.device ?? $0 })
  }

  /// What rules that come before routing name for what some devices receive: members in place of their VRFs.
  package func receivers(_ devices: [InterfaceName]) -> [InterfaceName] {
    unique(devices.flatMap { device in all.first { $0.device == device && !$0.members.isEmpty }?.members ?? [device] })
  }

  /// What rules name for what leaves by some devices: members beside their VRFs.
  package func outputs(_ devices: [InterfaceName]) -> [InterfaceName] {
    unique(devices.flatMap { device in [device] + (all.first { $0.device == device }?.members ?? []) })
  }

  private func unique(_ devices: [InterfaceName]) -> [InterfaceName] {
    devices.indices.filter { !devices[..<$0].contains(devices[$0]) }.map { devices[$0] }
  }
}
