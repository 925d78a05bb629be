import Diagnostics
import NetworkTypes
import ProjectFile

extension Resolver {
  /// Gives every node an interface on each of its networks, by priority and then as written.
  mutating func attachNodes() {
    for index in topology.nodes.indices {
      let node = topology.nodes[index]
      guard case .namespace = node.home else { continue }
      let entry = file.nodes[node.entry]
      var entries = entry.attachments
      if let key = implicitKey(of: entry) {
        entries.append(AttachmentEntry(network: Located(key, at: entry.networkMode?.range ?? entry.name.range)))
      }
      if entries.contains(where: { $0.priority != nil }) {
        entries = entries.enumerated()
          .sorted { (-($0.element.priority?.value ?? 0), $0.offset) < (-($1.element.priority?.value ?? 0), $1.offset) }
          .map(\.element)
      }
      attach(index, to: entries)
    }
  }

  private mutating func attach(_ index: Int, to entries: [AttachmentEntry]) {
    var names = InterfaceNumbering(taken: takenNames(of: index, entries))
    for attachment in entries {
      guard let id = networkByKey[attachment.network.value] else { continue }
      let network = topology.networks[id.index]
      if case .host = network.driver {
        topology.nodes[index].home = .host
        topology.nodes[index].interfaces = []
        attachments[index] = []
        return
      }
      if case .none = network.driver { continue }
      guard let name = attachment.interfaceName?.value ?? names.next(prefix: network.interfacePrefix) else { continue }
      let source: Interface.Source
      switch network.driver {
      case .host, .none: continue
      case .bridge:
        let device = deviceNaming.hostEnd(node: topology.nodes[index].displayName, interface: name)
        source = .port(id, hostDevice: device, vlans: portVLANs(attachment.vlans, on: network))
      case .macvlan, .ipvlan: source = .child(id)
      }
      let writtenIPv6 =
        attachment.ipv6Address != nil || attachment.addresses.contains { $0.value.family == .ipv6 }
        || attachment.linkLocalAddresses.contains { $0.value.family == .ipv6 }
      topology.nodes[index].interfaces.append(
        Interface(
          name: name, source: source, mtu: network.mtu, hasIPv6: network.families.contains(.ipv6) || writtenIPv6,
          impairment: attachment.impairment.map(netem), sysctls: interfaceSysctls(attachment, name),
          origin: attachment.network.range))
      attachments[index].append(attachment)
    }
  }

  /// The interface names that a node's entry, its links and its own devices give.
  private func takenNames(of index: Int, _ entries: [AttachmentEntry]) -> Set<InterfaceName> {
    let node = topology.nodes[index]
    var taken = Set(entries.compactMap { $0.interfaceName?.value })
    for interface in file.nodes[node.entry].interfaces { taken.insert(interface.name.value) }
    for name in linkedInterfaces[node.key] ?? [] { taken.insert(name) }
    if node.replica != nil { for name in linkedInterfaces[node.name] ?? [] { taken.insert(name) } }
    return taken
  }

  /// The VLANs of a port, where the bridge knows VLANs and the file says any.
  func portVLANs(_ entry: PortVLANEntry, on network: Network) -> PortVLANs? {
    guard case .bridge(_, let options) = network.driver, options.vlanFiltering, !entry.isEmpty else { return nil }
    return PortVLANs(untagged: entry.access?.value ?? entry.native?.value, tagged: entry.trunk.map(\.value))
  }

  private func interfaceSysctls(_ attachment: AttachmentEntry, _ name: InterfaceName) -> [Sysctl] {
    attachment.sysctls.compactMap { entry in
      // A dot in a device's name is a slash in the dotted form of a key (sysctl(8)).
      let device = String(name.text.map { $0 == "." ? "/" : $0 })
      let parts = entry.key.value.text.split(separator: ".").map { $0 == "IFNAME" ? device : String($0) }
      return SysctlKey(parts.joined(separator: ".")).map {
        Sysctl(key: $0, value: entry.value.value, origin: entry.key.range)
      }
    }
  }

  /// An impairment as netem takes it.
  func netem(_ entry: ImpairmentEntry) -> NetemOptions {
    var options = NetemOptions()
    options.delay = entry.delay?.value
    options.jitter = entry.jitter?.value
    options.loss = entry.loss?.value
    options.duplicate = entry.duplicate?.value
    options.corrupt = entry.corrupt?.value
    options.reorder = entry.reorder?.value
    options.rate = entry.rate?.value
    return options
  }
}

/// Gives interfaces the lowest number that is unused after their prefix, as Docker does.
struct InterfaceNumbering {
  var taken: Set<InterfaceName>

  /// The next free name with a prefix; nil if the prefix leaves no room for a number.
  mutating func next(prefix: String) -> InterfaceName? {
    var number = 0
    while let name = InterfaceName("\(prefix)\(number)") {
      if taken.insert(name).inserted { return name }
      number += 1
    }
    return nil
  }
}
