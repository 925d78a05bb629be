import Diagnostics
import NetworkTypes
import ProjectFile

extension Resolver {
  /// Gives every node an interface on each of its networks, by priority and then as written.
  mutating func attachNodes() {
    deviceNaming.reserveCapacity(topology.nodes.count)
    var names = InterfaceNumbering()
    var found: [Attachment] = []
    for index in topology.nodes.indices {
      guard case .namespace = topology.nodes[index].home else { continue }
      findAttachments(of: topology.nodes[index].entry, &found)
      names.restart(taken: takenNames(of: index))
      for attachment in found {
        guard attach(index, attachment, &names) else { break }
      }
    }
  }

  /// Finds the networks of an entry that there are, by priority and then as written.
  ///
  /// - Parameters:
  ///   - entry: the entry's index.
  ///   - found: the attachments that were found; what was in it goes.
  private func findAttachments(of entry: Int, _ found: inout [Attachment]) {
    found.removeAll(keepingCapacity: true)
    var havePriorities = false
    for position in file.nodes[entry].attachments.indices {
      if file.nodes[entry].attachments[position].priority != nil { havePriorities = true }
      guard let id = networkByKey[file.nodes[entry].attachments[position].network.value] else { continue }
      found.append(
        Attachment(network: id, written: position, origin: file.nodes[entry].attachments[position].network.range))
    }
    if let key = implicitKey(of: entry), let id = networkByKey[key] {
      let origin = file.nodes[entry].networkMode?.range ?? file.nodes[entry].name.range
      found.append(Attachment(network: id, written: nil, origin: origin))
    }
    guard havePriorities else { return }
    found = found.enumerated()
      .sorted { (-priority(of: $0.element, entry), $0.offset) < (-priority(of: $1.element, entry), $1.offset) }
      .map(\.element)
  }

  /// The `priority` that an entry gives an attachment; 0 where it says none.
  func priority(of attachment: Attachment, _ entry: Int) -> Int {
    attachment.written.flatMap { file.nodes[entry].attachments[$0].priority?.value } ?? 0
  }

  /// Gives a node an interface on a network; false where that puts it on the host's, so that it has no others.
  private mutating func attach(_ index: Int, _ attachment: Attachment, _ names: inout InterfaceNumbering) -> Bool {
    let network = attachment.network.index
    let driver = topology.networks[network].driver
    switch driver {
    case .host:
      topology.nodes[index].home = .host
      topology.nodes[index].interfaces = []
      attachments[index] = []
      return false
    case .none: return true
    case .bridge, .macvlan, .ipvlan: break
    }
    let entry = topology.nodes[index].entry
    var name: InterfaceName?
    if let written = attachment.written { name = file.nodes[entry].attachments[written].interfaceName?.value }
    guard let name = name ?? names.next(prefix: topology.networks[network].interfacePrefix)
    else {
      return true
    }
    var source = Interface.Source.child(attachment.network)
    if case .bridge = driver, case .namespace(let namespace) = topology.nodes[index].home {
      let device = deviceNaming.hostEnd(node: namespace.text, interface: name)
      source = .port(attachment.network, hostDevice: device, vlans: nil)
    }
    var interface = Interface(
      name: name, source: source, mtu: topology.networks[network].mtu,
      hasIPv6: topology.networks[network].families.contains(.ipv6), origin: attachment.origin)
    if let written = attachment.written, !file.nodes[entry].attachments.hasNetworkAlone(written) {
      add(file.nodes[entry].attachments[written], to: &interface, driver)
    }
    topology.nodes[index].interfaces.append(consume interface)
    attachments[index].append(attachment)
    return true
  }

  /// Adds what the file says of an attachment beside IPv4 and names.
  private func add(_ entry: AttachmentEntry, to interface: inout Interface, _ driver: Network.Driver) {
    if entry.writesIPv6 { interface.hasIPv6 = true }
    interface.impairment.value = entry.impairment.value.map { NetemOptions($0) }
    interface.sysctls = interfaceSysctls(entry, interface.name)
    if case .port(let network, let device, _) = interface.source, case .bridge(_, let options) = driver {
      interface.source = .port(network, hostDevice: device, vlans: portVLANs(entry.vlans, options))
    }
  }

  /// The interface names that a node's entry, its links and its own devices give.
  private func takenNames(of index: Int) -> [InterfaceName] {
    let entry = topology.nodes[index].entry
    var taken: [InterfaceName] = []
    for position in file.nodes[entry].attachments.indices {
      if let name = file.nodes[entry].attachments[position].interfaceName { taken.append(name.value) }
    }
    for position in file.nodes[entry].interfaces.indices {
      taken.append(file.nodes[entry].interfaces[position].name.value)
    }
    guard !linkedInterfaces.isEmpty else { return taken }
    taken += linkedInterfaces[topology.nodes[index].key] ?? []
    if topology.nodes[index].replica != nil { taken += linkedInterfaces[topology.nodes[index].name] ?? [] }
    return taken
  }

  /// The VLANs of a port, where the bridge knows VLANs and the file says any.
  func portVLANs(_ entry: PortVLANEntry, _ bridge: BridgeOptions) -> PortVLANs? {
    guard bridge.vlanFiltering, !entry.isEmpty else { return nil }
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
}

extension NetemOptions {
  /// An impairment as netem takes it.
  init(_ entry: ImpairmentEntry) {
    self.init()
    delay = entry.delay?.value
    jitter = entry.jitter?.value
    loss = entry.loss?.value
    duplicate = entry.duplicate?.value
    corrupt = entry.corrupt?.value
    reorder = entry.reorder?.value
    rate = entry.rate?.value
  }
}

extension [AttachmentEntry] {
  /// Whether one says nothing that shapes the interface: most don't.
  ///
  /// A call on an element would copy it first, while a field is read in its place.
  @inline(__always)
  fileprivate func hasNetworkAlone(_ i: Int) -> Bool {
    self[i].ipv6Address == nil && self[i].addresses.isEmpty && self[i].linkLocalAddresses.isEmpty
      && self[i].impairment.isAbsent && self[i].sysctls.isEmpty && self[i].vlans.isEmpty
  }
}

extension AttachmentEntry {
  /// Whether it gives an IPv6 address.
  fileprivate var writesIPv6: Bool {
    ipv6Address != nil || addresses.contains { $0.value.family == .ipv6 }
      || linkLocalAddresses.contains { $0.value.family == .ipv6 }
  }
}

/// Gives interfaces the lowest number that is unused after their prefix, as Docker does.
struct InterfaceNumbering {
  /// The names that have an owner: few enough to be looked through.
  private var taken: [InterfaceName]
  /// The lowest number that may be free after each prefix: names are only ever taken.
  private var numbers: [(prefix: String, next: UInt)] = []

  init(taken: [InterfaceName] = []) { self.taken = taken }

  /// Starts anew, for a node that has some names already.
  mutating func restart(taken: [InterfaceName]) {
    self.taken = taken
    numbers.removeAll(keepingCapacity: true)
  }

  /// The next free name with a prefix; nil if the prefix leaves no room for a number.
  mutating func next(prefix: String) -> InterfaceName? {
    let known = numbers.firstIndex { $0.prefix == prefix }
    var number = known.map { numbers[$0].next } ?? 0
    while let name = InterfaceName(prefix, number: number) {
      number += 1
      guard !taken.contains(name) else { continue }
      if let known { numbers[known].next = number } else { numbers.append((prefix, number)) }
      return name
    }
    return nil
  }
}
