import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// An IPv6 address in a namespace, or of a device, that a kernel parameter takes IPv6 from.
enum AddressOfDisabledFamily: Rule {
  static let code = RuleCode.addressOfDisabledFamily
  static let name = "address-of-disabled-family"
  static let summary = "A kernel parameter takes IPv6 from a namespace or a device that has IPv6 addresses."
  static let rationale = """
    The kernel answers «IPv6 is disabled on this device» to each of them (inet6_rtm_newaddr, net/ipv6/addrconf.c), and takes \
    those that are there already; the engine leaves them out in silence.
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
    networks:
      lan: { enable_ipv6: true }
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
        return [finding(sysctl, node.interfaces.flatMap(\.addresses), "`\(node.key)` has no IPv6")].compactMap { $0 }
      }
      return node.interfaces.compactMap { interface in
        let sysctl = (node.sysctls + interface.sysctls).last { isDisabling($0.key, of: interface.name) }
        guard let sysctl, KernelParameters.number(sysctl.value) != 0 else { return nil }
        return finding(sysctl, interface.addresses, "`\(interface.name)` of `\(node.key)` has no IPv6")
      }
    }
  }

  private static func isDisabling(_ key: SysctlKey, of device: InterfaceName) -> Bool {
    key.device == device && key.text.hasPrefix("net.ipv6.conf.") && key.text.hasSuffix(".disable_ipv6")
  }

  private static func finding(_ sysctl: Sysctl, _ addresses: [AssignedAddress], _ problem: String) -> Diagnostic? {
    guard let address = addresses.first(where: { $0.address.family == .ipv6 }) else { return nil }
    return finding(
      "\(problem), and the address \(address.address.address)", at: sysctl.origin,
      labels: [.init(address.origin, "it has the address by this")],
      help: "take the parameter out; or keep it on networks without IPv6")
  }
}
