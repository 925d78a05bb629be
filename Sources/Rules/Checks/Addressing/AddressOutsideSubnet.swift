import Diagnostics
import NetworkTypes
import Topology

/// A static address that its network's subnet doesn't have.
enum AddressOutsideSubnet: Rule {
  static let code = RuleCode.addressOutsideSubnet
  static let name = "address-outside-subnet"
  static let summary = "A static address is in none of its network's subnets."
  static let rationale =
    "The engine answers «no configured subnet contains IP address …»: nothing on the link would reach it."
  static let failing = """
    services:
      web:
        networks:
          lan:
            ipv4_address: 10.0.1.7  # error: NW0301
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
    """
  static let passing = """
    services:
      web:
        networks:
          lan:
            ipv4_address: 10.0.0.7
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.staticAddresses.compactMap { item in
      let address = item.address.value
      guard !context.subnets[item.network.index].contains(where: { $0.contains(address) }) else {
        return nil
      }
      let network = context.topology[item.network]
      let pools = network.pools.filter { $0.subnet.family == address.family }
      guard !pools.isEmpty else { return nil }
      let subnets = pools.map(\.subnet.description).joined(separator: ", ")
      let labels = pools.compactMap { pool in pool.origin.map { Diagnostic.Label($0, "the network's subnet") } }
      return finding(
        "\(address) is not in \(subnets), the subnet of `\(network.key)`", at: item.address.range,
        labels: labels,
        help: pools.first.map { "write an address from \($0.subnet.firstHost) to \($0.subnet.lastHost)" })
    }
  }
}
