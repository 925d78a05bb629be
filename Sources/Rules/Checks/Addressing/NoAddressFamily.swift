import Diagnostics
import ProjectFile

/// A network that has neither IPv4 nor IPv6.
enum NoAddressFamily: Rule {
  static let code = RuleCode.noAddressFamily
  static let name = "no-address-family"
  static let summary = "A network has IPv4 switched off, and IPv6 not on."
  static let rationale = """
    An engine's network needs one family at least ("IPv4 or IPv6 must be enabled", libnetwork/drivers/bridge). One without \
    addresses at all has `ipam: { driver: "null" }`.
    """
  static let failing = """
    services:
      web: { networks: [lan] }
    networks:
      lan: { enable_ipv4: false }  # error: NW0318
    """
  static let passing = """
    services:
      web: { networks: [lan, bare] }
    networks:
      lan: { enable_ipv4: false, enable_ipv6: true }
      bare: { enable_ipv4: false, ipam: { driver: "null" } }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.file.networks.compactMap { network in
      guard let ipv4 = network.enableIPv4, !ipv4.value, network.enableIPv6?.value != true,
        network.isExternal?.value != true, !network.hasNoAddressManagement
      else { return nil }
      return finding(
        "`\(network.key.value)` has neither IPv4 nor IPv6", at: ipv4.range, help: "add `enable_ipv6: true`")
    }
  }
}
