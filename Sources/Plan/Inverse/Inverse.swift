package import NetworkTypes

/// One thing that takes an operation back.
///
/// What has to be *restored* depends on what was there before the plan, which whoever runs the plan has to keep.
package enum Inverse: Hashable, Sendable {
  /// Takes the name of a namespace away (`ip netns delete`).
  ///
  /// The kernel dismantles the namespace once no process is in it, and in the background (`cleanup_net`,
  /// net/core/net_namespace.c); its devices, addresses, routes, rules and parameters go with it.
  case deleteNamespace(NamespaceName)
  /// Deletes a device (`ip link delete`), of a veth pair both ends (`veth_dellink`, drivers/net/veth.c).
  case deleteLink(LinkReference)
  /// Takes a device out of its bridge, bond or VRF (`ip link set … nomaster`).
  case clearMaster(LinkReference)
  /// Takes VLANs from a port or a bridge, and gives VLAN 1 back where it was replaced (`bridge vlan`).
  case deleteBridgeVLAN(AddBridgeVLAN)
  /// Keeps a port's frames from going out by it again (`ip link set … type bridge_slave hairpin off`).
  case clearHairpin(LinkReference)
  /// Puts back how a device makes its IPv6 link-local address.
  case restoreAddressGeneration(LinkReference)
  /// Sets a device down, unless it was up before the plan.
  case setLinkDown(LinkReference)
  /// Takes an address from a device (`ip address delete`).
  case deleteAddress(AddAddress)
  /// Deletes a route (`ip route delete`).
  case deleteRoute(AddRoute)
  /// Deletes a policy rule (`ip rule delete`).
  case deleteRule(AddRule)
  /// Deletes the rules of priority 1000 that the first VRF of a namespace came with, unless they were there before.
  ///
  /// They stay when the last VRF goes (`vrf_add_fib_rules`, drivers/net/vrf.c).
  case restoreVRFRules(Place)
  /// Puts back the value that a kernel parameter had before the plan's first step, and those that Linux changed along
  /// with it, as it does every device's with `net.ipv4.ip_forward`.
  case restoreSysctl(Place, SysctlKey)
  /// Deletes the tables of netfilter rules that the network has in a namespace (`nft delete table`).
  case deleteRuleset(Place)
  /// Deletes the root queueing discipline of a device; the kernel then sets its default one (`tc qdisc delete … root`).
  case deleteQdisc(LinkReference)
  /// Deletes a file of several namespaces, and the directory `/etc/netns/NAME` of each that is empty then.
  case removeNamespaceFile([NamespaceName], WriteNamespaceFile.File)
}

extension Operation {
  /// What takes the operation back by itself, as if nothing that came before it were taken back.
  ///
  /// See `Plan.undo` for a whole plan: most of what operations do goes with the device or the namespace.
  package var inverse: Inverse {
    switch self {
    case .addNamespace(let payload): .deleteNamespace(payload.name)
    case .addLink(let payload): .deleteLink(payload.link)
    case .addVethPair(let payload): .deleteLink(payload.first.link)
    case .setMaster(let payload): .clearMaster(payload.link)
    case .addBridgeVLAN(let payload): .deleteBridgeVLAN(payload)
    case .setHairpin(let payload): .clearHairpin(payload.link)
    case .setAddressGeneration(let payload): .restoreAddressGeneration(payload.link)
    case .setLinkUp(let payload): .setLinkDown(payload.link)
    case .addAddress(let payload): .deleteAddress(payload)
    case .addRoute(let payload): .deleteRoute(payload)
    case .addRule(let payload): .deleteRule(payload)
    case .setSysctl(let payload): .restoreSysctl(payload.place, payload.key)
    case .loadRuleset(let payload): .deleteRuleset(payload.place)
    case .addQdisc(let payload): .deleteQdisc(payload.link)
    case .writeNamespaceFile(let payload): .removeNamespaceFile(payload.namespaces, payload.file)
    }
  }
}
