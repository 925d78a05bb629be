import Diagnostics
import NetworkTypes
import ProjectFile
import Reports
import Topology
import YAMLTree

extension ResolvedFile {
  /// The services or the routers; nil if there are none.
  func nodes(_ role: Node.Role) -> YAMLValue? {
    // The replicas of a service are one entry.
    let first = topology.nodes.filter { $0.role == role && ($0.replica ?? 1) == 1 }
    return first.isEmpty ? nil : .map(first.map { YAMLValue.Entry($0.key, node($0, file.nodes[$0.entry])) })
  }

  private func node(_ node: Node, _ entry: NodeEntry) -> YAMLValue {
    var entries = Entries()
    let replicas = entry.scale?.value ?? entry.replicas?.value
    entries.add("scale", replicas.flatMap { $0 == 1 ? nil : number($0) })
    entries.add("container_name", (entry.containerName?.value).map(text))
    entries.add("hostname", (entry.hostname?.value).map(text))
    entries.add("domainname", (entry.domainname?.value).map(text))
    entries.add("network_mode", entry.networkMode.map { .text(words(for: $0.value)) })
    entries.add(
      "mac_address", isOnDockerBridge(node) && node.replica == nil ? node.interfaces.first?.macAddress.map(text) : nil)
    entries.add("networks", networks(of: node, entry))
    entries.add("interfaces", devices(of: node))
    entries.add(
      "depends_on", texts(unique(entry.dependencies.map(\.value).filter { entry.networkMode?.value != .service($0) })))
    entries.add(
      "links",
      texts(
        entry.linkAliases.map { link in
          link.alias.map { "\(link.service.value):\($0.value)" } ?? link.service.value
        }))
    entries.add("dns", texts(entry.dns.map(\.value.description)))
    entries.add("dns_search", texts(entry.dnsSearch.map(\.value)))
    entries.add("dns_opt", texts(entry.dnsOptions.map(\.value)))
    entries.add("extra_hosts", extraHosts(entry))
    entries.add(
      "sysctls", sysctls(entry.sysctls.map { Sysctl(key: $0.key.value, value: $0.value.value, origin: $0.key.range) }))
    entries.add(
      "expose",
      texts(
        entry.expose.map { port in
          "\(port.ports.value)" + (port.transport == .tcp ? "" : "/\(port.transport.rawValue)")
        }))
    entries.add("ports", texts(entry.ports.map(published)))
    entries.add("routes", list(node.routes.map(route)))
    entries.add("rules", list(node.rules.map(rule)))
    entries.add("firewall", entry.firewall.map(firewall))
    entries.add("nat", list(entry.translations.map(translation)))
    entries.add("x-default-route", defaultRoutes(of: node))
    return .map(entries.list)
  }

  private func isOnDockerBridge(_ node: Node) -> Bool {
    node.interfaces.contains { interface in
      guard case .port(let id, _, _) = interface.source else { return false }
      return topology[id].isDockerBridge
    }
  }

  /// The names without repetitions: `links` makes a dependency of what `depends_on` has already.
  private func unique(_ names: [String]) -> [String] {
    names.enumerated().filter { index, name in !names[..<index].contains(name) }.map(\.element)
  }

  private func words(for mode: NetworkMode) -> String {
    switch mode {
    case .none: "none"
    case .host: "host"
    case .bridge: "bridge"
    case .service(let name): "service:\(name)"
    case .container(let name): "container:\(name)"
    case .network(let name): name
    }
  }

  private func networks(of node: Node, _ entry: NodeEntry) -> YAMLValue? {
    guard entry.networkMode == nil else { return nil }
    var result = Entries()
    for interface in node.interfaces {
      let id: NetworkID
      var vlans: PortVLANs?
      switch interface.source {
      case .port(let network, _, let portVLANs): (id, vlans) = (network, portVLANs)
      case .child(let network): id = network
      case .link, .device: continue
      }
      let key = topology[id].key
      let written = entry.attachments.first { $0.network.value == key }
      result.add(key, .map(attachment(interface, node, written, vlans).list))
    }
    // A network that makes no interface, host or none, stays as it was written.
    for written in entry.attachments where !result.list.contains(where: { $0.key == written.network.value }) {
      result.add(written.network.value, .map([]))
    }
    return result.list.isEmpty ? nil : .map(result.list)
  }

  private func attachment(
    _ interface: Interface, _ node: Node, _ written: AttachmentEntry?, _ vlans: PortVLANs?
  ) -> Entries {
    var entries = Entries()
    if node.replica == nil {
      entries.add("interface_name", text(interface.name))
      entries.add("mac_address", interface.macAddress.map(text))
      // The first address of a family that the network gave; the others stand as they were written.
      for (family, key) in [(AddressFamily.ipv4, "ipv4_address"), (.ipv6, "ipv6_address")] {
        let address = interface.addresses.first { assigned in
          assigned.address.family == family && !isFurther(assigned, written)
        }
        entries.add(key, address.map { text($0.address.address) })
      }
    } else {
      entries.add("interface_name", (written?.interfaceName?.value).map(text))
    }
    entries.add("addresses", texts((written?.addresses ?? []).map(\.value.description)))
    entries.add("link_local_ips", texts((written?.linkLocalAddresses ?? []).map(\.value.description)))
    entries.add("aliases", texts((written?.aliases ?? []).map(\.value.text)))
    entries.add("gw_priority", (written?.gatewayPriority?.value).map(number))
    entries.add("priority", (written?.priority?.value).map(number))
    add(vlans, to: &entries)
    entries.add("impairment", impairment(interface.impairment.value))
    let options = (written?.sysctls ?? []).map { "\($0.key.value)=\($0.value.value)" }.joined(separator: ",")
    entries.add(
      "driver_opts",
      options.isEmpty ? nil : .map([YAMLValue.Entry("com.docker.network.endpoint.sysctls", .text(options))]))
    return entries
  }

  private func isFurther(_ assigned: AssignedAddress, _ written: AttachmentEntry?) -> Bool {
    guard let written else { return false }
    return written.addresses.contains { $0.range == assigned.origin }
      || written.linkLocalAddresses.contains { $0.range == assigned.origin }
  }

  private func extraHosts(_ entry: NodeEntry) -> YAMLValue? {
    texts(
      entry.extraHosts.flatMap { host in
        host.addresses.map { address in
          switch address.value {
          case .address(let address): "\(host.name.value)=\(address)"
          case .hostGateway: "\(host.name.value)=host-gateway"
          }
        }
      })
  }

  private func published(_ port: PublishedPortEntry) -> String {
    var text = "\(port.target)"
    if let published = port.published {
      text = "\(published):\(text)"
    } else if port.hostAddress != nil {
      text = ":\(text)"
    }
    if let address = port.hostAddress { text = "\(address.family == .ipv6 ? "[\(address)]" : "\(address)"):\(text)" }
    return port.transport == .tcp ? text : "\(text)/\(port.transport.rawValue)"
  }

  private func defaultRoutes(of node: Node) -> YAMLValue? {
    guard !node.defaultRoutes.isEmpty, node.replica == nil else { return nil }
    return .map(
      node.defaultRoutes.map { route in
        var entries = Entries()
        entries.add("via", route.gateway.map(text))
        entries.add("dev", text(route.interface))
        entries.add("network", .text(topology[route.network].key))
        entries.add("because", .text(defaultRouteReason(route, topology)))
        return YAMLValue.Entry(route.family.rawValue, .map(entries.list))
      })
  }
}
