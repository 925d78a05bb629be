import Diagnostics
import ProjectFile

/// VLANs on a port of a bridge that doesn't look at them.
enum VLANWithoutFiltering: Rule {
  static let code = RuleCode.vlanWithoutFiltering
  static let name = "vlan-without-filtering"
  static let summary = "A port is given VLANs on a bridge without `vlan_filtering`."
  static let rationale =
    "Without vlan_filtering a bridge forwards every frame as it is (net/bridge/br_vlan.c): the ports would not be kept apart."
  static let failing = """
    services:
      web:
        networks:
          sw:
            vlan: 10  # error: NW0404
    networks:
      sw: {}
    """
  static let passing = """
    services:
      web:
        networks:
          sw:
            vlan: 10
    networks:
      sw: { vlan_filtering: true }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    func isAware(_ key: String) -> Bool? { context.networkEntries[key].map { $0.vlanFiltering?.value ?? false } }
    let ports = context.unusualAttachments.compactMap { attachment -> Diagnostic? in
      guard let range = attachment.vlans.range, isAware(attachment.network.value) == false else { return nil }
      return unaware(attachment.network.value, range)
    }
    let ends = context.file.links.flatMap { link -> [Diagnostic] in
      let bridges = link.endpoints.filter { !context.hasNodeEntry($0.target.value) }
      let own = bridges.compactMap { endpoint -> Diagnostic? in
        guard let range = endpoint.vlans.range, isAware(endpoint.target.value) == false else { return nil }
        return unaware(endpoint.target.value, range)
      }
      // VLANs of the link are for the ends that know VLANs; one such end is enough.
      guard let range = link.vlans.range, !bridges.contains(where: { isAware($0.target.value) == true }) else {
        return own
      }
      return own + [unaware(bridges.first?.target.value ?? "", range)]
    }
    return ports + ends
  }

  private static func unaware(_ network: String, _ range: SourceRange) -> Diagnostic {
    finding(
      network.isEmpty
        ? "no end of this link is at a bridge" : "the bridge of `\(network)` doesn't keep frames to VLANs",
      at: range, help: "set `vlan_filtering: true` on the network")
  }
}

extension PortVLANEntry {
  /// Where the first of a port's VLANs is written; nil if there are none.
  var range: SourceRange? { access?.range ?? trunk.first?.range ?? native?.range }
}
