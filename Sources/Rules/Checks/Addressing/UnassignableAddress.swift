import Diagnostics
import NetworkTypes
import Topology

/// A static address that is the network's own or its broadcast address.
enum UnassignableAddress: Rule {
  static let code = RuleCode.unassignableAddress
  static let name = "unassignable-address"
  static let summary = "A static address is the first or last of its subnet, which name the network and its broadcast."
  static let rationale = """
    IPAM keeps both from being given out, so the engine answers «Address already in use». In a /31 (RFC 3021) and a /32 \
    every address is a host's; in IPv6 only the first, the subnet-router anycast address (RFC 4291 §2.6.1), is not.
    """
  static let failing = """
    services:
      web:
        networks:
          lan:
            ipv4_address: 10.0.0.0  # error: NW0302
      db:
        networks:
          lan:
            ipv4_address: 10.0.0.255  # error: NW0302
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
    """
  static let passing = """
    services:
      web:
        networks:
          lan:
            ipv4_address: 10.0.0.254
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.staticAddresses.compactMap { item in
      let address = item.address.value
      guard let subnet = context.subnets[item.network.index].first(where: { $0.contains(address) }) else { return nil }
      let role: String
      if address == subnet.broadcast {
        role = "the broadcast address"
      } else if address == subnet.network, subnet.firstHost != address {
        role = address.family == .ipv4 ? "the network's own address" : "the subnet-router anycast address"
      } else {
        return nil
      }
      return finding(
        "\(address) is \(role) of \(subnet)", at: item.address.range,
        help: "write an address from \(subnet.firstHost) to \(subnet.lastHost)")
    }
  }
}
