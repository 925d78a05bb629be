import NetworkTypes
import Plan
import Simulator

extension HostDocument {
  /// The state that a simulated machine starts from.
  var state: HostState {
    HostState(spaces: namespaces.indices.map { space($0) })
  }

  private func space(_ index: Int) -> HostState.Space {
    let source = namespaces[index]
    var space = HostState.Space(name: source.name.flatMap { NamespaceName($0) })
    space.devices = source.devices.compactMap { link($0, in: index) }
    space.routes =
      (source.routes ?? []).compactMap { route($0, .ipv4) } + (source.routes6 ?? []).compactMap { route($0, .ipv6) }
    space.rules = [
      .ipv4: (source.rules ?? []).compactMap { rule($0, .ipv4) },
      .ipv6: (source.rules6 ?? []).compactMap { rule($0, .ipv6) },
    ]
    space.neighbors = (source.neighbors ?? []).compactMap { entry in
      guard let device = InterfaceName(entry.dev), let address = IPAddress(entry.dst),
        let hardware = entry.lladdr.flatMap({ MACAddress($0) })
      else { return nil }
      return HostState.NeighborEntry(device: device, address: address, hardware: hardware)
    }
    space.vlans = (source.vlans ?? []).flatMap { port in port.vlans.compactMap { vlans($0, of: port.ifname) } }
    // What is a port's own, or another program's than the bridge's, isn't learned.
    space.learned = (source.forwarding ?? []).compactMap { entry in
      guard entry.master != nil, entry.state != "permanent", let device = entry.ifname.flatMap({ InterfaceName($0) }),
        let address = entry.mac.flatMap({ MACAddress($0) }), let vlan = UInt16(exactly: entry.vlan ?? 0)
      else { return nil }
      return HostState.LearnedAddress(device: device, address: address, vlan: vlan)
    }
    for (key, value) in source.sysctls ?? [:] {
      if let key = SysctlKey(key) { space.parameters[key] = value }
    }
    return space
  }

  private func vlans(_ source: VLAN, of name: String) -> HostState.VLANs? {
    guard let device = InterfaceName(name), let first = UInt16(exactly: source.vlan),
      let last = UInt16(exactly: source.vlanEnd ?? source.vlan), first <= last
    else { return nil }
    return HostState.VLANs(
      device: device, range: first...last, isPVID: source.flags?.contains("PVID") == true,
      isUntagged: source.flags?.contains("Egress Untagged") == true)
  }

  private func link(_ device: Device, in space: Int) -> HostState.Link? {
    guard let name = InterfaceName(device.ifname) else { return nil }
    let devices = namespaces[space].devices
    let addresses = (device.addr_info ?? []).compactMap(address)
    return HostState.Link(
      number: device.ifindex, name: name, kind: kind(of: device, in: space), mtu: device.mtu,
      hardware: device.address.flatMap { MACAddress($0) } ?? MACAddress(bits: 0), isUp: device.flags.contains("UP"),
      master: device.master.flatMap { master in devices.first { $0.ifname == master }?.ifindex },
      group: device.group.flatMap { UInt32($0) } ?? 0, addresses: addresses)
  }

  private func kind(of device: Device, in space: Int) -> HostState.Kind {
    let data = device.linkinfo?.info_data
    let outside = HostState.Kind.outside(hasCarrier: device.flags.contains("LOWER_UP"))
    if device.link_type == "loopback" { return .loopback }
    switch device.linkinfo?.info_kind {
    case "bridge":
      var options = BridgeOptions()
      options.spanningTree = data?.stp_state == 1
      options.vlanFiltering = data?.vlan_filtering == 1
      options.ageingTime = data?.ageing_time.map { $0 / 100 }
      return .bridge(options)
    case "veth": return peer(of: device, in: space).map { .veth(peerSpace: $0.space, peer: $0.number) } ?? outside
    case "dummy": return .dummy
    case "bond": return data?.mode.flatMap { BondMode(rawValue: $0) }.map { .bond($0) } ?? outside
    case "vrf": return data?.table.flatMap { UInt32(exactly: $0) }.map { .vrf(table: $0) } ?? outside
    case "vlan":
      let parent = namespaces[space].devices.first { $0.ifname == device.link }?.ifindex
      guard let parent, let id = data?.id.flatMap({ UInt16(exactly: $0) }) else { return outside }
      return .vlan(parent: parent, id: id)
    case "vxlan":
      guard let id = data?.id.flatMap({ UInt32(exactly: $0) }) else { return outside }
      return .vxlan(
        VXLANOptions(
          id: id, local: data?.local.flatMap { IPAddress($0) }, remote: data?.remote.flatMap { IPAddress($0) },
          device: data?.link.flatMap { InterfaceName($0) }, port: data?.port.flatMap { UInt16(exactly: $0) } ?? 8472))
    case _: return outside
    }
  }

  /// The other end of a veth pair: each names the other's number; in another namespace it is found by that.
  private func peer(of device: Device, in space: Int) -> (space: Int, number: Int)? {
    if let name = device.link {
      return namespaces[space].devices.first { $0.ifname == name }.map { (space, $0.ifindex) }
    }
    guard let number = device.link_index else { return nil }
    for (index, other) in namespaces.enumerated() where index != space {
      let found = other.devices.first {
        $0.ifindex == number && $0.link_index == device.ifindex && $0.linkinfo?.info_kind == "veth"
      }
      if found != nil { return (index, number) }
    }
    return nil
  }

  private func address(_ info: Address) -> AssignedAddress? {
    guard let address = IPAddress(info.local), let interface = InterfaceAddress(address, prefixLength: info.prefixlen)
    else { return nil }
    let scope: RouteScope =
      switch info.scope {
      case "host": .host
      case "link": .link
      case _: .global
      }
    var assigned = AssignedAddress(interface: interface, scope: scope)
    assigned.isSecondary = info.secondary == true
    assigned.isTentative = info.tentative == true
    assigned.skipsDetection = info.nodad == true
    assigned.broadcast = info.broadcast.flatMap { IPv4Address($0) }
    return assigned
  }

  private func prefix(_ text: String, _ length: Int? = nil, _ family: AddressFamily) -> IPPrefix? {
    if text == "default" || text == "all" {
      return IPPrefix(containing: IPAddress(family: family, bits: 0), length: 0)
    }
    if text.contains("/") { return IPPrefix(text) }
    return IPAddress(text).flatMap { IPPrefix(containing: $0, length: length ?? family.bitWidth) }
  }

  private func table(_ name: String?) -> UInt32? {
    switch name {
    case nil, "main": RouteTableNumber.main
    case "local": RouteTableNumber.local
    case "default": RouteTableNumber.default
    case let name?: UInt32(name)
    }
  }

  private func route(_ source: Route, _ family: AddressFamily) -> HostState.Route? {
    guard let destination = prefix(source.dst, nil, family), let table = table(source.table),
      let type = RouteType(rawValue: source.type ?? "unicast")
    else { return nil }
    let single = NextHop(gateway: source.gateway, dev: source.dev, weight: 1, flags: source.flags)
    let isDropped = [.blackhole, .unreachable, .prohibit].contains(type)
    let nextHops = (source.nexthops ?? (isDropped ? [] : [single])).compactMap { hop -> HostState.Route.NextHop? in
      guard let device = hop.dev.flatMap({ InterfaceName($0) }) else { return nil }
      return HostState.Route.NextHop(
        gateway: hop.gateway.flatMap { IPAddress($0) }, device: device, weight: hop.weight ?? 1,
        isOnLink: hop.flags?.contains("onlink") == true)
    }
    let scope: RouteScope =
      switch source.scope {
      case "host": .host
      case "link": .link
      case _: .global
      }
    return HostState.Route(
      table: table, destination: destination, type: type, scope: scope,
      origin: RouteProtocol(rawValue: source.protocol ?? "boot") ?? .boot,
      metric: source.metric.flatMap { UInt32(exactly: $0) } ?? 0, source: source.prefsrc.flatMap { IPAddress($0) },
      nextHops: nextHops)
  }

  private func rule(_ source: Rule, _ family: AddressFamily) -> HostState.Rule? {
    guard let priority = UInt32(exactly: source.priority) else { return nil }
    let mark = source.fwmark.flatMap { UInt32($0.dropFirst(2), radix: 16) }
    func named(_ name: String?) -> InterfaceName? { name.flatMap { InterfaceName($0) } }
    func make(_ action: RuleAction?) -> HostState.Rule {
      HostState.Rule(
        priority: priority, from: source.src == "all" ? nil : source.src.flatMap { prefix($0, source.srclen, family) },
        to: source.dst.flatMap { prefix($0, source.dstlen, family) }, inputDevice: named(source.iif),
        outputDevice: named(source.oif), mark: mark, action: action)
    }
    switch source.action {
    case "blackhole": return make(.blackhole)
    case "unreachable": return make(.unreachable)
    case "prohibit": return make(.prohibit)
    case nil: break
    case _: return nil
    }
    guard let name = source.table else { return make(nil) }
    return table(name).map { make(.table($0)) }
  }
}
