import Diagnostics
import NetworkTypes
import YAMLTree

/// `interfaces.NAME` as it is read, before its type is known.
struct InterfaceFields {
  var kind: Located<InterfaceEntry.Kind>?
  var group: Located<IPAddress>?
  var entry: InterfaceEntry
}

extension KeyTable where Target == InterfaceFields {
  /// `interfaces.NAME` (ip-link(8)).
  static let interface = KeyTable(
    "interface", "A device that a node makes for itself.",
    [
      Key("type", .choice, "What it is.", .netwright, required: true) { $0.kind = $1 },
      Key(list: "addresses", .interfaceAddress, "Its addresses, each with its length.", .netwright) {
        $0.entry.addresses.append($1)
      },
      Key("mtu", .integer(AddressFamily.ipv4MinimumMTU...65535), "Its MTU in bytes.", .netwright) { $0.entry.mtu = $1 },
      Key(
        "mac_address", .macAddress, "Its hardware address; the kernel's choice without it.",
        .netwright
      ) { $0.entry.macAddress = $1 },
      Key(
        list: "members", .interfaceName, "The node's devices that a bridge, bond or VRF is made of.",
        .netwright
      ) { $0.entry.members.append($1) },
      Key("parent", .interfaceName, "The device that a VLAN or VXLAN stands on.", .netwright) { $0.entry.parent = $1 },
      Key("id", .integer(0...16_777_215), "A VLAN's or VXLAN's number.", .netwright) { $0.entry.id = $1 },
      Key("table", .table, "A VRF's routing table.", .netwright) { $0.entry.table = $1 },
      Key("mode", .choice, "How a bond shares the work; balance-rr without it.", .netwright) { $0.entry.mode = $1 },
      Key("local", .address, "The source of a VXLAN's packets.", .netwright) { $0.entry.local = $1 },
      Key("remote", .address, "The other end of a VXLAN.", .netwright) { $0.entry.remote = $1 },
      Key("group", .address, "The multicast group of a VXLAN; needs `parent`.", .netwright) { $0.group = $1 },
      Key("port", .integer(1...65535), "A VXLAN's UDP port; 4789 without it.", .netwright) { $0.entry.port = $1 },
      Key("stp", .boolean, "Whether a bridge runs the spanning tree protocol.", .netwright) {
        $0.entry.spanningTree = $1
      },
      Key("impairment", .mapping("impairment"), "What it does to the packets it sends.", .netwright) {
        fields, entry, reader in
        fields.entry.impairment = reader.impairment(entry.value)
      },
    ])
}

extension Reader {
  /// `interfaces`.
  mutating func interfaces(_ node: YAMLNode) -> [InterfaceEntry] {
    (mapping(node, of: "node's interfaces")?.entries ?? []).compactMap { item in
      guard let name = InterfaceName(item.key.value) else {
        report(.invalidInterfaceName(item.key.value, at: item.key.range))
        return nil
      }
      // The kind is a placeholder until `type` is read: an entry can't be without one.
      let placeholder = Located(InterfaceEntry.Kind.dummy, at: item.key.range)
      var fields = InterfaceFields(entry: InterfaceEntry(name: Located(name, at: item.key.range), kind: placeholder))
      read(item.value, into: &fields, by: .interface)
      guard let kind = fields.kind else { return nil }
      fields.entry.kind = kind
      if let group = fields.group {
        if let remote = fields.entry.remote { report(.twoTunnelEnds(group, remote)) }
        fields.entry.remote = fields.entry.remote ?? group
      }
      return isComplete(fields.entry, item) ? fields.entry : nil
    }
  }

  /// Whether a device has what its kind needs, the lack having been reported.
  private mutating func isComplete(_ entry: InterfaceEntry, _ item: YAMLMapping.Entry) -> Bool {
    func missing(_ key: String, _ isThere: Bool) -> String? { isThere ? nil : key }
    let needs: [String?]
    switch entry.kind.value {
    case .dummy, .bridge: needs = []
    case .vlan: needs = [missing("parent", entry.parent != nil), missing("id", entry.id != nil)]
    case .vxlan: needs = [missing("id", entry.id != nil)]
    case .vrf: needs = [missing("table", entry.table != nil), missing("members", !entry.members.isEmpty)]
    case .bond: needs = [missing("members", !entry.members.isEmpty)]
    }
    let lacking = needs.compactMap { $0 }
    for key in lacking where !hasKey(key, item.value) {
      report(.missingKey(key, in: "\(entry.kind.value.rawValue) interface", item.key.range))
    }
    if entry.kind.value == .vlan, let id = entry.id, !(1...4094).contains(id.value) {
      report(.invalidVLAN(String(id.value), at: id.range))
      return false
    }
    if let remote = entry.remote, remote.value.isMulticast, entry.parent == nil {
      report(.missingKey("parent", in: "vxlan interface with a multicast group", remote.range))
      return false
    }
    return lacking.isEmpty
  }

  /// Whether a key is written: one that is and couldn't be read has been reported already.
  private func hasKey(_ key: String, _ node: YAMLNode) -> Bool {
    guard case .mapping(let mapping) = node.content else { return false }
    return mapping[key] != nil
  }
}

extension Diagnostic {
  fileprivate static func twoTunnelEnds(_ group: Located<IPAddress>, _ remote: Located<IPAddress>) -> Diagnostic {
    Diagnostic(
      FileCode.conflictingKeys, "a VXLAN has one other end, and this has `remote` and `group`", at: group.range,
      labels: [.init(remote.range, "the other end")], help: "take one of them out")
  }
}
