package import NetworkTypes

/// What goes by itself when the namespaces and the devices go that a plan adds.
struct Fates {
  private var namespaces: Set<NamespaceName> = []
  /// The devices that the plan adds.
  private var links: Set<LinkReference> = []
  /// The bridge, bond or VRF that a device joins.
  private var masters: [LinkReference: LinkReference] = [:]

  /// Looks a plan through.
  init(of plan: Plan) {
    for step in plan.steps {
      switch step.operation {
      case .addNamespace(let payload): namespaces.insert(payload.name)
      case .addLink(let payload): links.insert(payload.link)
      case .addVethPair(let payload): links.formUnion([payload.first.link, payload.second.link])
      case .setMaster(let payload):
        masters[payload.link] = LinkReference(payload.link.place, payload.master)
      case .addBridgeVLAN, .setHairpin, .setAddressGeneration, .setLinkUp, .addAddress, .addRoute, .addRule, .setSysctl,
        .loadRuleset, .addQdisc, .writeNamespaceFile:
        break
      }
    }
  }

  /// What an operation's undoing takes beside that of the operations before it.
  func inverses(of operation: Operation) -> [Inverse] {
    switch operation {
    case .addNamespace, .writeNamespaceFile: [operation.inverse]
    case .addLink(let payload): inverses(of: payload)
    case .addVethPair(let payload):
      [payload.first.link, payload.second.link].first { !goes($0.place) }.map { [.deleteLink($0)] } ?? []
    case .setMaster(let payload):
      goes(payload.link) || goes(LinkReference(payload.link.place, payload.master)) ? [] : [operation.inverse]
    case .addBridgeVLAN(let payload): hasGoingMaster(payload.link) ? [] : unless(goes(payload.link), operation)
    case .setHairpin(let payload): hasGoingMaster(payload.link) ? [] : unless(goes(payload.link), operation)
    case .setAddressGeneration(let payload): unless(goes(payload.link), operation)
    case .setLinkUp(let payload): unless(goes(payload.link), operation)
    case .addAddress(let payload): unless(goes(payload.link), operation)
    case .addRoute(let payload): unless(goes(payload), operation)
    case .addRule(let payload): unless(goes(payload.place), operation)
    case .setSysctl(let payload): unless(goes(payload), operation)
    case .loadRuleset(let payload): unless(goes(payload.place), operation)
    case .addQdisc(let payload): unless(goes(payload.link), operation)
    }
  }

  private func unless(_ goes: Bool, _ operation: Operation) -> [Inverse] { goes ? [] : [operation.inverse] }

  private func goes(_ place: Place) -> Bool {
    switch place {
    case .host: false
    case .namespace(let name): namespaces.contains(name)
    }
  }

  private func goes(_ link: LinkReference) -> Bool { goes(link.place) || links.contains(link) }

  /// A port's flags go with the port, and its VLANs go when it leaves the bridge (`nbp_vlan_flush`,
  /// net/bridge/br_vlan.c), and it leaves when the bridge goes (`br_dev_delete`, net/bridge/br_if.c).
  private func hasGoingMaster(_ link: LinkReference) -> Bool { masters[link].map(goes) ?? false }

  /// A device that sits on another goes with it at NETDEV_UNREGISTER (`vlan_device_event`, `macvlan_device_event`,
  /// `ipvlan_device_event`, `vxlan_netdevice_event`).
  private func inverses(of payload: AddLink) -> [Inverse] {
    guard !goes(payload.link.place) else { return [] }
    let parent: LinkReference?
    switch payload.kind {
    case .vlan(let name, _): parent = LinkReference(payload.link.place, name)
    case .macvlan(let link, _), .ipvlan(let link, _): parent = link
    case .vxlan(let options): parent = options.device.map { LinkReference(payload.link.place, $0) }
    case .vrf: return [.deleteLink(payload.link), .restoreVRFRules(payload.link.place)]
    case .bridge, .dummy, .bond: parent = nil
    }
    // A parent in a namespace goes when the kernel gets round to it; see `Plan.undo`.
    if let parent, !goes(parent.place), links.contains(parent) { return [] }
    return [.deleteLink(payload.link)]
  }

  private func goes(_ route: AddRoute) -> Bool {
    goes(route.place) || route.goes(whenDeleting: { goes(LinkReference(route.place, $0)) })
  }

  /// A device's parameters are there as long as the device is.
  private func goes(_ payload: SetSysctl) -> Bool {
    if goes(payload.place) { return true }
    guard let name = payload.key.device else { return false }
    return links.contains(LinkReference(payload.place, name))
  }
}

extension AddRoute {
  /// Whether the route goes by itself when devices are deleted: an IPv4 route whole with any of its devices, an IPv6
  /// one with the last.
  ///
  /// See `fib_sync_down_dev`, net/ipv4/fib_semantics.c, and `fib6_ifdown`, net/ipv6/route.c. A next hop without a
  /// device may lead anywhere.
  ///
  /// - Parameter isDeleted: whether a device of the route's namespace is.
  /// - Returns: whether it goes.
  package func goes(whenDeleting isDeleted: (InterfaceName) -> Bool) -> Bool {
    switch action {
    case .unicast(let hops):
      let going = hops.filter { $0.device.map(isDeleted) ?? false }
      return destination.family == .ipv4 ? !going.isEmpty : going.count == hops.count
    case .blackhole, .unreachable, .prohibit: return false
    }
  }
}
