import Diagnostics
import ProjectFile

/// A static address on a service of several replicas.
enum ReplicatedStaticAddress: Rule {
  static let code = RuleCode.replicatedStaticAddress
  static let name = "replicated-static-address"
  static let summary = "A service with several replicas has a static address, which only one of them can have."
  static let rationale =
    "The engine answers «Address already in use» to the second replica. A hardware address is shared in vain too."
  static let failing = """
    services:
      web:
        scale: 2
        networks:
          lan:
            ipv4_address: 10.0.0.7  # error: NW0315
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
    """
  static let passing = """
    services:
      web:
        scale: 2
        networks: [lan]
    networks:
      lan: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.unusualNodes.flatMap { node -> [Diagnostic] in
      let count = node.replicaCount
      guard count > 1 else { return [] }
      let ranges = node.attachments.flatMap { attachment in
        [attachment.ipv4Address?.range, attachment.ipv6Address?.range, attachment.addresses.first?.range]
          .compactMap { $0 }
      }
      return ranges.map { range in
        finding(
          "`\(node.name.value)` has \(count) replicas, which can't all have this address", at: range,
          help: "let each replica have an address of its own choice")
      }
    }
  }
}
