import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// A subnet of a family that the network doesn't carry.
enum DisabledFamilySubnet: Rule {
  static let code = RuleCode.disabledFamilySubnet
  static let name = "disabled-family-subnet"
  static let severity = Severity.warning
  static let summary = "A network has a subnet of a family that it doesn't carry."
  static let rationale =
    "Docker takes an IPv6 subnet on a network without `enable_ipv6: true`, and gives nobody an address from it."
  static let failing = """
    services:
      web: { networks: [lan] }
    networks:
      lan:
        ipam:
          config:
            - subnet: 10.0.0.0/24
            - subnet: fd00::/64  # warning: NW0316
    """
  static let passing = """
    services:
      web: { networks: [lan] }
    networks:
      lan:
        enable_ipv6: true
        ipam:
          config:
            - subnet: 10.0.0.0/24
            - subnet: fd00::/64
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.writtenPools.compactMap { network, pool in
      guard let subnet = pool.subnet else { return nil }
      let family = subnet.value.family
      let isCarried =
        switch family {
        case .ipv4: network.enableIPv4?.value ?? true
        case .ipv6: network.enableIPv6?.value ?? false
        }
      guard !isCarried else { return nil }
      // A static address of the family is a finding of its own, which says the same.
      let hasAddress = context.staticAddresses.contains { item in
        item.address.value.family == family && context.topology[item.network].key == network.key.value
      }
      guard !hasAddress else { return nil }
      let key = family == .ipv4 ? "enable_ipv4" : "enable_ipv6"
      return finding(
        "`\(network.key.value)` doesn't carry \(family.displayName), so this subnet has no effect", at: subnet.range,
        help: "set `\(key): true`, or take the subnet out")
    }
  }
}
