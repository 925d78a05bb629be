import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// A device that a route, rule, device or sysctl of a node needs and that the node hasn't.
enum UndefinedDevice: Rule {
  static let code = RuleCode.undefinedDevice
  static let name = "undefined-device"
  static let summary = "A route, a rule, a device or a sysctl names a device that its namespace doesn't have."
  static let rationale = """
    The kernel answers «Cannot find device» (ENODEV) to a route or a device on a missing one, and has no parameters of it.
    """
  static let failing = """
    routers:
      edge:
        networks: [lan]
        routes:
          - { to: 10.9.0.0/16, dev: eth7 }  # error: NW0208
        interfaces:
          v10:
            type: vlan
            parent: lan0  # error: NW0208
            id: 10
        sysctls:
          net.ipv4.conf.eth1.rp_filter: 2  # error: NW0208
    networks:
      lan: {}
    """
  static let passing = """
    routers:
      edge:
        networks: [lan]
        routes:
          - { to: 10.9.0.0/16, dev: eth0 }
        interfaces:
          v10: { type: vlan, parent: eth0, id: 10 }
        sysctls:
          net.ipv4.conf.eth0.rp_filter: 2
          net.ipv6.conf.v10.accept_ra: 0
    networks:
      lan: {}
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.unusualNamespaces.flatMap { node -> [Diagnostic] in
      let entry = context.entry(of: node)
      let needsDevices =
        !entry.routes.isEmpty || !entry.rules.isEmpty || !entry.interfaces.isEmpty || !entry.sysctls.isEmpty
      guard needsDevices, (node.replica ?? 1) == 1 else { return [] }
      let known = Set(node.interfaces.map(\.name)).union([.loopback])
      var used = entry.routes.flatMap { $0.hops.compactMap(\.device) }
      // A rule may name a device that comes later: the kernel takes it, and it matches nothing until then. Here nothing
      // comes.
      used += entry.rules.flatMap { [$0.inputDevice, $0.outputDevice].compactMap { $0 } }
      used += entry.interfaces.flatMap { $0.members + [$0.parent].compactMap { $0 } }
      used += entry.sysctls.compactMap { sysctl in
        sysctl.key.value.device.map { Located($0, at: sysctl.key.range) }
      }
      return used.filter { !known.contains($0.value) }.map { name in
        finding(
          "`\(entry.name.value)` has no device `\(name.value)`", at: name.range,
          help: suggestion(for: name.value.text, among: node.interfaces.map(\.name.text)).map {
            "did you mean `\($0)`?"
          }
            ?? "it has \(known.sorted().map { "`\($0)`" }.joined(separator: ", "))")
      }
    }
  }
}
