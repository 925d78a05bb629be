import NetworkTypes

extension Inverse {
  /// What is taken back, in one line and in the words of iproute2.
  package var summary: String {
    switch self {
    case .deleteNamespace(let name): "delete namespace \(name)"
    case .deleteLink(let link): "delete device \(link)"
    case .clearMaster(let link): "set \(link) nomaster"
    case .deleteBridgeVLAN(let operation):
      operation.first == operation.last
        ? "delete vlan \(operation.first) from \(operation.link)"
        : "delete vlan \(operation.first)-\(operation.last) from \(operation.link)"
    case .restoreAddressGeneration(let link): "put addrgenmode of \(link) back"
    case .clearHairpin(let link): "set \(link) hairpin off"
    case .setLinkDown(let link): "set \(link) down, unless it was up"
    case .deleteAddress(let operation): "delete address \(operation.address) from \(operation.link)"
    case .deleteRoute(let operation): "delete" + Operation.addRoute(operation).summary.dropFirst("add".count)
    case .deleteRule(let operation): "delete" + Operation.addRule(operation).summary.dropFirst("add".count)
    case .restoreVRFRules(let place): "delete the rules of VRFs in \(place), unless they were there"
    case .restoreSysctl(let place, let key): "put \(key) in \(place) back"
    case .deleteRuleset(let place): "delete the network's netfilter tables in \(place)"
    case .deleteQdisc(let link): "delete the qdisc of \(link)"
    case .removeNamespaceFile(let names, let file):
      "delete \(file.rawValue) of \(names.map(\.text).joined(separator: ", "))"
    }
  }
}
