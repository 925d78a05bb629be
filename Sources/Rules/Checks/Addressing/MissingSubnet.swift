import Diagnostics
import NetworkTypes
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
    networks:
      lan: {}
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
    context.staticAddresses.compactMap { item in
      let family = item.address.value.family
      guard !context.subnets[item.network.index].contains(where: { $0.family == family }) else {
        return nil
      }
      let network = context.topology[item.network]
      switch network.driver {
      case .host, .none: return nil
      case .bridge, .macvlan, .ipvlan: break
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
