import Diagnostics
import NetworkTypes
import YAMLTree

extension KeyTable where Target == AttachmentEntry {
  /// `services.NAME.networks.NETWORK` (compose-spec, 05-services.md).
  static let attachment = KeyTable(
    "service's network", "How a service or router is attached to a network.", takesExtensions: true,
    [
      Key("ipv4_address", .ipv4Address, "Its IPv4 address; the lowest free one without it.") { $0.ipv4Address = $1 },
      Key("ipv6_address", .ipv6Address, "Its IPv6 address; the lowest free one without it.") { $0.ipv6Address = $1 },
      Key(list: "link_local_ips", .linkLocalAddress, "Link-local addresses besides.") {
        $0.linkLocalAddresses.append($1)
      },
      Key("mac_address", .macAddress, "Its hardware address; 02:42 and the IPv4 address without it.") {
        $0.macAddress = $1
      },
      Key(list: "aliases", .hostName, "Further names that it has on the network.") { $0.aliases.append($1) },
      Key("interface_name", .interfaceName, "What the interface is called; ethN without it.") { $0.interfaceName = $1 },
      Key(
        "gw_priority", .integer(Int(Int32.min)...Int(Int32.max)),
        "The network with the highest gives the default route; 0 without it."
      ) { $0.gatewayPriority = $1 },
      Key(
        "priority", .integer(Int(Int32.min)...Int(Int32.max)),
        "The order in which the networks are attached, the highest first; 0 without it."
      ) { $0.priority = $1 },
      Key("driver_opts", .map(.text("text")), "Options of the endpoint: its name and kernel parameters.") {
        attachment, entry, reader in
        reader.readEndpointOptions(entry.value, into: &attachment)
      },
      Key(
        list: "addresses", .interfaceAddress, "Further addresses, of any subnet, each with its length.",
        .netwright
      ) { $0.addresses.append($1) },
      Key("impairment", .mapping("impairment"), "What the interface does to the packets it sends.", .netwright) {
        attachment, entry, reader in
        attachment.impairment.value = reader.impairment(entry.value)
      },
    ] + portVLANKeys(\.vlans))
}

/// The keys that give a bridge port its VLANs, for each mapping that describes a port.
func portVLANKeys<Target>(_ field: any WritableKeyPath<Target, PortVLANEntry> & Sendable) -> [Key<Target>] {
  [
    Key("vlan", .integer(1...4094), "The VLAN of an access port, where the bridge filters VLANs.", .netwright) {
      target, entry, reader in
      target[keyPath: field].access = ValueKind<VLANID>.vlan.read(entry.value, &reader)
    },
    Key(
      "trunk", .list(ValueKind<VLANRange>.vlanRange.shape), "The VLANs of a trunk port, which are tagged.", .netwright
    ) { target, entry, reader in
      target[keyPath: field].trunk = reader.list(entry.value).compactMap {
        ValueKind<VLANRange>.vlanRange.read($0, &reader)
      }
    },
    Key("native", .integer(1...4094), "The VLAN of a trunk port's frames without a tag.", .netwright) {
      target, entry, reader in
      target[keyPath: field].native = ValueKind<VLANID>.vlan.read(entry.value, &reader)
    },
  ]
}

extension Reader {
  /// Reads `networks` of a node: a list of names, or a mapping from names.
  mutating func attachments(_ node: YAMLNode) -> [AttachmentEntry] {
    switch node.content {
    case .sequence(let items):
      var result: [AttachmentEntry] = []
      for name in items.compactMap({ itemText($0, expected: "a network's name") }) {
        if let first = result.first(where: { $0.network.value == name.value }) {
          report(.repeatedItem(name.value, at: name.range, first: first.network.range))
        } else {
          result.append(AttachmentEntry(network: name))
        }
      }
      return result
    case .mapping(let mapping):
      var result: [AttachmentEntry] = []
      result.reserveCapacity(mapping.entries.count)
      // A span lends the entries, and an array would copy each.
      let entries = mapping.entries.span
      for index in entries.indices {
        if let last = result.last?.network, isKeyAmongNames(entries[index], of: .attachment) {
          reportNotIndented(entries[index].key, under: last)
          continue
        }
        var attachment = AttachmentEntry(network: entries[index].key)
        read(entries[index].value, into: &attachment, by: .attachment)
        result.append(consume attachment)
      }
      return result
    case .scalar:
      if !node.isNull { report(.wrongType(node, expected: "a list or a mapping", of: nil)) }
      return []
    }
  }

  /// An impairment.
  mutating func impairment(_ node: YAMLNode) -> ImpairmentEntry? {
    var impairment = ImpairmentEntry(range: node.range)
    read(node, into: &impairment, by: .impairment)
    return impairment
  }

  /// Reads the endpoint options that shape the interface (moby, daemon/libnetwork/netlabel/labels.go).
  fileprivate mutating func readEndpointOptions(_ node: YAMLNode, into attachment: inout AttachmentEntry) {
    for entry in mapping(node, of: "driver_opts")?.entries ?? [] {
      switch entry.key.value {
      case "com.docker.network.endpoint.ifname":
        attachment.interfaceName = ValueKind<InterfaceName>.interfaceName.read(entry.value, &self)
      case "com.docker.network.endpoint.sysctls":
        guard let list = text(entry.value) else { continue }
        for part in list.value.split(separator: ",") {
          addEndpointSysctl(String(part), at: list.range, to: &attachment)
        }
      default: continue
      }
    }
  }

  private mutating func addEndpointSysctl(_ text: String, at range: SourceRange, to attachment: inout AttachmentEntry) {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let key = SysctlKey(parts[0]), parts[0].hasPrefix("net."), parts[0].contains(".IFNAME.")
    else {
      report(
        .invalidValue(
          "`\(text)` is no kernel parameter of an interface", at: range,
          help: "write net.ipv4.conf.IFNAME.KEY=VALUE, several between commas"))
      return
    }
    guard let value = sysctlValue(parts[1], at: range) else { return }
    attachment.sysctls.append(SysctlEntry(key: Located(key, at: range), value: Located(value, at: range)))
  }
}

extension KeyTable where Target == ImpairmentEntry {
  /// `impairment` (tc-netem(8), tc-tbf(8)).
  static let impairment = KeyTable(
    "impairment", "What an interface does to the packets that it sends.",
    [
      Key("delay", .delay, "How long each packet is held.", .netwright) { $0.delay = $1 },
      Key("jitter", .delay, "How far the delay varies either way; needs a delay.", .netwright) { $0.jitter = $1 },
      Key("loss", .percentage, "The share that is lost.", .netwright) { $0.loss = $1 },
      Key("duplicate", .percentage, "The share that is sent twice.", .netwright) { $0.duplicate = $1 },
      Key("corrupt", .percentage, "The share in which a bit is flipped.", .netwright) { $0.corrupt = $1 },
      Key("reorder", .percentage, "The share that is sent ahead of the delayed; needs a delay.", .netwright) {
        $0.reorder = $1
      },
      Key("rate", .bitRate, "The rate of the line.", .netwright) { $0.rate = $1 },
    ])
}
