import Diagnostics
import NetworkTypes
import YAMLTree

extension KeyTable where Target == LinkEntry {
  /// An item of `links`.
  static let link = KeyTable(
    "link", "A cable: a veth pair between two nodes, a node and a bridge, or two bridges.", takesExtensions: true,
    [
      Key(
        "endpoints", .list(.either([.text("NODE:INTERFACE, NODE or NETWORK"), .mapping("endpoint")])), "Its two ends.",
        .netwright, required: true
      ) { link, entry, reader in
        let ends = reader.list(entry.value)
        link.endpoints += ends.compactMap { reader.endpoint($0) }
        if case .sequence = entry.value.content { link.hasAllEndpoints = link.endpoints.count == ends.count }
      },
      Key(
        oneOrMore: "subnet", .prefix, "Its blocks: the first end gets the first host address.", .netwright
      ) { $0.subnets.append($1) },
      Key("mtu", .integer(AddressFamily.ipv4MinimumMTU...65535), "The MTU of both ends in bytes.", .netwright) {
        $0.mtu = $1
      },
      Key("impairment", .mapping("impairment"), "What each end does to the packets it sends.", .netwright) {
        link, entry, reader in
        link.impairment = reader.impairment(entry.value)
      },
    ] + portVLANKeys(\.vlans))
}

/// The long form of an endpoint as it is read.
struct EndpointFields {
  var node: Located<String>?
  var network: Located<String>?
  var interface: Located<InterfaceName>?
  var addresses: [Located<InterfaceAddress>] = []
  var macAddress: Located<MACAddress>?
  var vlans = PortVLANEntry()
}

extension KeyTable where Target == EndpointFields {
  /// The long form of an item of a link's `endpoints`.
  static let endpoint = KeyTable(
    "endpoint", "One end of a link.",
    [
      Key("node", .text, "The service or router that it is in.", .netwright) { $0.node = $1 },
      Key("network", .text, "The network whose bridge it is a port of.", .netwright) { $0.network = $1 },
      Key("interface", .interfaceName, "Its name in the node; ethN without it.", .netwright) { $0.interface = $1 },
      Key(list: "addresses", .interfaceAddress, "Its addresses, each with its length.", .netwright) {
        $0.addresses.append($1)
      },
      Key("mac_address", .macAddress, "Its hardware address.", .netwright) { $0.macAddress = $1 },
    ] + portVLANKeys(\.vlans))
}

extension Reader {
  /// An end of a link: NODE:INTERFACE, NODE, NETWORK, or the long form.
  fileprivate mutating func endpoint(_ node: YAMLNode) -> LinkEntry.Endpoint? {
    guard case .mapping = node.content else {
      guard let text = text(node, expected: "an endpoint") else { return nil }
      let parts = text.value.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2 else { return LinkEntry.Endpoint(range: text.range, target: text, interface: nil) }
      guard let name = InterfaceName(parts[1]) else {
        report(.invalidInterfaceName(parts[1], at: text.range))
        return nil
      }
      return LinkEntry.Endpoint(
        range: text.range, target: Located(parts[0], at: text.range), interface: Located(name, at: text.range))
    }
    var fields = EndpointFields()
    read(node, into: &fields, by: .endpoint)
    guard let target = fields.node ?? fields.network else {
      report(.missingKey("node", in: "endpoint", node.range))
      return nil
    }
    if let network = fields.network, fields.node != nil {
      report(
        .invalidValue("an endpoint is in a node or at a network", at: network.range, help: "keep `node` or `network`"))
    }
    var endpoint = LinkEntry.Endpoint(range: node.range, target: target, interface: fields.interface)
    endpoint.addresses = fields.addresses
    endpoint.macAddress = fields.macAddress
    endpoint.vlans = fields.vlans
    return endpoint
  }
}
