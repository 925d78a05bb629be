import Diagnostics
import NetworkTypes
import ProjectFile

/// An address or a subnet of a block that isn't for hosts.
enum UnusableAddress: Rule {
  static let code = RuleCode.unusableAddress
  static let name = "unusable-address"
  static let summary = "An address or a subnet is multicast, loopback, unspecified or reserved."
  static let rationale = """
    The kernel refuses a multicast IPv6 address on an interface (EADDRNOTAVAIL), ::1 on any but loopback and a VRF, and a \
    tunnel with one link-local end or ends of two families; packets from or to loopback and multicast addresses on a wire \
    are martians that it drops (ip_route_input_slow, net/ipv4/route.c); the engine refuses multicast subnets and fe80::/64.
    """
  static let failing = """
    services:
      web: { networks: [a] }
    networks:
      a:
        ipam:
          config:
            - subnet: 224.0.1.0/24  # error: NW0312
    """
  static let passing = """
    services:
      web: { networks: [a] }
    networks:
      a: { ipam: { config: [{ subnet: 100.64.1.0/24 }] } }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    let subnets = context.writtenPools.compactMap(\.pool.subnet) + context.file.links.flatMap(\.subnets)
    let wrongSubnets = subnets.compactMap { subnet -> Diagnostic? in
      // 0.0.0.0/N and ::/N ask for an automatic block.
      guard !subnet.value.network.isUnspecified || subnet.value.length == 0, let kind = kind(of: subnet.value) else {
        return nil
      }
      return finding(
        "\(subnet.value) is \(kind), and not for hosts", at: subnet.range,
        help: "use a private block, as 10.0.0.0/24 or fd00::/64")
    }
    let addresses =
      context.unusualAttachments.flatMap(\.addresses)
      + context.unusualNodes.flatMap(\.interfaces).flatMap { interface in
        // A VRF stands for loopback in its domain.
        interface.addresses.filter { interface.kind.value != .vrf || !$0.value.address.isLoopback }
      }
      + context.file.links.flatMap(\.endpoints).flatMap(\.addresses)
    let wrongAddresses = addresses.compactMap { address -> Diagnostic? in
      guard let kind = kind(of: address.value.address) else { return nil }
      return finding("\(address.value.address) is \(kind), and can't be an interface's", at: address.range)
    }
    return wrongSubnets + wrongAddresses + linkLocal(context) + tunnels(context)
  }

  /// Ends of VXLAN devices that the kernel doesn't take (vxlan_config_validate, drivers/net/vxlan/vxlan_core.c).
  private static func tunnels(_ context: RuleContext) -> [Diagnostic] {
    context.unusualNodes.flatMap(\.interfaces).flatMap { interface -> [Diagnostic] in
      guard interface.kind.value == .vxlan else { return [] }
      if let local = interface.local, let kind = kind(of: local.value) {
        return [finding("\(local.value) is \(kind), and no tunnel's end", at: local.range)]
      }
      guard let remote = interface.remote else { return [] }
      if let local = interface.local, local.value.family != remote.value.family {
        return [
          finding(
            "\(local.value) and \(remote.value) are of different families, and no tunnel's ends", at: local.range,
            labels: [.init(remote.range, "the other end")], help: "write addresses of one family")
        ]
      }
      let isLinkLocal = remote.value.family == .ipv6 && remote.value.isLinkLocal
      let isLocalToo = interface.local.map { $0.value.family == .ipv6 && $0.value.isLinkLocal } ?? false
      guard isLinkLocal != isLocalToo || isLinkLocal && interface.parent == nil else { return [] }
      return [
        finding(
          "a tunnel of link-local addresses has two of them, and a device", at: remote.range,
          help: "write `local` and `parent`, or use other addresses")
      ]
    }
  }

  /// `link_local_ips` that aren't.
  private static func linkLocal(_ context: RuleContext) -> [Diagnostic] {
    context.unusualAttachments.flatMap(\.linkLocalAddresses).compactMap { address in
      address.value.isLinkLocal
        ? nil
        : finding(
          "\(address.value) is no link-local address", at: address.range, help: "those are 169.254.0.0/16 and fe80::/10"
        )
    }
  }

  private static func kind(of subnet: IPPrefix) -> String? {
    if subnet.length == 0 { return "every address" }
    if subnet.network.isLoopback { return "loopback" }
    if subnet.family == .ipv6, subnet.network.isLinkLocal { return "the link-local block, which every interface has" }
    return kind(of: subnet.network) ?? kind(of: subnet.last)
  }

  private static func kind(of address: IPAddress) -> String? {
    if address.isMulticast { return "multicast" }
    if case .v4(let address) = address {
      if address.isThisNetwork { return "in 0.0.0.0/8, “this network”" }
      if address.bits == .max { return "the limited broadcast address" }
    }
    if address.isUnspecified { return "the unspecified address" }
    return address.family == .ipv6 && address.isLoopback ? "loopback" : nil
  }
}
