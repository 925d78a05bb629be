import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// A static address of a family that its network hasn't.
enum MissingSubnet: Rule {
  static let code = RuleCode.missingSubnet
  static let name = "missing-subnet"
  static let summary = "A static address is of a family that its network has no subnet for."
  static let rationale =
    "The engine answers «no configured subnet contains IP address …», and on a network without IPv6 it gives none."
  static let failing = """
    services:
      web:
        networks:
          lan:
            ipv6_address: fd00::7  # error: NW0305
      db:
        networks:
          other:
            ipv6_address: fd01::7  # error: NW0305
    networks:
      lan: {}
      other:
        ipam: { config: [{ subnet: "fd01::/64" }] }
    """
  static let passing = """
    services:
      web:
        networks:
          lan:
            ipv6_address: fd00::7
    networks:
      lan:
        enable_ipv6: true
        ipam: { config: [{ subnet: "fd00::/64" }] }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    var seen: Set<NetworkID> = []
    return context.staticAddresses.compactMap { item in
      let family = item.address.value.family
      guard !context.subnets[item.network.index].contains(where: { $0.family == family }) else {
        return nil
      }
      let network = context.topology[item.network]
      switch network.driver {
      case .host, .none: return nil
      case .bridge, .macvlan, .ipvlan: break
      }
      if let subnet = context.disabledSubnet(of: network, family) {
        // One finding a network: the rest follows from it.
        guard seen.insert(item.network).inserted else { return nil }
        let key = family == .ipv4 ? "enable_ipv4" : "enable_ipv6"
        return finding(
          "`\(network.key)` doesn't carry \(family.displayName), though it has a subnet", at: item.address.range,
          labels: [.init(subnet.range, "the subnet")], help: "set `\(key): true` on `\(network.key)`")
      }
      return finding(
        "`\(network.key)` has no \(family.displayName) subnet", at: item.address.range,
        labels: network.origin.map { [.init($0, "the network")] } ?? [],
        help: family == .ipv6
          ? "set `enable_ipv6: true` and give the network an IPv6 subnet"
          : "give the network an IPv4 subnet; or write `addresses: [ADDRESS/LENGTH]`, which needs none")
    }
  }
}

extension RuleContext {
  /// A network's subnet of a family that it doesn't carry.
  fileprivate func disabledSubnet(of network: Network, _ family: AddressFamily) -> Located<IPPrefix>? {
    guard !network.families.contains(family) else { return nil }
    return networkEntries[network.key]?.pools.lazy.compactMap(\.subnet).first { $0.value.family == family }
  }
}
