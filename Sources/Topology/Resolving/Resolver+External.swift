import Diagnostics
import NetworkTypes
import ProjectFile

extension Resolver {
  /// Whether a text can be the engine's name for a network (moby, daemon/names: RestrictedNameChars).
  static func isNetworkName(_ text: String) -> Bool {
    guard let first = text.utf8.first, isLetterOrDigit(first) else { return false }
    return text.utf8.allSatisfy { isLetterOrDigit($0) || "_.-".utf8.contains($0) }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: false
    }
  }

  /// What the host is known to have under an external network's name: by the file itself, or by a snapshot of it.
  func existing(_ entry: NetworkEntry) -> ExistingNetwork? {
    guard entry.isExternal?.value ?? false else { return nil }
    let name = entry.name?.value ?? entry.key.value
    if let device = topology.host.interfaces.first(where: { $0.name.text == name }) {
      var network = ExistingNetwork(names: [name], driver: .bridge(device: device.name, options: BridgeOptions()))
      network.blocks = device.addresses.map { .init(subnet: $0.prefix, gateway: $0.address) }
      return network
    }
    return known.first { $0.isCalled(name) }
  }

  /// The engine's own bridge as the host is known to have it; what carries a prefix keeps away from it.
  var existingDockerBridge: ExistingNetwork? {
    guard topology.prefix == nil else { return nil }
    return known.first { $0.isCalled("bridge") } ?? known.first { $0.isCalled("docker0") }
  }

  /// What stands for an external network: the engine's own by their names, or what the host has.
  func externalDriver(of entry: NetworkEntry) -> Network.Driver? {
    guard entry.isExternal?.value ?? false else { return nil }
    switch entry.name?.value ?? entry.key.value {
    case "host": return .host
    case "none": return Network.Driver.none
    default: return existing(entry)?.driver
    }
  }

  /// Gives a network the blocks of the one that the host has; whoever has an address there keeps it.
  mutating func takeOverBlocks(of existing: ExistingNetwork, for index: Int) {
    topology.networks[index].families = Self.families(of: existing.blocks.map(\.subnet))
    let takesSeveral = topology.networks[index].bridge == nil
    for block in existing.blocks
    where takesSeveral || topology.networks[index].pool(block.subnet.family) == nil {
      var pool = Pool(
        subnet: block.subnet, range: block.range, gateway: block.gateway, auxiliary: [], isAutomatic: false, origin: nil
      )
      pool.occupants = block.occupants
      topology.networks[index].pools.append(pool)
    }
  }

  /// What is assumed of an external network that nothing is known of.
  struct AssumedBlocks {
    /// The addresses that nodes have on it.
    var addresses: [IPAddress] = []
    /// For each family the smallest block of the usual length or larger that has them all.
    ///
    /// An address that would be the block's first or last is a sign of a larger one.
    var blocks: [IPPrefix] = []
  }

  /// What is assumed of external networks, by their indices.
  func assumedBlocks() -> [Int: AssumedBlocks] {
    var result: [Int: AssumedBlocks] = [:]
    for entry in file.networks where entry.isExternal?.value ?? false && entry.pools.isEmpty {
      guard let id = networkByKey[entry.key.value], existing(entry) == nil, topology.networks[id.index].bridge != nil
      else { continue }
      result[id.index] = AssumedBlocks()
    }
    guard !result.isEmpty else { return result }
    for node in file.nodes {
      for attachment in node.attachments {
        guard let index = networkByKey[attachment.network.value]?.index else { continue }
        if let address = attachment.ipv4Address { result[index]?.addresses.append(.v4(address.value)) }
        if let address = attachment.ipv6Address { result[index]?.addresses.append(.v6(address.value)) }
      }
    }
    for (index, assumed) in result {
      result[index]?.blocks = AddressFamily.allCases.compactMap { family in
        smallestBlock(of: assumed.addresses.filter { $0.family == family })
      }
    }
    return result.filter { !$0.value.addresses.isEmpty }
  }

  private func smallestBlock(of addresses: [IPAddress]) -> IPPrefix? {
    guard let first = addresses.first else { return nil }
    let usual = first.family == .ipv4 ? [24, 16] : [64, 48]
    for length in usual + (1..<usual[1]).reversed() {
      guard let block = IPPrefix(containing: first, length: length) else { continue }
      if addresses.allSatisfy({ block.contains($0) && block.firstHost <= $0 && $0 <= block.lastHost }) { return block }
    }
    return nil
  }

  /// Gives a stand-in the blocks that are assumed of it, with a gateway that no node has.
  mutating func takeAssumed(_ assumed: AssumedBlocks, for index: Int) {
    topology.networks[index].families = Self.families(of: assumed.blocks)
    for block in assumed.blocks {
      var free = AddressPool(subnet: block, range: nil)
      for address in assumed.addresses where block.contains(address) { free.take(address) }
      topology.networks[index].pools.append(
        Pool(
          subnet: block, range: nil, gateway: free.takeLowest(), auxiliary: [], isAutomatic: true, origin: nil))
    }
  }
}
