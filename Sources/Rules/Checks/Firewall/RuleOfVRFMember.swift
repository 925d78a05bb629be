import Diagnostics
import NetworkTypes
import Topology

/// A rule for what one member of a VRF receives, where the VRF has others.
enum RuleOfVRFMember: Rule {
  static let code = RuleCode.ruleOfVRFMember
  static let name = "rule-of-vrf-member"
  static let severity = Severity.warning
  static let summary = "A rule names a member of a VRF, and holds for what all of its members receive."
  static let rationale = """
    What a member of a VRF receives has come in by the VRF when rules of input and forwarding are asked (vrf_l3_rcv, \
    drivers/net/vrf.c): they can't tell members apart, so that the VRF is named in the member's place. By which member \
    a packet leaves they can tell, and rules that translate destinations come before.
    """
  static let failing = """
    routers:
      edge:
        interfaces:
          red: { type: vrf, table: 10, members: [east, west] }
        firewall:
          forward:
            policy: drop
            rules:
              - { from: east, to: west, action: accept }  # warning: NW0703
      r1: {}
      r2: {}
    links:
      - { endpoints: ["edge:east", "r1:eth0"], subnet: 10.0.1.0/30 }
      - { endpoints: ["edge:west", "r2:eth0"], subnet: 10.0.2.0/30 }
    """
  static let passing = """
    routers:
      edge:
        interfaces:
          red: { type: vrf, table: 10, members: [east, west] }
        firewall:
          forward:
            policy: drop
            rules:
              - { from: 10.0.1.0/30, to: west, action: accept }
              - { from: red, to: east, action: accept }
      r1: {}
      r2: {}
    links:
      - { endpoints: ["edge:east", "r1:eth0"], subnet: 10.0.1.0/30 }
      - { endpoints: ["edge:west", "r2:eth0"], subnet: 10.0.2.0/30 }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.unusualNamespaces.filter { ($0.replica ?? 1) == 1 && $0.firewall != nil }.flatMap { node in
      let vrfs = NamespaceVRFs(node.interfaces)
      guard !vrfs.all.isEmpty else { return [Diagnostic]() }
      var result: [Diagnostic] = []
      for way in [Firewall.Way.input, .forward] {
        for rule in node.firewall?.chains[way]?.rules ?? [] where result.last?.range != rule.origin {
          if let found = finding(rule, vrfs) { result.append(found) }
        }
      }
      return result
    }
  }

  private static func finding(_ rule: FilterRule, _ vrfs: NamespaceVRFs) -> Diagnostic? {
    guard case .devices(let devices) = rule.match.from else { return nil }
    for device in devices {
      guard let vrf = vrfs.vrf(ofMember: device), !devices.contains(vrf.device) else { continue }
      let others = vrf.members.filter { !devices.contains($0) }
      guard !others.isEmpty else { continue }
      let names = others.map { "`\($0)`" }.joined(separator: ", ")
      return finding(
        "what `\(device)` receives has come in by its VRF `\(vrf.device)`", at: rule.origin,
        caption: "it holds for \(names) too", help: "name addresses, or say `\(vrf.device)`")
    }
    return nil
  }
}
