import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// An IPv6 address in a namespace, or of a device, that a kernel parameter takes IPv6 from.
enum AddressOfDisabledFamily: Rule {
  static let code = RuleCode.addressOfDisabledFamily
  static let name = "address-of-disabled-family"
  static let summary = "A kernel parameter takes IPv6 from a namespace or a device that has IPv6 addresses or routes."
  static let rationale = """
    The kernel answers «IPv6 is disabled on this device» to each of them (inet6_rtm_newaddr, net/ipv6/addrconf.c), and takes \
    those that are there already; the engine leaves them out in silence. To a route it answers «IPv6 is disabled on nexthop \
    device» (fib6_nh_init, net/ipv6/route.c).
    """
  static let failing = """
    services:
      web:
        networks: [lan]
        sysctls:
          net.ipv6.conf.all.disable_ipv6: 1  # error: NW0320
      db:
        networks:
          lan:
            driver_opts:
              com.docker.network.endpoint.sysctls: net.ipv6.conf.IFNAME.disable_ipv6=1  # error: NW0320
    routers:
      edge:
        networks: [lan]
        sysctls:
          net.ipv6.conf.eth0.disable_ipv6: 1  # error: NW0320
      far:
        networks: [plain]
        sysctls:
          net.ipv6.conf.all.disable_ipv6: 1  # error: NW0320
        routes: [{ to: "fd09::/64", dev: eth0 }]
    networks:
      lan: { enable_ipv6: true }
      plain: {}
    """
  static let passing = """
    services:
      web:
        networks: [lan]
        sysctls:
          net.ipv6.conf.all.disable_ipv6: 1
    networks:
      lan: { enable_ipv6: false }
    """

  private static let keys: Set<String> = ["net.ipv6.conf.all.disable_ipv6", "net.ipv6.conf.default.disable_ipv6"]

  static func check(_ context: RuleContext) -> [Diagnostic] {
    context.unusualNamespaces.filter { ($0.replica ?? 1) == 1 }.flatMap { node -> [Diagnostic] in
      let parameters = node.sysctls.filter { keys.contains($0.key.text) }
      if let sysctl = parameters.first, !parameters.contains(where: { $0.value == "0" }) {
        let route = node.routes.first { isSent($0, by: { _ in true }) }
        return [finding(sysctl, node.interfaces.flatMap(\.addresses), route, "`\(node.key)` has no IPv6")]
          .compactMap { $0 }
      }
      return node.interfaces.compactMap { interface in
        let sysctl = (node.sysctls + interface.sysctls).last { isDisabling($0.key, of: interface.name) }
        guard let sysctl, KernelParameters.number(sysctl.value) != 0 else { return nil }
        let route = node.routes.first { isSent($0, by: { $0.device == interface.name }) }
        return finding(sysctl, interface.addresses, route, "`\(interface.name)` of `\(node.key)` has no IPv6")
      }
    }
  }

  private static func isDisabling(_ key: SysctlKey, of device: InterfaceName) -> Bool {
    key.device == device && key.text.hasPrefix("net.ipv6.conf.") && key.text.hasSuffix(".disable_ipv6")
  }

  /// Whether an IPv6 route sends packets on, by some next hop.
  private static func isSent(_ route: Route, by isMeant: (Route.Hop) -> Bool) -> Bool {
    guard route.destination.family == .ipv6, case .unicast(let hops) = route.action else { return false }
    return hops.contains(where: isMeant)
  }

  private static func finding(
    _ sysctl: Sysctl, _ addresses: [AssignedAddress], _ route: Route?, _ problem: String
  ) -> Diagnostic? {
    let help = "take the parameter out; or keep it on networks without IPv6"
    if let address = addresses.first(where: { $0.address.family == .ipv6 }) {
      return finding(
        "\(problem), and the address \(address.address.address)", at: sysctl.origin,
        labels: [.init(address.origin, "it has the address by this")], help: help)
    }
    return route.map { route in
      finding(
        "\(problem), and a route to \(route.destination)", at: sysctl.origin,
        labels: [.init(route.origin, "the route")],
        help: help)
    }
  }
}
