import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// An MTU that IPv6 doesn't work with.
enum MTUBelowIPv6: Rule {
  static let code = RuleCode.mtuBelowIPv6
  static let name = "mtu-below-ipv6"
  static let summary = "A link that carries IPv6 has an MTU below 1280."
  static let rationale = """
    IPv6 needs 1280 bytes of every link (RFC 8200 §5); on a device with less the kernel takes its IPv6 away \
    (addrconf_notify, net/ipv6/addrconf.c), and answers «Invalid argument» to an address. A device that stands on another \
    has that one's MTU unless it is given its own, and a bridge the lowest of its ports'.
    """
  static let failing = """
    services:
      web: { networks: [lan] }
    networks:
      lan:
        mtu: 1200  # error: NW0402
        enable_ipv6: true
    routers:
      gate:
        interfaces: { low: { type: bridge, mtu: 1200 } }
        sysctls:
          net.ipv6.conf.low.accept_ra: 0  # error: NW0402
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
    networks(context) + attachments(context) + links(context) + interfaces(context) + routes(context)
      + parameters(context)
  }

  private static func networks(_ context: RuleContext) -> [Diagnostic] {
    context.topology.networks.compactMap { network in
      guard let entry = context.networkEntries[network.key], network.families.contains(.ipv6) else { return nil }
      if let mtu = entry.options.mtu {
        if mtu.value < least { return tooSmall(mtu, entry.enableIPv6?.range) }
      } else if let parent = network.parent, let mtu = context.topology.parentMTU(of: network), mtu < least {
        return inherited(mtu, from: parent, at: entry.options.parent?.range ?? entry.key.range)
      }
      // A link can take a bridge's MTU down.
      let link = context.file.links.first { link in
        (link.mtu?.value ?? least) < least && link.endpoints.contains { $0.target.value == network.key }
      }
      guard network.hostAddress(.ipv6) != nil, let mtu = link?.mtu else { return nil }
      return tooSmall(mtu, entry.enableIPv6?.range)
    }
  }

  /// Addresses and parameters of IPv6 that attachments have on a network without.
  private static func attachments(_ context: RuleContext) -> [Diagnostic] {
    context.unusualAttachments.compactMap { attachment in
      guard
        let range = attachment.addresses.first(where: { $0.value.family == .ipv6 })?.range
          ?? attachment.linkLocalAddresses.first(where: { $0.value.family == .ipv6 })?.range
          ?? attachment.sysctls.first(where: { $0.key.value.text.hasPrefix("net.ipv6.") })?.key.range,
        let network = context.network(withKey: attachment.network.value),
        !network.families.contains(.ipv6)
      else { return nil }
      if let mtu = context.networkEntries[network.key]?.options.mtu {
        return mtu.value < least ? tooSmall(mtu, range) : nil
      }
      guard let parent = network.parent, let mtu = context.topology.parentMTU(of: network), mtu < least else {
        return nil
      }
      return inherited(mtu, from: parent, at: range)
    }
  }

  private static func links(_ context: RuleContext) -> [Diagnostic] {
    context.file.links.compactMap { link in
      let range =
        link.subnets.first { $0.value.family == .ipv6 }?.range
        ?? link.endpoints.flatMap(\.addresses).first { $0.value.family == .ipv6 }?.range
      guard let range, let mtu = link.mtu, mtu.value < least else { return nil }
      return tooSmall(mtu, range)
    }
  }

  private static func interfaces(_ context: RuleContext) -> [Diagnostic] {
    context.unusualNamespaces.filter { ($0.replica ?? 1) == 1 }.flatMap { node in
      context.entry(of: node).interfaces.compactMap { entry -> Diagnostic? in
        // The kernel refuses it of a VRF whether or not there is IPv6 (vrf_setup, drivers/net/vrf.c).
        if entry.kind.value == .vrf, let mtu = entry.mtu, mtu.value < least {
          return finding("an MTU of \(mtu.value) is too small for a VRF", at: mtu.range, help: "make it 1280 or more")
        }
        guard let range = entry.addresses.first(where: { $0.value.family == .ipv6 })?.range,
          let interface = node.interfaces.named(entry.name.value),
          let carried = context.topology.mtu(of: interface, among: node.interfaces), carried < least
        else { return nil }
        if let mtu = entry.mtu, mtu.value == carried { return tooSmall(mtu, range) }
        let below = entry.parent ?? entry.members.first
        return below.map { inherited(carried, from: $0.value, at: range) }
      }
    }
  }

  /// IPv6 routes by devices that have no IPv6 otherwise: «No such device» (fib6_nh_init, net/ipv6/route.c).
  private static func routes(_ context: RuleContext) -> [Diagnostic] {
    context.unusualNamespaces.filter { ($0.replica ?? 1) == 1 && !$0.routes.isEmpty }.flatMap { node in
      node.routes.flatMap { route -> [Diagnostic] in
        guard route.destination.family == .ipv6, case .unicast(let hops) = route.action else { return [] }
        return hops.compactMap { hop in
          guard let interface = hop.device.flatMap({ node.interfaces.named($0) }), !interface.hasIPv6,
            let mtu = context.topology.mtu(of: interface, among: node.interfaces), mtu < least
          else { return nil }
          return finding(
            "`\(interface.name)` has an MTU of \(mtu), too small for IPv6, and a route to \(route.destination)",
            at: hop.origin,
            labels: [.init(interface.origin, "the device")], help: "make its MTU 1280 or more")
        }
      }
    }
  }

  /// Parameters of IPv6 that a device without it hasn't (addrconf_sysctl_register, net/ipv6/addrconf.c).
  private static func parameters(_ context: RuleContext) -> [Diagnostic] {
    context.unusualNamespaces.filter { ($0.replica ?? 1) == 1 }.flatMap { node in
      context.entry(of: node).sysctls.compactMap { sysctl -> Diagnostic? in
        let key = sysctl.key
        guard key.value.text.hasPrefix("net.ipv6."), let device = key.value.device,
          let interface = node.interfaces.named(device),
          let mtu = context.topology.mtu(of: interface, among: node.interfaces), mtu < least
        else { return nil }
        return finding(
          "`\(device)` has an MTU of \(mtu), too small for IPv6, and so no such parameter", at: key.range,
          labels: [.init(interface.origin, "the device")], help: "make its MTU 1280 or more")
      }
    }
  }

  /// The least MTU of a link that carries IPv6.
  private static let least = AddressFamily.ipv6MinimumMTU

  private static func tooSmall(_ mtu: Located<Int>, _ family: SourceRange?) -> Diagnostic {
    finding(
      "an MTU of \(mtu.value) is too small for IPv6", at: mtu.range,
      labels: family.map { [.init($0, "IPv6 is here")] } ?? [], help: "make it 1280 or more")
  }

  private static func inherited(_ mtu: Int, from device: InterfaceName, at range: SourceRange) -> Diagnostic {
    finding(
      "an MTU of \(mtu), which comes from `\(device)`, is too small for IPv6", at: range,
      help: "make that one's 1280 or more")
  }
}
