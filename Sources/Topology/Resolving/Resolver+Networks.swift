import Diagnostics
import NetworkTypes
import ProjectFile

extension Resolver {
  /// The key of compose's implicit network.
  static let defaultKey = "default"
  /// The key of Docker's own network, which no file declares: its name, but where a network of the file has that.
  static func dockerKey(beside networks: [NetworkEntry]) -> String {
    let own = networks.filter { !($0.isExternal?.value ?? false) || ($0.name?.value ?? "bridge") != "bridge" }
    guard own.contains(where: { $0.key.value == "bridge" }) else { return "bridge" }
    let taken = Set(networks.map(\.key.value))
    var key = "docker0"
    while taken.contains(key) { key = "engine-\(key)" }
    return key
  }

  /// Makes the networks, the implicit ones that a node asks for included, and cuts their subnets.
  mutating func makeNetworks() {
    for entry in file.networks { makeNetwork(entry) }
    for mode in file.nodes.compactMap(\.networkMode) {
      // A mode that is a name is to the engine a network that it has already.
      guard case .network(let name) = mode.value, networkEntry(called: name) == nil, Self.isNetworkName(name) else {
        continue
      }
      var entry = NetworkEntry(key: mode.map { _ in name })
      entry.isExternal = mode.map { _ in true }
      makeNetwork(entry, isImplicit: true)
    }
    if networkByKey[Self.defaultKey] == nil, usesDefault {
      makeNetwork(NetworkEntry(key: Located(Self.defaultKey, at: implicitRange)), isImplicit: true)
    }
    if file.nodes.indices.contains(where: { implicitKey(of: $0) == dockerKey }) { makeDockerBridge() }
    markUse()
    cutSubnets()
  }

  private var usesDefault: Bool {
    file.nodes.indices.contains { entry in
      implicitKey(of: entry) == Self.defaultKey
        || file.nodes[entry].attachments.indices.contains {
          file.nodes[entry].attachments[$0].network.value == Self.defaultKey
        }
    }
  }

  /// The network that the nodes of an entry are on without saying so: a service that names none and is no end of a link
  /// is on the default network, as in compose; `network_mode: bridge` is on Docker's own.
  func implicitKey(of entry: Int) -> String? {
    switch file.nodes[entry].networkMode?.value {
    case .bridge: dockerKey
    case .some(.none), .host, .service, .container: nil
    case .network(let name):
      networkEntry(called: name)?.key.value ?? (Self.isNetworkName(name) ? name : nil)
    case nil:
      switch file.nodes[entry].role {
      case .router: nil
      case .service:
        file.nodes[entry].attachments.isEmpty && !linkedNames.contains(file.nodes[entry].name.value)
          ? Self.defaultKey : nil
      }
    }
  }

  /// The file's network with a key, or an engine's name.
  func networkEntry(called name: String) -> NetworkEntry? {
    networkEntries[name].map { file.networks[$0] }
  }

  private var implicitRange: SourceRange {
    file.nodes.first?.name.range
      ?? SourceRange(
        source: SourceID(index: 0), start: SourcePosition(line: 1, column: 1), end: SourcePosition(line: 1, column: 1))
  }

  private mutating func makeNetwork(_ entry: NetworkEntry, isImplicit: Bool = false) {
    let key = entry.key.value
    guard networkByKey[key] == nil else { return }
    let id = NetworkID(index: topology.networks.count)
    let isExternal = entry.isExternal?.value ?? false
    let existing = existing(entry)
    var families: [AddressFamily] = []
    if entry.enableIPv4?.value ?? true { families.append(.ipv4) }
    if entry.enableIPv6?.value ?? false { families.append(.ipv6) }
    networkByKey[key] = id
    existingByNetwork[id.index] = existing
    var policy = policy(of: entry.options)
    if let existing { policy.letsNodesTalk = existing.letsNodesTalk }
    topology.networks.append(
      Network(
        id: id, key: key, name: entry.name?.value ?? (isExternal ? key : "\(topology.projectName)_\(key)"),
        driver: driver(of: entry), policy: policy, mtu: existing?.mtu ?? entry.options.mtu?.value,
        isInternal: existing?.isInternal ?? entry.isInternal?.value ?? false,
        families: families, interfacePrefix: entry.options.interfacePrefix?.value ?? "eth",
        inhibitsIPv4: entry.options.inhibitIPv4?.value ?? false, isUsed: false, isExternal: isExternal,
        isExisting: existing?.driver != nil, origin: isImplicit ? nil : entry.key.range))
  }

  private func policy(of options: NetworkOptionsEntry) -> BridgePolicy {
    var policy = BridgePolicy()
    policy.letsNodesTalk = options.letsNodesTalk?.value ?? true
    policy.masquerades = options.masquerades?.value ?? true
    policy.hostBinding = options.hostBinding.flatMap { $0.value.isUnspecified ? nil : $0.value }
    policy.gatewayModes[.ipv4] = options.gatewayModeIPv4?.value
    policy.gatewayModes[.ipv6] = options.gatewayModeIPv6?.value
    policy.trustedInterfaces = options.trustedInterfaces.map(\.value)
    policy.sources[.ipv4] = options.hostIPv4?.value
    policy.sources[.ipv6] = options.hostIPv6?.value
    return policy
  }

  private mutating func driver(of entry: NetworkEntry) -> Network.Driver {
    if let driver = externalDriver(of: entry) { return driver }
    let options = entry.options
    switch entry.driver?.value ?? .bridge {
    case .bridge:
      var bridge = BridgeOptions()
      bridge.vlanFiltering = entry.vlanFiltering?.value ?? false
      bridge.spanningTree = entry.spanningTree?.value ?? false
      bridge.ageingTime = entry.ageingTime?.value
      if let name = options.bridgeName?.value {
        deviceNaming.reserve(name)
        return .bridge(device: name, options: bridge)
      }
      return .bridge(device: deviceNaming.name("br-\(prefixed(entry.key.value))"), options: bridge)
    case .macvlan:
      return .macvlan(
        parent: options.parent?.value ?? deviceNaming.name("dm-\(prefixed(entry.key.value))"),
        makesParent: options.parent == nil, mode: options.macvlanMode?.value ?? .bridge)
    case .ipvlan:
      return .ipvlan(
        parent: options.parent?.value ?? deviceNaming.name("di-\(prefixed(entry.key.value))"),
        makesParent: options.parent == nil, mode: options.ipvlanMode?.value ?? .l2)
    case .host: return .host
    case .none: return .none
    }
  }

  /// Makes Docker's default network: docker0, 172.17.0.0/16.
  private mutating func makeDockerBridge() {
    guard networkByKey[dockerKey] == nil else { return }
    let id = NetworkID(index: topology.networks.count)
    if let existing = existingDockerBridge, let driver = existing.driver {
      networkByKey[dockerKey] = id
      existingByNetwork[id.index] = existing
      topology.networks.append(
        Network(
          id: id, key: dockerKey, name: "bridge", driver: driver, mtu: existing.mtu, isInternal: false,
          families: [.ipv4], interfacePrefix: "eth", inhibitsIPv4: false, isUsed: false, isExternal: true,
          isExisting: true, origin: nil))
      return
    }
    let device: InterfaceName
    if topology.prefix == nil, let docker0 = InterfaceName("docker0") {
      deviceNaming.reserve(docker0)
      device = docker0
    } else {
      device = deviceNaming.name(prefixed("docker0"))
    }
    networkByKey[dockerKey] = id
    topology.networks.append(
      Network(
        id: id, key: dockerKey, name: "bridge", driver: .bridge(device: device, options: BridgeOptions()),
        isInternal: false, families: [.ipv4], interfacePrefix: "eth", inhibitsIPv4: false, isUsed: false, origin: nil))
  }

  /// The families that are among those of some blocks.
  static func families(of blocks: [IPPrefix]) -> [AddressFamily] {
    AddressFamily.allCases.filter { family in blocks.contains { $0.family == family } }
  }

  /// Marks the networks that a node or a link is attached to, and those whose bridge another that is used stands on.
  private mutating func markUse() {
    // Neighbors are mostly on the same network.
    var last: String?
    for entry in file.nodes.indices where !nodesOfEntry[entry].isEmpty {
      if let key = implicitKey(of: entry), let id = networkByKey[key] { topology.networks[id.index].isUsed = true }
      for attachment in file.nodes[entry].attachments.indices {
        let key = file.nodes[entry].attachments[attachment].network.value
        if key == last { continue }
        if let id = networkByKey[key] { topology.networks[id.index].isUsed = true }
        last = key
      }
    }
    for endpoint in file.links.flatMap(\.endpoints) where nodeByName[endpoint.target.value] == nil {
      if let id = networkByKey[endpoint.target.value] { topology.networks[id.index].isUsed = true }
    }
    for parent in topology.networks.filter(\.isUsed).compactMap(\.parent) {
      for index in topology.networks.indices where topology.networks[index].isBridge(below: parent) {
        topology.networks[index].isUsed = true
      }
    }
  }

  /// Gives every network its pools: those written, then, by key, automatic ones for the families left.
  private mutating func cutSubnets() {
    let entries = Dictionary(file.networks.map { ($0.key.value, $0) }, uniquingKeysWith: { first, _ in first })
    var occupied = file.reserved.map(\.value) + topology.host.interfaces.flatMap { $0.addresses.map(\.prefix) }
    occupied += file.links.flatMap {
      $0.subnets.map(\.value) + $0.endpoints.flatMap { $0.addresses.map(\.value.prefix) }
    }
    occupied += file.networks.flatMap { $0.pools.compactMap { $0.subnet?.value } }.filter { !isWildcard($0) }
    occupied += self.occupied + known.flatMap { $0.blocks.map(\.subnet) }
    let assumed = assumedBlocks()
    occupied += assumed.values.flatMap(\.blocks)
    if let docker = DefaultPools.dockerBridge { occupied.append(docker) }
    var pools = DefaultPools(occupied: occupied, seed: prefixed(topology.projectName))

    let order = topology.networks.indices.sorted { topology.networks[$0].key < topology.networks[$1].key }
    for index in order {
      switch topology.networks[index].driver {
      case .host, .none: continue
      case .bridge, .macvlan, .ipvlan: break
      }
      if let existing = existingByNetwork[index], existing.driver != nil || !existing.blocks.isEmpty {
        takeOverBlocks(of: existing, for: index)
        continue
      }
      if let blocks = assumed[index] {
        takeAssumed(blocks, for: index)
        continue
      }
      if topology.networks[index].isDockerBridge {
        if let docker = DefaultPools.dockerBridge { addPool(docker, of: nil, to: index) }
        continue
      }
      let entry = entries[topology.networks[index].key]
      if entry?.hasNoAddressManagement ?? false { continue }
      cutSubnets(of: index, entry, from: &pools)
    }
  }

  private mutating func cutSubnets(of index: Int, _ entry: NetworkEntry?, from pools: inout DefaultPools) {
    for family in AddressFamily.allCases where topology.networks[index].families.contains(family) {
      let written = (entry?.pools ?? []).filter { $0.subnet?.value.family == family }
      for pool in written {
        guard let subnet = pool.subnet?.value else { continue }
        if isWildcard(subnet) {
          addAutomatic(pools.take(family, length: subnet.length), of: pool, family, to: index)
        } else {
          addPool(subnet, of: pool, to: index)
        }
      }
      // Networks that nothing uses aren't built, so they take nothing from the pools.
      if written.isEmpty, topology.networks[index].isUsed {
        addAutomatic(pools.take(family), of: nil, family, to: index)
      }
    }
  }

  /// `0.0.0.0/N` and `::/N` ask for an automatic block of that length.
  private func isWildcard(_ subnet: IPPrefix) -> Bool { subnet.network.isUnspecified && subnet.length > 0 }

  private mutating func addAutomatic(_ subnet: IPPrefix?, of pool: PoolEntry?, _ family: AddressFamily, to index: Int) {
    guard let subnet else {
      topology.failures.append(.defaultPools(network: NetworkID(index: index), family: family))
      return
    }
    addPool(subnet, of: pool, isAutomatic: true, to: index)
  }

  private mutating func addPool(_ subnet: IPPrefix, of entry: PoolEntry?, isAutomatic: Bool = false, to index: Int) {
    let auxiliary = (entry?.auxiliary ?? []).map(\.address)
    var pool = Pool(
      subnet: subnet, range: entry?.ipRange?.value, gateway: entry?.gateway?.value, auxiliary: auxiliary,
      isAutomatic: entry == nil || isAutomatic, origin: entry?.subnet?.range)
    let name = subnet.family == .ipv4 ? "DefaultGatewayIPv4" : "DefaultGatewayIPv6"
    pool.nodesGateway = entry?.auxiliary.first { $0.name.value == name }?.address.value
    topology.networks[index].pools.append(pool)
  }
}
