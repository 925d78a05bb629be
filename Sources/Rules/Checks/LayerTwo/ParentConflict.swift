import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// A parent device that two networks can't share.
enum ParentConflict: Rule {
  static let code = RuleCode.parentConflict
  static let name = "parent-conflict"
  static let summary = "A device is the parent of networks that exclude each other, or of two nodes in passthru mode."
  static let rationale = """
    The engine answers «network … is already using parent interface …» to a second ipvlan network, and the kernel «Device \
    or resource busy» or «Invalid argument» to macvlan and ipvlan on one device and to a second passthru device. An ipvlan \
    device has its parent's hardware address.
    """
  static let failing = """
    services:
      web: { networks: [a, b] }
    networks:
      a: { driver: ipvlan, driver_opts: { parent: eth0 } }
      b: { driver: macvlan, driver_opts: { parent: eth0 } }  # error: NW0408
    """
  static let passing = """
    services:
      web: { networks: [a, b] }
    networks:
      a: { driver: macvlan, driver_opts: { parent: eth0 } }
      b: { driver: macvlan, driver_opts: { parent: eth0 } }
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    var first: [InterfaceName: NetworkEntry] = [:]
    var result: [Diagnostic] = []
    for network in context.file.networks {
      guard let parent = network.options.parent, let driver = network.driver?.value, isChild(driver) else { continue }
      if let other = first[parent.value] {
        if driver == .ipvlan || other.driver?.value == .ipvlan || isPassthru(network) || isPassthru(other) {
          result.append(
            finding(
              "`\(parent.value)` is the parent of `\(other.key.value)` already", at: parent.range,
              labels: other.options.parent.map { [.init($0.range, "here")] } ?? [],
              help: "use another parent, or macvlan in bridge mode for both"))
        }
      } else {
        first[parent.value] = network
      }
    }
    return result + crowdedPassthru(context) + ownedAddresses(context)
  }

  private static func isChild(_ driver: NetworkDriver) -> Bool {
    switch driver {
    case .macvlan, .ipvlan: true
    case .bridge, .host, .none: false
    }
  }

  private static func isPassthru(_ network: NetworkEntry) -> Bool { network.options.macvlanMode?.value == .passthru }

  /// The second to be on a network in passthru mode, whether another node or a replica.
  private static func crowdedPassthru(_ context: RuleContext) -> [Diagnostic] {
    guard context.file.networks.contains(where: isPassthru) else { return [] }
    var users: [NetworkID: SourceRange] = [:]
    var reported: Set<SourceRange> = []
    return context.topology.nodes.flatMap(\.interfaces).compactMap { interface in
      guard case .child(let id) = interface.source, case .macvlan(_, _, .passthru) = context.topology[id].driver else {
        return nil
      }
      guard let other = users[id] else {
        users[id] = interface.origin
        return nil
      }
      guard reported.insert(interface.origin).inserted else { return nil }
      let isReplica = other == interface.origin
      return finding(
        "`\(context.topology[id].key)` is in passthru mode, which has room for one", at: interface.origin,
        labels: isReplica ? [] : [.init(other, "the one")],
        notes: isReplica ? ["there are several replicas"] : [], help: "use bridge mode")
    }
  }

  private static func ownedAddresses(_ context: RuleContext) -> [Diagnostic] {
    context.unusualAttachments.compactMap { attachment in
      guard let address = attachment.macAddress,
        context.networkEntries[attachment.network.value]?.driver?.value == .ipvlan
      else { return nil }
      return finding(
        "an ipvlan device has its parent's hardware address", at: address.range,
        help: "take `mac_address` out, or use macvlan")
    }
  }
}
