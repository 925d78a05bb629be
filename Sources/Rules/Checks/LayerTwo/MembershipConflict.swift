import Diagnostics
import NetworkTypes
import ProjectFile
import Topology

/// A device that can't be a member of the one that it is said to be, or that stands on itself.
enum MembershipConflict: Rule {
  static let code = RuleCode.membershipConflict
  static let name = "membership-conflict"
  static let summary =
    "A device is a member of two bridges, bonds or VRFs, of one that can't have it, or stands on itself."
  static let rationale = """
    A device has one master: the kernel answers «Device or resource busy» to a second. It takes no loopback as a \
    member, no bridge into a bridge, no VLAN into a bond, no ipvlan device into either and no VRF into anything \
    (br_add_if, net/bridge/br_if.c; do_vrf_add_slave, drivers/net/vrf.c; bond_enslave, drivers/net/bonding/bond_main.c; \
    IFF_DONT_BRIDGE, drivers/net/ipvlan/ipvlan_main.c), and what would stand on itself can't be made.
    """
  static let failing = """
    routers:
      a:
        networks: [lan]
        interfaces:
          br0: { type: bridge, members: [eth0] }
          br1: { type: bridge, members: [eth0] }  # error: NW0407
      b:
        networks: [shared]
        interfaces:
          br0: { type: bridge, members: [eth0] }  # error: NW0407
    networks:
      lan: {}
      shared: { driver: ipvlan }
    """
  static let passing = """
    routers:
      a:
        networks: [lan, wan]
        interfaces:
          br0: { type: bridge, members: [eth0] }
          br1: { type: bridge, members: [eth1] }
    networks:
      lan: {}
      wan: {}
    """

  static func check(_ context: RuleContext) -> [Diagnostic] {
    let ipvlanDevices = ipvlanDevices(in: context.topology)
    return context.unusualNodes.flatMap { node -> [Diagnostic] in
      guard !node.interfaces.isEmpty else { return [] }
      let kinds = Dictionary(
        node.interfaces.map { ($0.name.value, $0.kind.value) }, uniquingKeysWith: { first, _ in first })
      let ipvlans = ipvlanDevices[node.name.value] ?? []
      var masters: [InterfaceName: Located<InterfaceName>] = [:]
      var result: [Diagnostic] = []
      for interface in node.interfaces {
        for member in interface.members {
          if let reason = refusal(of: member.value, kinds[member.value], in: interface) {
            result.append(finding(reason, at: member.range, help: "take it out"))
          } else if ipvlans.contains(member.value), interface.kind.value != .vrf {
            result.append(
              finding(
                "`\(member.value)` is an ipvlan device, which can't be a member of a \(interface.kind.value.rawValue)",
                at: member.range, help: "take it out, or make its network one of the driver macvlan"))
          } else if let other = masters[member.value] {
            result.append(
              finding(
                "`\(member.value)` is a member of `\(other.value)` already", at: member.range,
                labels: [.init(other.range, "here")], help: "take it out of one of them"))
          } else {
            masters[member.value] = Located(interface.name.value, at: member.range)
          }
        }
      }
      return result + circles(node.interfaces)
    }
  }

  /// The devices that nodes have on ipvlan networks, by the names of their services and routers.
  private static func ipvlanDevices(in topology: Topology) -> [String: Set<InterfaceName>] {
    var result: [String: Set<InterfaceName>] = [:]
    // Most files have no such network, and some thousands of nodes.
    guard topology.networks.contains(where: { if case .ipvlan = $0.driver { true } else { false } }) else { return [:] }
    for node in topology.nodes {
      for interface in node.interfaces {
        guard case .child(let id) = interface.source, case .ipvlan = topology[id].driver else { continue }
        result[node.key, default: []].insert(interface.name)
      }
    }
    return result
  }

  /// Why a device can't be a member of another, whatever else is said of it.
  private static func refusal(
    of member: InterfaceName, _ kind: InterfaceEntry.Kind?, in master: InterfaceEntry
  ) -> String? {
    if member == .loopback { return "loopback can't be a member of anything" }
    guard member != master.name.value, let kind else { return nil }
    if kind == .vrf { return "a VRF can't be a member of another device" }
    // It would have to be up as it joins, and what it stands on with it.
    if kind == .vlan, master.kind.value == .bond { return "a VLAN can't be a member of a bond; it can stand on one" }
    return kind == .bridge && master.kind.value == .bridge ? "a bridge can't be a member of a bridge" : nil
  }

  /// Devices that stand on themselves, by members and parents.
  ///
  /// What stands on nothing that is left is left out, again and again; what remains is in a circle, or stands on one.
  private static func circles(_ interfaces: [InterfaceEntry]) -> [Diagnostic] {
    let own = Set(interfaces.map(\.name.value))
    var below = Dictionary(
      interfaces.map {
        ($0.name.value, ($0.members + [$0.parent].compactMap { $0 }).filter { own.contains($0.value) })
      },
      uniquingKeysWith: { first, _ in first })
    var above: [InterfaceName: [InterfaceName]] = [:]
    for (name, lower) in below { for one in lower { above[one.value, default: []].append(name) } }
    var open = below.mapValues(\.count)
    var free = open.filter { $0.value == 0 }.map(\.key)
    while let name = free.popLast() {
      below[name] = nil
      for upper in above[name] ?? [] {
        open[upper, default: 0] -= 1
        if open[upper] == 0 { free.append(upper) }
      }
    }
    return circles(in: below)
  }

  /// A finding for each circle; each device has one below it here that is here too.
  private static func circles(in below: [InterfaceName: [Located<InterfaceName>]]) -> [Diagnostic] {
    var seen: Set<InterfaceName> = []
    return below.keys.sorted().compactMap { start in
      var path: [InterfaceName] = []
      var current = start
      while seen.insert(current).inserted {
        path.append(current)
        current = below[current]?.first { below[$0.value] != nil }?.value ?? current
      }
      guard let first = path.firstIndex(of: current) else { return nil }
      let circle = path[first...]
      guard let name = circle.min(), let upper = circle.first(where: { leads($0, to: name, below) }) else { return nil }
      let range = below[upper]?.first { $0.value == name }?.range
      return finding("`\(name)` stands on itself", at: range, help: "take it out")
    }
  }

  private static func leads(
    _ upper: InterfaceName, to name: InterfaceName, _ below: [InterfaceName: [Located<InterfaceName>]]
  ) -> Bool { below[upper]?.first { below[$0.value] != nil }?.value == name }
}
