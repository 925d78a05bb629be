import NetworkTypes
import Topology

extension Lowering {
  /// Adds the namespaces, and writes the parameters that what is made in them later goes by.
  mutating func addNamespaces() {
    for own in ownNamespaces { add(.addNamespace(AddNamespace(name: own.name)), own.origin) }
    for own in ownNamespaces {
      for (key, value) in unlikeTheMachine(own.index) {
        add(.setSysctl(SetSysctl(place: own.place, key: key, value: value)), own.origin)
      }
      for sysctl in topology.nodes[own.index].sysctls where !sysctl.isOfLaterDevice {
        add(sysctl, own.place, own.origin)
      }
    }
  }

  /// The parameters by which a node with several interfaces would otherwise forward and filter as the machine does.
  ///
  /// A new namespace has the conf/all and conf/default of IPv4 that the machine's first one has (devinet_init_net,
  /// net/ipv4/devinet.c). With one interface there is no other way that a packet could take. And a machine that has
  /// br_netfilter built in or loaded has a node's own bridges ask the rules of packets (brnf_init_net,
  /// net/bridge/br_netfilter_hooks.c).
  private func unlikeTheMachine(_ node: Int) -> [(key: SysctlKey, value: String)] {
    guard topology.nodes[node].interfaces.count > 1 else { return [] }
    let written = topology.nodes[node].sysctls.map(\.key.text)
    let forwarding = ["net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding"]
    let filters = ["net.ipv4.conf.all.rp_filter", "net.ipv4.conf.default.rp_filter"]
    let keys = (written.contains(where: forwarding.contains) ? [] : forwarding.prefix(1)) + filters
    let hasBridge = topology.nodes[node].interfaces.contains {
      if case .device(.bridge) = $0.source { true } else { false }
    }
    let bridged = hasBridge ? ["net.bridge.bridge-nf-call-iptables", "net.bridge.bridge-nf-call-ip6tables"] : []
    return (keys + bridged).filter { !written.contains($0) }.compactMap(SysctlKey.init).map { ($0, "0") }
  }

  /// Sets the host's parameters that the file asks for, but those of single devices.
  mutating func addHostSysctls() {
    for sysctl in topology.host.sysctls where !sysctl.isOfLaterDevice { addToHost(sysctl) }
    addForwarding()
  }

  /// Sets those of the host's devices, the network's among them; what was set for all devices doesn't change them any
  /// more.
  mutating func addSysctlsOfHostDevices() {
    for sysctl in topology.host.sysctls where sysctl.isOfLaterDevice { addToHost(sysctl) }
  }

  private mutating func addToHost(_ sysctl: Sysctl) { add(sysctl, .host, origin("host", sysctl.origin)) }

  /// Configures every namespace from within: loopback, own devices, masters, addresses, routes, rules, parameters.
  mutating func configureNamespaces() {
    for own in ownNamespaces {
      let (place, origin, interfaces) = (own.place, own.origin, topology.nodes[own.index].interfaces)
      addRules(of: own)
      add(.setLinkUp(SetLinkUp(link: LinkReference(place, .loopback))), origin)
      // A span lends the interfaces, which are large, and an array would copy each.
      for position in interfaces.indices { addOwnDevice(interfaces.span[position], place, origin) }
      for position in interfaces.indices {
        guard let master = interfaces[position].master else { continue }
        add(.setMaster(SetMaster(link: LinkReference(place, interfaces[position].name), master: master)), origin)
      }
      // A VLAN goes up with what it stands on (vlan_device_event, net/8021q/vlan.c): all have to know before that.
      for position in interfaces.indices { keepFromIPv6(interfaces.span[position], own) }
      for position in interfaces.indices { configure(interfaces.span[position], own) }
      addRoutes(of: own.index, place, origin)
      for sysctl in topology.nodes[own.index].sysctls where sysctl.isOfLaterDevice { add(sysctl, place, origin) }
      for position in interfaces.indices {
        for sysctl in interfaces[position].sysctls { add(sysctl, place, origin) }
      }
    }
  }

  /// Has an interface without IPv6 make no link-local address.
  private mutating func keepFromIPv6(_ interface: Interface, _ own: OwnNamespace) {
    guard !interface.hasIPv6, takesAddressGeneration(interface, of: own.index) else { return }
    let link = LinkReference(own.place, interface.name)
    add(.setAddressGeneration(SetAddressGeneration(link: link, mode: .none)), own.origin)
  }

  private mutating func add(_ sysctl: Sysctl, _ place: Place, _ origin: Origin) {
    add(.setSysctl(SetSysctl(place: place, key: sysctl.key, value: sysctl.value)), origin)
  }

  /// Gives an interface its addresses and sets it up.
  private mutating func configure(_ interface: Interface, _ own: OwnNamespace) {
    let link = LinkReference(own.place, interface.name)
    for assigned in interface.addresses {
      add(.addAddress(AddAddress(link: link, address: assigned.address)), own.origin)
    }
    add(.setLinkUp(SetLinkUp(link: link)), own.origin)
  }

  /// A container without IPv6 has no link-local address in Docker either; a VRF device never makes one, and a device
  /// with an MTU below 1280 has no IPv6 that could be told (addrconf_notify, net/ipv6/addrconf.c).
  private func takesAddressGeneration(_ interface: Interface, of node: Int) -> Bool {
    guard (topology.mtu(of: interface, among: topology.nodes[node].interfaces) ?? 1500) >= AddressFamily.ipv6MinimumMTU
    else { return false }
    switch interface.source {
    case .port, .child, .link: return true
    case .device(let device):
      switch device {
      case .vrf: return false
      case .dummy, .vlan, .vxlan, .bond, .bridge: return true
      }
    }
  }

  private mutating func addOwnDevice(_ interface: Interface, _ place: Place, _ origin: Origin) {
    guard case .device(let device) = interface.source else { return }
    let kind: LinkKind
    switch device {
    case .dummy: kind = .dummy
    case .vlan(let parent, let id): kind = .vlan(parent: parent, id: id)
    case .vxlan(let options): kind = .vxlan(options)
    case .vrf(let table): kind = .vrf(table: table)
    case .bond(let mode): kind = .bond(mode)
    case .bridge(let options): kind = .bridge(options)
    }
    add(
      .addLink(
        AddLink(
          link: LinkReference(place, interface.name), kind: kind, mtu: interface.mtu, address: interface.macAddress)),
      origin)
  }

  private mutating func addRoutes(of node: Int, _ place: Place, _ origin: Origin) {
    for route in topology.nodes[node].defaultRoutes {
      guard let everywhere = IPPrefix(containing: IPAddress(family: route.family, bits: 0), length: 0) else { continue }
      let hop = NextHop(gateway: route.gateway, device: route.interface)
      add(.addRoute(AddRoute(place: place, destination: everywhere, action: .unicast([hop]))), origin)
    }
    for route in topology.nodes[node].routes { add(route, place, self.origin(origin.subject, route.origin)) }
    for rule in topology.nodes[node].rules { add(rule, place, self.origin(origin.subject, rule.origin)) }
  }

  /// Adds the host's own routes and rules, last: they may lead over what the plan has built.
  mutating func addHostRoutes() {
    for route in topology.host.routes { add(route, .host, origin("host", route.origin)) }
    for rule in topology.host.rules { add(rule, .host, origin("host", rule.origin)) }
  }

  private mutating func add(_ route: Route, _ place: Place, _ origin: Origin) {
    let action: RouteAction
    switch route.action {
    case .unicast(let hops):
      action = .unicast(
        hops.map { NextHop(gateway: $0.gateway, device: $0.device, weight: $0.weight, isOnLink: $0.isOnLink) })
    case .blackhole: action = .blackhole
    case .unreachable: action = .unreachable
    case .prohibit: action = .prohibit
    }
    add(
      .addRoute(
        AddRoute(
          place: place, destination: route.destination, action: action, metric: route.metric, table: route.table,
          source: route.source)), origin)
  }

  private mutating func add(_ rule: PolicyRule, _ place: Place, _ origin: Origin) {
    let action: RuleAction
    switch rule.action {
    case .table(let table): action = .table(table)
    case .blackhole: action = .blackhole
    case .unreachable: action = .unreachable
    case .prohibit: action = .prohibit
    }
    add(
      .addRule(
        AddRule(
          place: place, family: rule.family, priority: rule.priority, from: rule.from, to: rule.to,
          inputDevice: rule.inputDevice, outputDevice: rule.outputDevice, mark: rule.mark, action: action)), origin)
  }
}

extension Sysctl {
  /// Whether it is of a device that is there later than its namespace.
  fileprivate var isOfLaterDevice: Bool { key.device.map { $0 != .loopback } ?? false }
}
