import Diagnostics
import NetworkTypes
import ProjectFile

/// A written subnet in a block that the file reserves.
enum ReservedOverlap: Rule {
  static let code = RuleCode.reservedOverlap
  static let name = "reserved-overlap"
  static let summary = "A subnet lies in a block that `reserved` keeps free."
  static let rationale =
    "The block is somebody else's, a VPN's or an office's: its addresses would not be reached any more."
  static let failing = """
    reserved: [10.8.0.0/16]
    services:
      web: { networks: [lan] }
    networks:
      lan:
        ipam:
          config:
            - subnet: 10.8.1.0/24  # error: NW0310
    """
  static let passing = """
    reserved: [10.8.0.0/16]
    services:
      web: { networks: [lan] }
    networks:
      lan: { ipam: { config: [{ subnet: 10.9.1.0/24 }] } }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    let subnets = context.writtenPools.compactMap(\.pool.subnet) + context.file.links.flatMap(\.subnets)
    return subnets.compactMap { subnet in
      guard let reserved = context.file.reserved.first(where: { $0.value.overlaps(subnet.value) }),
        !subnet.value.network.isUnspecified
      else { return nil }
      return finding(
        "\(subnet.value) overlaps the reserved block \(reserved.value)", at: subnet.range,
        labels: [.init(reserved.range, "reserved here")], help: "use another block")
    }
  }
}
