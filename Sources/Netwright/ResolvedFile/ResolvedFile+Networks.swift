import Diagnostics
import NetworkTypes
import ProjectFile
import Topology
import YAMLTree

extension ResolvedFile {
  /// A network as it was made.
  func network(_ network: Network) -> YAMLValue {
    var entries = Entries()
    let isOwnName = network.name != "\(topology.projectName)_\(network.key)"
    entries.add("name", isOwnName ? .text(network.name) : nil)
    entries.add("external", flag(network.isExternal))
    guard !network.isExternal else {
      // What stands in for it is none of compose's business, which takes no other key beside `external`.
      let own = isBuilt(network) ? description(of: network).list : []
      entries.add("x-netwright", own.isEmpty ? nil : .map(own))
      return .map(entries.list)
    }
    for entry in description(of: network).list { entries.add(entry.key, entry.value) }
    return .map(entries.list)
  }

  private func isBuilt(_ network: Network) -> Bool {
    switch network.driver {
    case .bridge, .macvlan, .ipvlan: !network.isExisting
    case .host, .none: false
    }
  }

  /// What a network is made of.
  private func description(of network: Network) -> Entries {
    var entries = Entries()
    var options = Entries()
    add(network.driver, to: &entries, &options)
    options.add("com.docker.network.driver.mtu", network.mtu.map { .text(String($0)) })
    options.add(
      "com.docker.network.container_iface_prefix",
      network.interfacePrefix == "eth" ? nil : .text(network.interfacePrefix))
    options.add("com.docker.network.bridge.inhibit_ipv4", network.inhibitsIPv4 ? .text("true") : nil)
    add(network.policy, to: &options)
    entries.add("driver_opts", options.list.isEmpty ? nil : .map(options.list))
    entries.add("internal", flag(network.isInternal))
    entries.add("enable_ipv4", network.families.contains(.ipv4) ? nil : .plain("false"))
    entries.add("enable_ipv6", flag(network.families.contains(.ipv6)))
    entries.add("ipam", addressManagement(network))
    return entries
  }

  private func add(_ policy: BridgePolicy, to options: inout Entries) {
    let bridge = "com.docker.network.bridge."
    options.add(bridge + "enable_icc", policy.letsNodesTalk ? nil : .text("false"))
    options.add(bridge + "enable_ip_masquerade", policy.masquerades ? nil : .text("false"))
    options.add(bridge + "host_binding_ipv4", policy.hostBinding.map(text))
    options.add(bridge + "gateway_mode_ipv4", policy.gatewayModes[.ipv4].map { .text($0.rawValue) })
    options.add(bridge + "gateway_mode_ipv6", policy.gatewayModes[.ipv6].map { .text($0.rawValue) })
    let trusted = policy.trustedInterfaces.map(\.text).joined(separator: ":")
    options.add(bridge + "trusted_host_interfaces", trusted.isEmpty ? nil : .text(trusted))
    options.add("com.docker.network.host_ipv4", policy.sources[.ipv4].map(text))
    options.add("com.docker.network.host_ipv6", policy.sources[.ipv6].map(text))
  }

  private func add(_ driver: Network.Driver, to entries: inout Entries, _ options: inout Entries) {
    switch driver {
    case .bridge(let device, let bridge):
      entries.add("driver", .text("bridge"))
      entries.add("vlan_filtering", flag(bridge.vlanFiltering))
      entries.add("stp", flag(bridge.spanningTree))
      entries.add("ageing_time", bridge.ageingTime.map(number))
      options.add("com.docker.network.bridge.name", text(device))
    case .macvlan(let parent, let makesParent, let mode):
      entries.add("driver", .text("macvlan"))
      options.add("parent", makesParent ? nil : text(parent))
      options.add("macvlan_mode", .text(mode.rawValue))
    case .ipvlan(let parent, let makesParent, let mode):
      entries.add("driver", .text("ipvlan"))
      options.add("parent", makesParent ? nil : text(parent))
      options.add("ipvlan_mode", .text(mode.rawValue))
    case .host: entries.add("driver", .text("host"))
    case .none: entries.add("driver", .text("none"))
    }
  }

  private func addressManagement(_ network: Network) -> YAMLValue? {
    switch network.driver {
    case .host, .none: return nil
    case .bridge, .macvlan, .ipvlan: break
    }
    let entry = networkEntries[network.key]
    guard !network.pools.isEmpty else {
      // What nothing uses has been given no block.
      let hasNone = network.isUsed || entry?.hasNoAddressManagement ?? false
      return hasNone ? .map([YAMLValue.Entry("driver", .text("null"))]) : nil
    }
    let pools = network.pools.map { pool -> YAMLValue in
      var fields = Entries()
      fields.add("subnet", text(pool.subnet))
      fields.add("ip_range", pool.range.map(text))
      fields.add("gateway", pool.gateway.map(text))
      let auxiliary = (entry?.pools ?? []).first { $0.subnet?.range == pool.origin }?.auxiliary ?? []
      let names = auxiliary.map { YAMLValue.Entry($0.name.value, text($0.address.value)) }
      fields.add("aux_addresses", names.isEmpty ? nil : .map(names, isFlow: true))
      return .map(fields.list)
    }
    return .map([YAMLValue.Entry("config", .list(pools))])
  }

  /// A link with both its ends as they were made.
  func link(_ link: Link) -> YAMLValue {
    let written = file.links[link.entry]
    var entries = Entries()
    entries.add(
      "endpoints",
      .list(zip([link.first, link.second], written.endpoints).map { end, entry in endpoint(end, entry, of: link) }))
    entries.add("mtu", link.mtu.map(number))
    entries.add("impairment", impairment(link.impairment))
    return .map(entries.list)
  }

  private func endpoint(_ end: Link.End, _ entry: LinkEntry.Endpoint, of link: Link) -> YAMLValue {
    var entries = Entries()
    switch end {
    case .node(let id, let name):
      let interface = topology[id].interfaces.first { $0.name == name }
      entries.add("node", .text(entry.target.value))
      entries.add("interface", text(name))
      entries.add("addresses", texts((interface?.addresses ?? []).map(\.address.description)))
      entries.add("mac_address", interface?.macAddress.map(text))
    case .bridge(let network, _, let vlans):
      entries.add("network", .text(topology[network].key))
      add(vlans, to: &entries)
    }
    return .map(entries.list, isFlow: true)
  }

  /// The VLANs of a port.
  func add(_ vlans: PortVLANs?, to entries: inout Entries) {
    guard let vlans else { return }
    let tagged = vlans.tagged.map(\.description)
    entries.add(tagged.isEmpty ? "vlan" : "native", vlans.untagged.map { number($0.number) })
    entries.add("trunk", tagged.isEmpty ? nil : .list(tagged.map { .text($0) }, isFlow: true))
  }

  /// What an interface does to the packets it sends.
  func impairment(_ options: NetemOptions?) -> YAMLValue? {
    guard let options else { return nil }
    var entries = Entries()
    entries.add("delay", options.delay.map(text))
    entries.add("jitter", options.jitter.map(text))
    entries.add("loss", options.loss.map(text))
    entries.add("duplicate", options.duplicate.map(text))
    entries.add("corrupt", options.corrupt.map(text))
    entries.add("reorder", options.reorder.map(text))
    entries.add("rate", options.rate.map(text))
    return .map(entries.list, isFlow: true)
  }
}
