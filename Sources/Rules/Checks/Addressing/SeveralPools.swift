import Diagnostics
import NetworkTypes
import ProjectFile

/// A bridge with two subnets of one family.
enum SeveralPools: Rule {
  static let code = RuleCode.severalPools
  static let name = "several-pools"
  static let summary = "A bridge network has two subnets of one family."
  static let rationale = "The engine answers «bridge driver doesn't support multiple subnets»; macvlan and ipvlan do."
  static let failing = """
    services:
      web: { networks: [lan] }
    networks:
      lan:
        ipam:
          config:
            - subnet: 10.0.0.0/24
            - subnet: 10.0.1.0/24  # error: NW0308
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
    context.file.networks.flatMap { network -> [Diagnostic] in
      guard (network.driver?.value ?? .bridge) == .bridge else { return [] }
      var first: [AddressFamily: SourceRange] = [:]
      return network.pools.compactMap { pool in
        guard let subnet = pool.subnet else { return nil }
        guard let other = first[subnet.value.family] else {
          first[subnet.value.family] = subnet.range
          return nil
        }
        return finding(
          "a bridge has one \(subnet.value.family.displayName) subnet, and this is the second of `\(network.key.value)`",
          at: subnet.range, labels: [.init(other, "the first")], help: "make it a network of its own")
      }
    }
  }
}
