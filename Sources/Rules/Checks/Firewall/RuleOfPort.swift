import Diagnostics
import NetworkTypes
import Topology

/// A rule for what a member of a bridge or a bond receives or sends.
enum RuleOfPort: Rule {
  static let code = RuleCode.ruleOfPort
  static let name = "rule-of-port"
  static let severity = Severity.warning
  static let summary = "A rule names a member of a bridge or a bond, where no packet ever has come in by it."
  static let rationale = """
    What a member of a bridge or a bond receives has come in by the bridge or the bond before any rule is asked \
    (br_handle_frame, net/bridge/br_input.c; bond_handle_frame, drivers/net/bonding/bond_main.c), and what the bridge or \
    the bond sends leaves by it, whichever member takes it: a rule that names a member matches nothing.
    """
  static let failing = """
    routers:
      edge:
        networks: { lan: { interface_name: inside }, wan: { interface_name: outside } }
        interfaces:
          br0: { type: bridge, members: [inside] }
        nat:
          - { dnat: 10.9.0.1, from: inside }  # warning: NW0704
        firewall:
          forward:
            policy: drop
            rules:
              - { from: inside, to: outside, action: accept }  # warning: NW0704
    networks:
      lan: {}
      wan: {}
    """
  static let passing = """
    routers:
      edge:
        networks: { lan: { interface_name: inside }, wan: { interface_name: outside } }
        interfaces:
          br0: { type: bridge, members: [inside] }
        nat:
          - { dnat: 10.9.0.1, from: br0 }
        firewall:
          forward:
            policy: drop
            rules:
              - { from: br0, to: outside, action: accept }
    networks:
      lan: {}
      wan: {}
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.unusualNamespaces.filter { ($0.replica ?? 1) == 1 }.flatMap { node -> [Diagnostic] in
      let ports = ports(of: node)
      guard !ports.isEmpty else { return [] }
      let rules = Firewall.Way.allCases.flatMap { node.firewall?.chains[$0]?.rules ?? [] }
      let matches =
        rules.map { ($0.match, $0.origin) } + node.translations.map { ($0.match, $0.origin) }
      var result: [Diagnostic] = []
      // What the file has as one rule may be several here.
      for (match, origin) in matches where result.last?.range != origin {
        if let found = finding(match, origin, ports) { result.append(found) }
      }
      return result
    }
  }

  /// A device that is a member of another.
  private struct Port {
    let master: InterfaceName
    /// `bridge` or `bond`.
    let word: String
    /// Whether it sends nothing of its own either: without an address or a route it has nothing to send.
    let isSilent: Bool
  }

  private static func ports(of node: Node) -> [InterfaceName: Port] {
    var ports: [InterfaceName: Port] = [:]
    for interface in node.interfaces {
      guard let master = interface.master, case .device(let device) = node.interfaces.named(master)?.source else {
        continue
      }
      let word: String
      switch device {
      case .bridge: word = "bridge"
      case .bond: word = "bond"
      case .dummy, .vlan, .vxlan, .vrf: continue
      }
      let isSilent =
        interface.addresses.isEmpty && !interface.hasIPv6 && !node.routes.contains { leads($0, over: interface.name) }
      ports[interface.name] = Port(master: master, word: word, isSilent: isSilent)
    }
    return ports
  }

  private static func leads(_ route: Route, over device: InterfaceName) -> Bool {
    guard case .unicast(let hops) = route.action else { return false }
    return hops.contains { $0.device == device }
  }

  private static func finding(
    _ match: PacketMatch, _ origin: SourceRange, _ ports: [InterfaceName: Port]
  ) -> Diagnostic? {
    if case .devices(let devices) = match.from {
      for device in devices {
        guard let port = ports[device], !devices.contains(port.master) else { continue }
        return finding(
          "what `\(device)` receives has come in by its \(port.word) `\(port.master)`", at: origin,
          caption: "it matches nothing that `\(device)` receives", help: "say `\(port.master)`, or name addresses")
      }
    }
    if case .devices(let devices) = match.to {
      for device in devices {
        guard let port = ports[device], port.isSilent, !devices.contains(port.master) else { continue }
        return finding(
          "what `\(device)` sends leaves by its \(port.word) `\(port.master)`", at: origin,
          caption: "it matches nothing that `\(device)` sends", help: "say `\(port.master)`, or name addresses")
      }
    }
    return nil
  }
}
