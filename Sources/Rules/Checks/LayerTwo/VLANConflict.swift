import Diagnostics
import NetworkTypes
import ProjectFile

/// A port's VLANs that contradict each other.
enum VLANConflict: Rule {
  static let code = RuleCode.vlanConflict
  static let name = "vlan-conflict"
  static let summary = "A port is both access and trunk, or has its native VLAN tagged too."
  static let rationale = "A port sends a VLAN's frames with a tag or without one; an access port has one VLAN."
  static let failing = """
    services:
      web:
        networks:
          sw:
            vlan: 10  # error: NW0405
            trunk: [20]
      db:
        networks:
          sw:
            trunk: [10, 20]
            native: 20  # error: NW0405
    networks:
      sw: { vlan_filtering: true }
    """
  static let passing = """
    services:
      web:
        networks:
          sw:
            trunk: [20]
            native: 10
    networks:
      sw: { vlan_filtering: true }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    let ports = context.unusualAttachments.map(\.vlans)
    let ends = context.file.links.flatMap { [$0.vlans] + $0.endpoints.map(\.vlans) }
    return (ports + ends).compactMap { vlans in
      if let access = vlans.access, let other = vlans.trunk.first?.range ?? vlans.native?.range {
        return finding(
          "a port is access or trunk", at: access.range, labels: [.init(other, "this makes it a trunk")],
          help: "write `native: \(access.value)` for a trunk's untagged VLAN")
      }
      guard let native = vlans.native,
        let range = vlans.trunk.first(where: { $0.value.first <= native.value && native.value <= $0.value.last })?.range
      else { return nil }
      return finding(
        "VLAN \(native.value) is both native and tagged", at: native.range, labels: [.init(range, "tagged here")],
        help: "take it out of `trunk`")
    }
  }
}
