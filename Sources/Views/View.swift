import JSONText
package import NetworkTypes
package import Plan
package import Simulator

/// What can be looked at on a simulated machine, each in the format of the program that shows it.
package indirect enum View: Hashable, Sendable {
  /// `ip link`, `ip address`
  case links(LinkListing)
  /// `ip route`, of one table or all, of one family or both.
  case routes(AddressFamily?, RouteTableSelection)
  /// `ip rule`
  case rules(AddressFamily)
  /// `ip neighbor`
  case neighbors(AddressFamily?, on: InterfaceName?)
  /// `bridge link`
  case bridgeLinks
  /// `bridge fdb`
  case forwardingDatabase(bridge: InterfaceName?, device: InterfaceName?)
  /// `bridge vlan`
  case bridgeVLANs
  /// `brctl show`
  case bridges
  /// `brctl showmacs BRIDGE`
  case hardwareAddresses(of: InterfaceName)
  /// `ifconfig`
  case ifconfig(withAll: Bool, device: InterfaceName?)
  /// `route -n`
  case routeTable
  /// /sys/class/net/*/iflink
  case peerNumbers
  /// `sysctl`
  case parameters(ParameterSelection, withNames: Bool)
  /// `nft list ruleset`
  case nftables
  /// `iptables -t TABLE -nvL`, `ip6tables`
  case iptables(AddressFamily, IptablesTable.Name, withNumbers: Bool)
  /// `iptables-save`, `ip6tables-save`
  case iptablesSave(AddressFamily, withCounters: Bool)
  /// `conntrack -L`
  case connections
  /// One of those of `ip` and `bridge`, as JSON (`-j`).
  case json(View)

  /// What there is, for messages and help.
  package static let summary = """
    ip [-4|-6] [-j] [-br] [-s] addr|link [show] [DEVICE], ip [-4|-6] [-j] route [show table N|all], ip [-6] [-j] rule, \
    ip [-4|-6] [-j] neigh [show dev DEVICE], bridge [-j] link, bridge [-j] fdb [show] [br BRIDGE] [dev DEVICE], bridge \
    [-j] vlan, brctl show, brctl showmacs BRIDGE, ifconfig [-a] [DEVICE], route -n, sysctl [-n] KEY..., sysctl -a \
    [--pattern TEXT], iflink, nft, iptables|ip6tables [-t TABLE] [-nvL] [--line-numbers], iptables-save|ip6tables-save \
    [-c], conntrack
    """
}

/// Which routing tables are shown.
package enum RouteTableSelection: Hashable, Sendable {
  /// The main one.
  case main
  /// One by its number.
  case one(UInt32)
  /// All.
  case all
}

/// Which parameters are shown.
package enum ParameterSelection: Hashable, Sendable {
  /// Those named, and what is below them.
  case named([SysctlKey])
  /// Those whose name contains a text (`-a --pattern`).
  case matching(String)
  /// All that are modelled (`-a`).
  case all
}

extension View {
  /// What the program would print.
  ///
  /// - Parameters:
  ///   - namespace: where it is run.
  ///   - kernel: the machine.
  /// - Returns: the lines, each ended.
  package func text(of namespace: NamespaceID, in kernel: Kernel) -> String {
    text(of: namespace, in: kernel, isJSON: false)
  }

  private func text(of namespace: NamespaceID, in kernel: Kernel, isJSON: Bool) -> String {
    // Of several parameters those that are there are printed nevertheless.
    if let refusal = refusal(of: namespace, in: kernel), !isOfParameters { return refusal }
    return switch self {
    case .json(let view): view.text(of: namespace, in: kernel, isJSON: true)
    case .links(let listing): linkItems(of: namespace, in: kernel, listing).printed(isJSON: isJSON)
    case .routes(let family, let tables):
      routeItems(of: namespace, in: kernel, family, tables).printed(isJSON: isJSON)
    case .rules(let family): ruleItems(of: namespace, in: kernel, family).printed(isJSON: isJSON)
    case .neighbors(let family, let device):
      neighborItems(of: namespace, in: kernel, family, on: device).printed(isJSON: isJSON)
    case .bridgeLinks: bridgeLinkItems(of: namespace, in: kernel).printed(isJSON: isJSON)
    case .forwardingDatabase(let bridge, let device):
      forwardingItems(of: namespace, in: kernel, bridge: bridge, device: device).printed(isJSON: isJSON)
    case .bridgeVLANs:
      isJSON
        ? bridgeVLANsJSON(of: namespace, in: kernel).compact + "\n" : bridgeVLANsText(of: namespace, in: kernel)
    case .bridges: bridgesText(of: namespace, in: kernel)
    case .hardwareAddresses(let bridge): hardwareAddressesText(of: bridge, namespace, in: kernel)
    case .ifconfig(let withAll, let device): ifconfigText(of: namespace, in: kernel, withAll: withAll, device: device)
    case .routeTable: routeTableText(of: namespace, in: kernel)
    case .peerNumbers: peerNumbersText(of: namespace, in: kernel)
    case .parameters(let selection, let withNames):
      parametersText(selection, withNames: withNames, of: namespace, in: kernel)
    case .nftables: nftablesText(of: namespace, in: kernel)
    case .iptables(let family, let table, let withNumbers):
      iptablesText(family, table, withNumbers: withNumbers, of: namespace, in: kernel)
    case .iptablesSave(let family, let withCounters):
      iptablesSaveText(family, withCounters: withCounters, of: namespace, in: kernel)
    case .connections: connectionsText(of: namespace, in: kernel)
    }
  }
}

extension View {
  private var isOfParameters: Bool { if case .parameters = self { true } else { false } }

  /// What the program says when it fails, because something that it is asked for isn't there; nil where all is.
  ///
  /// - Parameters:
  ///   - namespace: where it is run.
  ///   - kernel: the machine.
  /// - Returns: the lines, each ended.
  package func refusal(of namespace: NamespaceID, in kernel: Kernel) -> String? {
    func missing(_ name: InterfaceName?) -> InterfaceName? {
      name.flatMap { kernel.device($0, in: namespace) == nil ? $0 : nil }
    }
    switch self {
    case .json(let view): return view.refusal(of: namespace, in: kernel)
    case .links(let listing): return missing(listing.device).map { "Device \"\($0)\" does not exist.\n" }
    case .neighbors(_, let device): return missing(device).map { "Cannot find device \"\($0)\"\n" }
    case .forwardingDatabase(let bridge, let device):
      return missing(bridge).map { "Cannot find bridge device \"\($0)\"\n" }
        ?? missing(device).map { "Cannot find device \"\($0)\"\n" }
    case .hardwareAddresses(let bridge):
      if let id = kernel.device(bridge, in: namespace), case .bridge = kernel[id].kind { return nil }
      return "read of forward table failed: No such device\n"
    case .ifconfig(_, let device):
      return missing(device).map { "\($0): error fetching interface information: Device not found\n" }
    case .parameters(.named(let keys), _):
      let words = keys.compactMap { unmodelledText($0, namespace, in: kernel) }
      return words.isEmpty ? nil : words.joined()
    case .routes, .rules, .bridgeLinks, .bridgeVLANs, .bridges, .routeTable, .peerNumbers, .parameters, .nftables,
      .iptables, .iptablesSave, .connections:
      return nil
    }
  }

  /// What the rules must be loaded by for the program to show them; nil for one that shows something else.
  package var needsIptables: Bool? {
    switch self {
    case .nftables: false
    case .iptables, .iptablesSave: true
    case .json(let view): view.needsIptables
    case .links, .routes, .rules, .neighbors, .bridgeLinks, .forwardingDatabase, .bridgeVLANs, .bridges,
      .hardwareAddresses, .ifconfig, .routeTable, .peerNumbers, .parameters, .connections:
      nil
    }
  }
}
