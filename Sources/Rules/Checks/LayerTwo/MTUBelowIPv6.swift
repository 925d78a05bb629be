import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// An MTU that IPv6 doesn't work with.
enum MTUBelowIPv6: Rule {
  static let code = RuleCode.mtuBelowIPv6
  static let summary = "A link that carries IPv6 has an MTU below 1280."
  static let rationale = """
    IPv6 needs 1280 bytes of every link (RFC 8200 §5); on a device with less the kernel takes its IPv6 away \
    (addrconf_notify, net/ipv6/addrconf.c), and answers «Invalid argument» to an address.
    """
  static let failing = """
    services:
      web: { networks: [lan] }
    networks:
      lan:
        mtu: 1200  # error: NW0402
        enable_ipv6: true
    """
  static let passing = """
    services:
      web: { networks: [lan] }
    networks:
      lan:
        mtu: 1280
        enable_ipv6: true
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    let networks = context.file.networks.compactMap { network -> Diagnostic? in
      guard network.enableIPv6?.value ?? false, let mtu = network.options.mtu, mtu.value < 1280 else { return nil }
      return tooSmall(mtu, network.enableIPv6?.range)
    }
    let links = context.file.links.compactMap { link -> Diagnostic? in
      let range =
        link.subnets.first { $0.value.family == .ipv6 }?.range
        ?? link.endpoints.flatMap(\.addresses).first { $0.value.family == .ipv6 }?.range
      guard let range, let mtu = link.mtu, mtu.value < 1280 else { return nil }
      return tooSmall(mtu, range)
    }
    let interfaces = context.unusualNodes.flatMap(\.interfaces).compactMap { interface -> Diagnostic? in
      guard let range = interface.addresses.first(where: { $0.value.family == .ipv6 })?.range, let mtu = interface.mtu,
        mtu.value < 1280
      else { return nil }
      return tooSmall(mtu, range)
    }
    return networks + links + interfaces
  }

  private static func tooSmall(_ mtu: Located<Int>, _ family: SourceRange?) -> Diagnostic {
    finding(
      "an MTU of \(mtu.value) is too small for IPv6", at: mtu.range,
      labels: family.map { [.init($0, "IPv6 is here")] } ?? [], help: "make it 1280 or more")
  }
}
