import NetworkTypes
import Topology

extension Lowering {
  /// Makes the device of every network that is used: its bridge, or a parent for macvlan and ipvlan where the file
  /// names none.
  mutating func addNetworks() {
    for network in topology.networks where network.isUsed {
      let origin = origin(of: network)
      switch network.driver {
      case .bridge where network.isExisting, .macvlan where network.isExisting, .ipvlan where network.isExisting: break
      case .bridge(let device, let options):
        let link = LinkReference(.host, device)
        add(
          .addLink(AddLink(link: link, kind: .bridge(options), mtu: network.mtu, address: network.bridgeAddress)),
          origin)
      case .macvlan(let parent, true, _), .ipvlan(let parent, true, _):
        let link = LinkReference(.host, parent)
        add(.addLink(AddLink(link: link, kind: .dummy, mtu: network.mtu)), origin)
        add(.setLinkUp(SetLinkUp(link: link)), origin)
      case .macvlan(let parent, false, _), .ipvlan(let parent, false, _): addSubinterface(parent, origin)
      case .host, .none: break
      }
    }
  }

  /// Makes a parent that is called as an 802.1Q sub-interface, `eth0.10`, unless another network made it.
  private mutating func addSubinterface(_ name: InterfaceName, _ origin: Origin) {
    guard let vlan = topology.subinterface(name), subinterfaces.insert(name).inserted else { return }
    let link = LinkReference(.host, name)
    add(.addLink(AddLink(link: link, kind: .vlan(parent: vlan.parent, id: vlan.id))), origin)
    add(.setLinkUp(SetLinkUp(link: link)), origin)
  }

  /// Sets the parameters of the bridges, all of them together, because another program does it.
  mutating func setBridgeParameters() {
    let published = networksPublishedOnLoopback()
    for network in topology.networks {
      guard let device = ownBridge(of: network) else { continue }
      for (key, value) in bridgeSysctls(of: network, device, isPublished: published.contains(network.id)) {
        add(.setSysctl(SetSysctl(place: .host, key: key, value: value)), origin(of: network))
      }
    }
  }

  /// Gives the bridges the gateways' addresses and sets them up.
  mutating func addGateways() {
    for network in topology.networks {
      guard let device = ownBridge(of: network) else { continue }
      let (link, origin) = (LinkReference(.host, device), origin(of: network))
      for pool in network.pools {
        guard let gateway = network.hostAddress(pool.subnet.family), gateway == pool.gateway,
          let address = InterfaceAddress(gateway, in: pool.subnet)
        else { continue }
        add(.addAddress(AddAddress(link: link, address: address)), origin)
      }
      add(.setLinkUp(SetLinkUp(link: link)), origin)
    }
  }

  /// The bridge that the plan makes for a network.
  private func ownBridge(of network: Network) -> InterfaceName? {
    network.isUsed && !network.isExisting ? network.bridge : nil
  }

  /// Attaches every node to its networks: a veth pair with one end a port of the bridge, or a child of a parent device.
  mutating func addAttachments() {
    let bridges = topology.networks.map(\.bridge)
    for own in ownNamespaces {
      let origin = own.origin
      let interfaces = topology.nodes[own.index].interfaces
      for position in interfaces.indices {
        let link = LinkReference(own.place, interfaces[position].name)
        switch interfaces[position].source {
        case .port(let network, let hostDevice, _):
          guard let bridge = bridges[network.index] else { continue }
          let port = LinkReference(.host, hostDevice)
          add(
            .addVethPair(
              AddVethPair(
                .init(port), .init(link, address: interfaces[position].macAddress), mtu: interfaces[position].mtu)),
            origin)
          add(.setMaster(SetMaster(link: port, master: bridge)), origin)
          add(.setLinkUp(SetLinkUp(link: port)), origin)
        case .child(let network): addChild(of: topology[network], link, interfaces[position], origin)
        case .link, .device: continue
        }
      }
    }
  }

  private mutating func addChild(of network: Network, _ link: LinkReference, _ interface: Interface, _ origin: Origin) {
    let kind: LinkKind
    switch network.driver {
    case .macvlan(let parent, _, let mode): kind = .macvlan(parent: LinkReference(.host, parent), mode: mode)
    case .ipvlan(let parent, _, let mode): kind = .ipvlan(parent: LinkReference(.host, parent), mode: mode)
    case .bridge, .host, .none: return
    }
    add(.addLink(AddLink(link: link, kind: kind, mtu: interface.mtu, address: interface.macAddress)), origin)
  }

  /// Makes the links: a veth pair between two namespaces, an end at a bridge being a port of it.
  mutating func addLinks() {
    for link in topology.links {
      let origin = origin(of: link)
      guard let first = end(link.first), let second = end(link.second) else { continue }
      add(.addVethPair(AddVethPair(first, second, mtu: link.mtu)), origin)
      for end in [link.first, link.second] {
        guard case .bridge(let network, let device, _) = end, let bridge = topology[network].bridge else { continue }
        let port = LinkReference(.host, device)
        add(.setMaster(SetMaster(link: port, master: bridge)), origin)
        add(.setLinkUp(SetLinkUp(link: port)), origin)
      }
    }
  }

  private func end(_ end: Link.End) -> AddVethPair.End? {
    switch end {
    case .bridge(_, let device, _): return AddVethPair.End(LinkReference(.host, device))
    case .node(let id, let name):
      guard case .namespace(let namespace) = topology[id].home else { return nil }
      let address = topology[id].interfaces.named(name)?.macAddress
      return AddVethPair.End(LinkReference(.namespace(namespace), name), address: address)
    }
  }

  /// Gives the ports of VLAN-aware bridges their VLANs.
  mutating func addPortVLANs() {
    for own in ownNamespaces {
      let node = own.index
      for position in topology.nodes[node].interfaces.indices {
        guard case .port(_, let device, let vlans?) = topology.nodes[node].interfaces[position].source else { continue }
        addVLANs(vlans, device, own.origin)
      }
    }
    for link in topology.links {
      for end in [link.first, link.second] {
        guard case .bridge(_, let device, let vlans?) = end else { continue }
        addVLANs(vlans, device, origin(of: link))
      }
    }
  }

  /// A port is born with VLAN 1, untagged; the first VLAN that is given takes its place.
  private mutating func addVLANs(_ vlans: PortVLANs, _ device: InterfaceName, _ origin: Origin) {
    let link = LinkReference(.host, device)
    var replacesDefault = true
    if let untagged = vlans.untagged {
      add(
        .addBridgeVLAN(
          AddBridgeVLAN(
            link: link, first: untagged, last: untagged, isPVID: true, isUntagged: true,
            replacesDefault: replacesDefault)), origin)
      replacesDefault = false
    }
    for range in vlans.tagged {
      add(
        .addBridgeVLAN(
          AddBridgeVLAN(
            link: link, first: range.first, last: range.last, isPVID: false, isUntagged: false,
            replacesDefault: replacesDefault)), origin)
      replacesDefault = false
    }
  }

  /// Impairs what the interfaces, and the ends of links at bridges, send.
  mutating func addQdiscs() {
    for own in ownNamespaces {
      let node = own.index
      for position in topology.nodes[node].interfaces.indices {
        guard let impairment = topology.nodes[node].interfaces[position].impairment.value else { continue }
        addQdisc(impairment, LinkReference(own.place, topology.nodes[node].interfaces[position].name), own.origin)
      }
    }
    for link in topology.links {
      guard let impairment = link.impairment else { continue }
      for end in [link.first, link.second] {
        guard case .bridge(_, let device, _) = end else { continue }
        addQdisc(impairment, LinkReference(.host, device), origin(of: link))
      }
    }
  }

  /// A rate alone is a token bucket's work; everything else, with or without a rate, is netem's.
  private mutating func addQdisc(_ options: NetemOptions, _ link: LinkReference, _ origin: Origin) {
    var rest = options
    rest.rate = nil
    if let rate = options.rate, rest == NetemOptions() {
      add(.addQdisc(AddQdisc(link: link, kind: .tbf(TBFOptions(shapingTo: rate)))), origin)
    } else if options != NetemOptions() {
      add(.addQdisc(AddQdisc(link: link, kind: .netem(options))), origin)
    }
  }
}

extension TBFOptions {
  /// A bucket for a rate: a hundredth of a second's worth, which is a tick of the slowest timer (HZ=100, tc-tbf(8)),
  /// and never less than one full Ethernet frame; packets wait at most 50 ms.
  init(shapingTo rate: BitRate) {
    let tick = min(rate.bitsPerSecond / 8 / 100, 1 << 30)
    self.init(rate: rate, burst: max(Int(tick), 2000), latency: TimeSpan(nanoseconds: 50_000_000))
  }
}
