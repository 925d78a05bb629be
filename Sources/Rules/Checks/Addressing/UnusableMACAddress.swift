import Diagnostics
import NetworkTypes
import ProjectFile

/// A hardware address that no interface can have.
enum UnusableMACAddress: Rule {
  static let code = RuleCode.unusableMACAddress
  static let name = "unusable-mac-address"
  static let summary = "A hardware address is a multicast address or zero."
  static let rationale =
    "The kernel answers «Cannot assign requested address» (is_valid_ether_addr, include/linux/etherdevice.h)."
  static let failing = """
    services:
      web:
        networks:
          lan:
            mac_address: 01:42:00:00:00:07  # error: NW0314
    networks:
      lan: {}
    """
  static let passing = """
    services:
      web:
        networks:
          lan:
            mac_address: 02:42:00:00:00:07
    networks:
      lan: {}
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    let nodes =
      context.unusualAttachments.map(\.macAddress)
      + context.unusualNodes.flatMap { [$0.macAddress] + $0.interfaces.map(\.macAddress) }
    return (nodes + context.file.links.flatMap(\.endpoints).map(\.macAddress)).compactMap { $0 }.compactMap { address in
      guard address.value.isMulticast || address.value.bits == 0 else { return nil }
      return finding(
        "\(address.value) is \(address.value.bits == 0 ? "no address" : "a multicast address"), and can't be an interface's",
        at: address.range, help: "the first octet of an interface's address is even, as in 02:…")
    }
  }
}
