import NetworkTypes
import Plan

extension Inverse {
  /// The command that carries it out in the host's namespace; `put_back PATH` writes what a parameter was before.
  ///
  /// What was before is known here: devices that were there were down and made their link-local addresses as they are
  /// born to, there was no VRF, and a port was in VLAN 1.
  func command() throws -> String {
    switch self {
    case .deleteNamespace(let name): return "ip netns delete \(name)"
    case .deleteLink(let link): return "ip link delete \(link.name)"
    case .clearMaster(let link): return "ip link set \(link.name) nomaster"
    case .deleteBridgeVLAN(let payload):
      let deletion = "bridge vlan delete dev \(payload.link.name) vid \(payload.first)-\(payload.last)"
      let restoration = "bridge vlan add dev \(payload.link.name) vid 1 pvid untagged"
      return payload.replacesDefault ? "\(deletion) && \(restoration)" : deletion
    case .clearHairpin(let link): return "ip link set \(link.name) type bridge_slave hairpin off"
    case .restoreAddressGeneration(let link): return "ip link set \(link.name) addrgenmode eui64"
    case .setLinkDown(let link): return "ip link set \(link.name) down"
    case .deleteAddress(let payload): return "ip address delete \(payload.address) dev \(payload.link.name)"
    case .deleteRoute(let payload):
      let family = payload.destination.family == .ipv4 ? "-4" : "-6"
      let type = if case .blackhole = payload.action { "blackhole " } else { "" }
      return "ip \(family) route delete \(type)\(payload.destination)"
    case .deleteRule(let payload): return "ip rule delete priority \(payload.priority)"
    case .restoreVRFRules: return "ip -4 rule delete priority 1000 && ip -6 rule delete priority 1000"
    case .restoreSysctl(_, let key): return "put_back \(key.path)"
    case .deleteRuleset: return "nft delete table inet netwright-shop && nft delete table bridge netwright-shop"
    case .deleteQdisc(let link): return "tc qdisc delete dev \(link.name) root"
    case .removeNamespaceFile(let names, let file):
      return names.map { "rm /etc/netns/\($0)/\(file.rawValue) && rmdir /etc/netns/\($0)" }.joined(separator: " && ")
    }
  }
}
