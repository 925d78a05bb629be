import NetworkTypes
import Topology

extension Lowering {
  /// Loads what guards the bridges of the host's namespace, before there is any, and the host's own rules.
  mutating func addHostRules() {
    let guards = bridgeGuards()
    let own = hostFirewall
    let chains = filterChains(guards, own) + translationChains(guards, own)
    let used = chains.filter { !$0.rules.isEmpty || $0.base?.dropsByDefault ?? false }
    guard !used.isEmpty, let origin = guards.first?.origin ?? used.first?.rules.first?.origin else { return }
    let table = NetfilterTable(family: .inet, chains: used)
    add(.loadRuleset(LoadRuleset(place: .host, tables: [table])), origin)
  }

  /// The networks that the host has an address on, and with them all others that it could be a way between.
  private func bridgeGuards() -> [BridgeGuard] {
    let used = topology.networks.filter { $0.isUsed && $0.bridge != nil }
    guard used.contains(where: { network in AddressFamily.allCases.contains { network.hostAddress($0) != nil } }) else {
      return []
    }
    let publications = Dictionary(grouping: topology.publications, by: \.network)
    let routers = routerAddresses()
    return used.compactMap { network in
      network.bridge.map { device in
        BridgeGuard(
          network: network, device: device, publications: publications[network.id] ?? [],
          routerAddresses: routers[network.id] ?? [], origin: origin(of: network), topology: topology, origins: origins)
      }
    }
  }

  private func routerAddresses() -> [NetworkID: [IPPrefix]] {
    var addresses: [NetworkID: [IPPrefix]] = [:]
    for node in topology.nodes {
      guard case .router = node.role else { continue }
      for interface in node.interfaces {
        guard case .port(let network, _, _) = interface.source else { continue }
        addresses[network] = (addresses[network] ?? []) + interface.addresses.compactMap { $0.address.address.single }
      }
    }
    return addresses
  }

  /// The chains that decide what passes.
  ///
  /// What the file says of forwarding is asked before what the networks let through, and decides: it can open a network
  /// as it can close one.
  private func filterChains(_ guards: [BridgeGuard], _ own: FirewallRules) -> [NetfilterChain] {
    var chains: [NetfilterChain] = []
    var forward = own.rules(.forward)
    // What somebody else made has its own guard, and traffic of which nothing is known here.
    for one in guards where one.isClosed && !one.network.isExisting {
      forward.append(
        one.rule(
          [.input(.init([one.device])), .output(.init([one.device], isNegated: true))], .drop,
          "\(one.network.key) is closed"))
    }
    var names: Set<ChainName> = []
    for one in guards where !one.network.isExisting {
      // Two devices may differ in what a chain's name can't hold.
      let number = ChainName("to-\(chains.count)")
      guard let name = names.contains(.to(one.device)) ? number : .to(one.device) else { continue }
      names.insert(name)
      chains.append(NetfilterChain(name: name, rules: one.rules()))
      forward.append(one.rule([.output(.init([one.device]))], .jump(name), "to \(one.network.key)"))
    }
    let dropsByDefault = own.dropsByDefault(.forward)
    if dropsByDefault {
      forward += guards.map { one in one.rule([.input(.init([one.device]))], .accept, "what leaves \(one.network.key)")
      }
    }
    chains.append(
      NetfilterChain(
        name: .base(.forward, .filter), base: .init(.forward, .filter, dropsByDefault: dropsByDefault), rules: forward))
    for (way, hook) in [(Firewall.Way.input, NetfilterHook.input), (.output, .output)] {
      chains.append(
        NetfilterChain(
          name: .base(hook, .filter), base: .init(hook, .filter, dropsByDefault: own.dropsByDefault(way)),
          rules: own.rules(way)))
    }
    return chains
  }

  private func translationChains(_ guards: [BridgeGuard], _ own: FirewallRules) -> [NetfilterChain] {
    var chains: [NetfilterChain] = []
    var jumps: [NetfilterRule] = []
    var published = guards.flatMap { $0.translations() }
    if let first = published.first {
      // Nothing from ::1 can leave by a bridge: there is no route_localnet for IPv6.
      if published.contains(where: { $0.matches.contains(.family(.ipv6)) }), let loopback = IPPrefix("::1/128") {
        published.insert(
          NetfilterRule(
            [.destination(.init([loopback]))], .return, comment: RuleComment(cleaning: "the host's own loopback"),
            origin: first.origin), at: 0)
      }
      chains.append(NetfilterChain(name: .publish, rules: published))
      jumps = [
        NetfilterRule(
          [.destinationIsLocal(true)], .jump(.publish), comment: RuleComment(cleaning: "what is for the host"),
          origin: first.origin)
      ]
    }
    chains.append(base(.prerouting, .dstnat, own.destinationTranslations(isOwn: false) + jumps))
    chains.append(base(.output, .dstnat, own.destinationTranslations(isOwn: true) + jumps))
    chains.append(base(.prerouting, .raw, guards.flatMap { $0.loopbackRules() }))
    var sources = guards.flatMap { $0.sourceTranslations() }
    // The host passes nothing on to these but translated connections: what else seems to leave by them is a router's,
    // bridged, and seen here only with br_netfilter.
    let bridges = guards.filter { $0.takesOnlyTranslated && !$0.network.isExisting }
    if guards.count > 1, !sources.isEmpty, let first = bridges.first {
      sources.insert(
        first.rule(
          [.output(.init(bridges.map(\.device))), .destinationWasTranslated(false)], .return,
          "bridged, or the host's own"),
        at: 0)
    }
    chains.append(base(.postrouting, .srcnat, own.sourceTranslations + sources))
    return chains
  }

  func base(_ hook: NetfilterHook, _ priority: NetfilterPriority, _ rules: [NetfilterRule]) -> NetfilterChain {
    NetfilterChain(name: .base(hook, priority), base: .init(hook, priority), rules: rules)
  }

  // MARK: Parameters and ports

  /// Has the host pass packets on, and show netfilter what bridges pass on where a network's nodes are kept apart, as
  /// the engine does; unless the file says what it wants of that.
  mutating func addForwarding() {
    let written = Set(topology.host.sysctls.map(\.key))
    for (family, name) in [(AddressFamily.ipv4, "net.ipv4.ip_forward"), (.ipv6, "net.ipv6.conf.all.forwarding")] {
      guard let key = SysctlKey(name), !written.contains(key),
        let network = topology.networks.first(where: { $0.needsForwarding(family) })
      else { continue }
      add(.setSysctl(SetSysctl(place: .host, key: key, value: "1")), origin(of: network))
    }
    for (family, name) in [(AddressFamily.ipv4, "iptables"), (.ipv6, "ip6tables")] {
      guard let key = SysctlKey("net.bridge.bridge-nf-call-\(name)"), !written.contains(key),
        let network = topology.networks.first(where: {
          $0.isUsed && !$0.isExisting && $0.bridge != nil && !$0.policy.letsNodesTalk && $0.pool(family) != nil
        })
      else { continue }
      add(.setSysctl(SetSysctl(place: .host, key: key, value: "1")), origin(of: network))
    }
  }

  /// The networks that have a port published on the host's loopback in IPv4.
  func networksPublishedOnLoopback() -> Set<NetworkID> {
    Set(topology.publications.filter(\.answersLoopback).map(\.network))
  }

  /// The parameters of a bridge, as the engine sets them (moby, daemon/libnetwork/drivers/bridge:
  /// setup_device_linux.go, setup_ipv6_linux.go).
  ///
  /// No node can give the host routes and addresses by advertising itself as a router. There is IPv6 where the host has
  /// an address of it, and none on an isolated bridge. Packets of the host's loopback are routed to it where a port is
  /// published there, `isPublished`.
  func bridgeSysctls(
    of network: Network, _ device: InterfaceName, isPublished: Bool
  ) -> [(key: SysctlKey, value: String)] {
    let name = String(device.text.map { $0 == "." ? "/" : $0 })
    let isIsolated = network.policy.gatewayMode(.ipv6) == .isolated || network.policy.gatewayMode(.ipv4) == .isolated
    var sysctls: [(name: String, value: String)] = []
    if isPublished { sysctls.append(("net.ipv4.conf.\(name).route_localnet", "1")) }
    if network.hostAddress(.ipv6) != nil {
      sysctls.append(("net.ipv6.conf.\(name).disable_ipv6", "0"))
    } else if isIsolated {
      sysctls.append(("net.ipv6.conf.\(name).disable_ipv6", "1"))
    }
    sysctls.append(("net.ipv6.conf.\(name).accept_ra", "0"))
    return sysctls.compactMap { name, value in SysctlKey(name).map { ($0, value) } }
  }

  /// Lets nodes that publish ports reach them through the host, which sends the frames back where they came from.
  mutating func addHairpins() {
    var done: Set<NetworkNode> = []
    for publication in topology.publications where publication.hostPorts != nil {
      guard done.insert(NetworkNode(network: publication.network, node: publication.node)).inserted else { continue }
      let node = topology[publication.node]
      for interface in node.interfaces {
        guard case .port(publication.network, let device, _) = interface.source else { continue }
        add(
          .setHairpin(SetHairpin(link: LinkReference(.host, device))),
          origin("service \(node.displayName)", publication.origin))
      }
    }
  }
}

private struct NetworkNode: Hashable {
  let network: NetworkID
  let node: NodeID
}

extension BridgeGuard {
  /// Whether the host passes nothing on to it but translated connections.
  fileprivate var takesOnlyTranslated: Bool {
    network.policy.trustedInterfaces.isEmpty
      && families.allSatisfy { family in
        switch exposure(family) {
        case .none, .translated: true
        case .unprotected, .routed: false
        }
      }
  }
}
