import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// A gateway or an auxiliary address that the pool can't give.
enum PoolMemberConflict: Rule {
  static let code = RuleCode.poolMemberConflict
  static let name = "pool-member-conflict"
  static let summary = "A gateway or auxiliary address is the network's own, its broadcast, or given twice."
  static let rationale =
    "The engine answers «failed to allocate gateway (…): Address already in use», and the like for auxiliary addresses; and "
    + "«no gateway can be set on an internal bridge network»."
  static let failing = """
    services:
      web: { networks: [a, b, c] }
    networks:
      a:
        ipam:
          config:
            - subnet: 10.0.0.0/24
              gateway: 10.0.0.255  # error: NW0307
      b:
        ipam:
          config:
            - subnet: 10.0.1.0/24
              gateway: 10.0.1.1
              aux_addresses: { printer: 10.0.1.1 }  # error: NW0307
      c:
        internal: true
        ipam:
          config:
            - subnet: 10.0.2.0/24
              aux_addresses: { DefaultGatewayIPv4: 10.0.2.9 }  # error: NW0307
    """
  static let passing = """
    services:
      web: { networks: [a] }
    networks:
      a:
        ipam:
          config:
            - subnet: 10.0.0.0/24
              gateway: 10.0.0.254
              aux_addresses: { printer: 10.0.0.1 }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.writtenPools.flatMap { network, pool -> [Diagnostic] in
      guard let subnet = pool.subnet?.value else { return [] }
      var result: [Diagnostic] = []
      var first: [IPAddress: SourceRange] = [:]
      if let gateway = pool.gateway {
        if isReserved(gateway.value, subnet) {
          result.append(
            finding(
              "the gateway \(gateway.value) is the first or last address of \(subnet)", at: gateway.range,
              help: "write an address from \(subnet.firstHost) to \(subnet.lastHost)"))
        }
        first[gateway.value] = gateway.range
      } else if let automatic = context.network(withKey: network.key.value)?
        .pools.first(where: { $0.subnet == subnet })?.gateway, let range = pool.subnet?.range
      {
        // Without one written the gateway is the lowest address, taken before the auxiliary ones.
        first[automatic] = range
      }
      if network.isInternal?.value ?? false,
        let auxiliary = pool.auxiliary.first(where: { isDefaultGateway($0.name.value) })
      {
        result.append(
          finding(
            "an internal network gives no gateway", at: auxiliary.address.range,
            help: "take `\(auxiliary.name.value)` out, or `internal`"))
      }
      for auxiliary in pool.auxiliary where !isDefaultGateway(auxiliary.name.value) {
        if let other = first[auxiliary.address.value] {
          result.append(
            finding(
              "\(auxiliary.address.value) is taken already in \(subnet)", at: auxiliary.address.range,
              labels: [.init(other, "here")], help: "keep another address free"))
        } else {
          first[auxiliary.address.value] = auxiliary.address.range
        }
      }
      return result
    }
  }

  private static func isReserved(_ address: IPAddress, _ subnet: IPPrefix) -> Bool {
    address == subnet.broadcast || (address == subnet.network && subnet.firstHost != address)
  }

  /// Docker's name for the gateway that containers get (libnetwork, ipamutils).
  private static func isDefaultGateway(_ name: String) -> Bool {
    name == "DefaultGatewayIPv4" || name == "DefaultGatewayIPv6"
  }
}
