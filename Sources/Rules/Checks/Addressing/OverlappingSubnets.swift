import Diagnostics
import NetworkTypes
import Topology

/// Two subnets that one namespace would have on two links.
enum OverlappingSubnets: Rule {
  static let code = RuleCode.overlappingSubnets
  static let name = "overlapping-subnets"
  static let summary = "Two links of one namespace have subnets that overlap."
  static let rationale = """
    The namespace would have two connected routes for the same addresses, and of two equal ones the first alone is used. \
    The engine answers «Pool overlaps with other one on this address space» for two of its networks, which all have a \
    route in the host; its own, docker0, has 172.17.0.0/16. Judged by namespace and VRF: where no namespace has both, \
    the same block may be used again, and a cable between two bridges makes them one link.
    """
  static let failing = """
    services:
      web: { networks: [a, b] }
    networks:
      a: { ipam: { config: [{ subnet: 10.0.0.0/16 }] } }
      b:
        ipam:
          config:
            - subnet: 10.0.1.0/24  # error: NW0309
    """
  static let passing = """
    services:
      web: { networks: [a, b] }
      db: { networks: [street] }
    routers:
      r1: {}
      r2: {}
      r3: {}
      r4: {}
    networks:
      a: { ipam: { config: [{ subnet: 10.0.0.0/24 }] } }
      b: { ipam: { config: [{ subnet: 10.0.1.0/24 }] } }
      street:
        driver: macvlan
        driver_opts: { parent: eth0 }
        ipam: { config: [{ subnet: 192.168.1.0/24, gateway: 192.168.1.1 }] }
    host: { interfaces: { eth0: { address: 192.168.1.5/24, gateway: 192.168.1.1 } } }
    links:
      - { endpoints: [r1, r2], subnet: 10.9.0.0/30 }
      - { endpoints: [r3, r4], subnet: 10.9.0.0/30 }
    """

  /// A block that is on a link of a namespace.
  private struct Connected {
    let prefix: IPPrefix
    let link: Link
    let range: SourceRange
    /// Whose it is, where the file doesn't say so itself: then `range` is what asks for the network.
    var owner: String?
  }

  /// What blocks are told apart by: those of one link may overlap.
  private enum Link: Hashable {
    /// A segment, by its number; what cables join is one.
    case segment(Int)
    /// A device that the host has already, by its place among them.
    case hostDevice(Int)
    /// A bridge that nothing is on.
    case bridge(NetworkID)
    /// A subnet of a network that has no bridge, by its place: each is a link of its own.
    case pool(NetworkID, Int)
  }

  static func check(_ context: RuleContext) -> [Diagnostic] {
    let segments = context.segments
    var reported: Set<[SourceRange]> = []
    let own = hostBlocks(context)
    var result = overlaps(own + networkBlocks(context, segments) { $0.bridge != nil }, &reported)
    result += overlaps(networkBlocks(context, segments) { _ in true }, &reported)
    for node in context.unusualNamespaces where node.interfaces.count > 1 && (node.replica ?? 1) == 1 {
      for blocks in nodeBlocks(node, context, segments) { result += overlaps(blocks, &reported) }
    }
    return result
  }

  /// What the host's namespace is connected to by the devices that it has already, but for those that are a network's
  /// bridge: such a network is the device's, or its name is the finding.
  private static func hostBlocks(_ context: RuleContext) -> [Connected] {
    let bridges = Set(context.topology.networks.compactMap(\.bridge))
    return context.topology.host.interfaces.enumerated().flatMap { index, interface in
      bridges.contains(interface.name)
        ? []
        : interface.addresses.map { Connected(prefix: $0.prefix, link: .hostDevice(index), range: interface.origin) }
    }
  }

  /// The blocks of some networks.
  ///
  /// Among them the engine refuses an overlap even where the host has no address and so no route, unless a router is
  /// the gateway. With what the host has already only bridges can overlap: a macvlan or ipvlan network gives the host
  /// no route, and has its parent's subnet as a rule. An implicit network counts too, which whoever is on it asks for;
  /// and so do two subnets of one network, but for a bridge's, which has no second.
  private static func networkBlocks(
    _ context: RuleContext, _ segments: Segments, where isMeant: (Network) -> Bool
  ) -> [Connected] {
    context.topology.networks.filter { $0.isUsed && isMeant($0) }.flatMap { network in
      network.pools.enumerated().filter { $0.element.gatewayNode == nil }.compactMap { index, pool in
        let link: Link =
          if let segment = segments.segment(of: network) {
            .segment(segment)
          } else {
            network.bridge == nil ? .pool(network.id, index) : .bridge(network.id)
          }
        if let range = pool.origin ?? network.origin {
          return Connected(prefix: pool.subnet, link: link, range: range)
        }
        let owner = network.bridge?.text ?? network.name
        return context.asking(for: network).map {
          Connected(prefix: pool.subnet, link: link, range: $0, owner: owner)
        }
      }
    }
  }

  /// What a node is connected to, by VRF.
  private static func nodeBlocks(_ node: Node, _ context: RuleContext, _ segments: Segments) -> [[Connected]] {
    var blocks: [InterfaceName?: [Connected]] = [:]
    let vrfs = NamespaceVRFs(node.interfaces)
    for (position, interface) in node.interfaces.enumerated() {
      let domain = vrfs.vrf(of: interface.name)?.device
      let segment = segments.segment(node: node.id, position: position)
      for assigned in interface.addresses where !assigned.address.address.isLinkLocal {
        // An address of a network's pool stands for the pool, whose overlaps are found in the host already.
        let network = context.network(of: interface)
        let pool = network?.pools.first { $0.subnet == assigned.address.prefix }
        let range = pool.flatMap { $0.origin ?? network?.origin } ?? assigned.origin
        blocks[domain, default: []].append(
          Connected(prefix: assigned.address.prefix, link: .segment(segment), range: range))
      }
    }
    return blocks.sorted { ($0.key?.text ?? "") < ($1.key?.text ?? "") }.map(\.value)
  }

  /// The overlaps among blocks, by one pass over them in order: a block overlaps an earlier one if it starts within it.
  private static func overlaps(_ blocks: [Connected], _ reported: inout Set<[SourceRange]>) -> [Diagnostic] {
    var result: [Diagnostic] = []
    var open: [Connected] = []
    for block in blocks.sorted(by: { ($0.prefix, $0.range) < ($1.prefix, $1.range) }) {
      open.removeAll { !$0.prefix.contains(block.prefix) }
      // A host route (/32, /128) inside another block is how anycast and loopback addresses are made.
      if let other = open.last(where: { $0.link != block.link }), block.prefix.hostBits > 0 {
        let isInOrder = (other.owner == nil ? 1 : 0, other.range) < (block.owner == nil ? 1 : 0, block.range)
        let (first, second) = isInOrder ? (other, block) : (block, other)
        if reported.insert([first.range, second.range]).inserted {
          result.append(
            finding(
              second.prefix == first.prefix
                ? "\(second.prefix) is used twice" : "\(second.prefix) overlaps \(first.prefix)",
              at: second.range,
              labels: [.init(first.range, first.owner.map { "`\($0)`, which is needed here" } ?? "the other")],
              help: "use another block for one of them"))
        }
      }
      open.append(block)
    }
    return result
  }
}

extension RuleContext {
  /// Where the file first asks for a network that it doesn't define.
  fileprivate func asking(for network: Network) -> SourceRange? {
    for node in topology.nodes {
      if let interface = node.interfaces.first(where: { self.network(of: $0)?.id == network.id }) {
        return interface.origin
      }
    }
    return nil
  }
}
