import Diagnostics
import NetworkTypes
import ProjectFile

/// A gateway, range or auxiliary address that isn't in its pool's subnet.
enum PoolMemberOutsideSubnet: Rule {
  static let code = RuleCode.poolMemberOutsideSubnet
  static let name = "pool-member-outside-subnet"
  static let summary = "A network's gateway, ip_range or auxiliary address is outside the subnet it stands beside."
  static let rationale =
    "The engine answers «invalid gateway …: parent subnet … doesn't contain this address», and the like for the others."
  static let failing = """
    services:
      web: { networks: [lan, any] }
    networks:
      lan:
        ipam:
          config:
            - subnet: 10.0.0.0/24
              gateway: 10.0.1.1  # error: NW0306
              ip_range: 10.0.0.0/16  # error: NW0306
              aux_addresses: { printer: 192.0.2.9 }  # error: NW0306
      any:
        ipam:
          config:
            - subnet: 0.0.0.0/24
              gateway: 10.0.0.1  # error: NW0306
    """
  static let passing = """
    services:
      web: { networks: [lan] }
    networks:
      lan:
        ipam:
          config:
            - subnet: 10.0.0.0/24
              gateway: 10.0.0.254
              ip_range: 10.0.0.128/26
              aux_addresses: { printer: 10.0.0.9 }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.writtenPools.flatMap { _, pool -> [Diagnostic] in
      guard let subnet = pool.subnet else { return [] }
      if subnet.value.network.isUnspecified { return subnet.value.length > 0 ? unknown(pool, subnet) : [] }
      var result: [Diagnostic] = []
      if let gateway = pool.gateway, !subnet.value.contains(gateway.value) {
        result.append(outside("the gateway \(gateway.value)", gateway.range, subnet))
      }
      if let range = pool.ipRange, !subnet.value.contains(range.value) {
        result.append(outside("the range \(range.value)", range.range, subnet))
      }
      for auxiliary in pool.auxiliary where !subnet.value.contains(auxiliary.address.value) {
        result.append(
          outside("`\(auxiliary.name.value)`, \(auxiliary.address.value),", auxiliary.address.range, subnet))
      }
      return result
    }
  }

  /// What is written beside a block that is chosen only later.
  private static func unknown(_ pool: PoolEntry, _ subnet: Located<IPPrefix>) -> [Diagnostic] {
    let ranges = [pool.gateway?.range, pool.ipRange?.range].compactMap { $0 } + pool.auxiliary.map(\.address.range)
    return ranges.map {
      finding(
        "\(subnet.value) stands for whichever block is free, and this may not be in it", at: $0,
        labels: [.init(subnet.range, "the subnet")], help: "write the subnet, or take this out")
    }
  }

  private static func outside(_ what: String, _ range: SourceRange, _ subnet: Located<IPPrefix>) -> Diagnostic {
    finding(
      "\(what) is not in \(subnet.value)", at: range, labels: [.init(subnet.range, "the subnet")],
      help: "its addresses are \(subnet.value.firstHost) to \(subnet.value.lastHost)")
  }
}
