import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// A service's static address that is its network's gateway.
enum GatewayAddressTaken: Rule {
  static let code = RuleCode.gatewayAddressTaken
  static let name = "gateway-address-taken"
  static let summary = "A service has the address of its network's gateway."
  static let rationale = """
    The gateway is given out first, to the bridge, and the engine answers «Address already in use» to the service. A \
    router may have it: then the router is the gateway, and the bridge has no address.
    """
  static let failing = """
    services:
      web:
        networks:
          lan:
            ipv4_address: 10.0.0.1  # error: NW0303
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
    """
  static let passing = """
    services:
      web:
        networks:
          lan:
            ipv4_address: 10.0.0.2
    routers:
      edge:
        networks:
          lan:
            ipv4_address: 10.0.0.1
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/24, gateway: 10.0.0.1 }] } }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.staticAddresses.compactMap { item in
      let address = item.address.value
      guard context.gateways[item.network.index].contains(address) else { return nil }
      let network = context.topology[item.network]
      guard let pool = network.pools.first(where: { $0.gateway == address }) else { return nil }
      switch item.role {
      case .router: if pool.gatewayNode != nil { return nil }
      case .service: break
      }
      let written = context.networkEntries[network.key]?.pools.first { $0.gateway?.value == address }?.gateway
      return finding(
        "\(address) is the gateway of `\(network.key)`", at: item.address.range,
        labels: written.map { [.init($0.range, "the gateway")] } ?? [],
        help: written == nil
          ? "take another address, or set the network's `gateway` to another" : "take another address")
    }
  }
}
