import NetworkTypes
import Topology

extension HostDocument {
  /// The networks that an external one of a file may be: Docker's, as far as the snapshot has what Docker says, and
  /// then every other bridge by its device's name.
  var existingNetworks: [ExistingNetwork] {
    let docker = (self.docker ?? []).compactMap(network)
    let devices = Set(docker.compactMap(\.bridge))
    let bridges = (namespaces.first?.devices ?? []).filter { $0.linkinfo?.info_kind == "bridge" }
      .compactMap(network).filter { network in network.bridge.map { !devices.contains($0) } ?? false }
    return docker + bridges
  }

  private func hostDevice(_ name: InterfaceName) -> Device? {
    namespaces.first?.devices.first { $0.ifname == name.text }
  }

  // MARK: Docker's

  private func network(_ source: DockerNetwork) -> ExistingNetwork? {
    guard let name = source.name else { return nil }
    var network = ExistingNetwork(names: [name], driver: driver(of: source))
    network.identifier = source.identifier
    network.mtu = source.options["com.docker.network.driver.mtu"].flatMap { UInt32($0) }
      .flatMap { [0, 1500].contains($0) ? nil : Int($0) }
    network.isInternal = source.isInternal ?? false
    network.letsNodesTalk = source.options["com.docker.network.bridge.enable_icc"] != "false"
    network.blocks = source.blocks.compactMap { block($0, of: source) }.sorted { $0.subnet.family < $1.subnet.family }
    // Of its default network the engine may say no gateway: it is the bridge's address.
    if let device = network.bridge {
      let own = (hostDevice(device)?.addr_info ?? []).compactMap { IPAddress($0.local) }
      for index in network.blocks.indices where network.blocks[index].gateway == nil {
        network.blocks[index].gateway = own.first { network.blocks[index].subnet.contains($0) }
      }
    }
    return network
  }

  /// What makes a network; nil where the machine hasn't its device, as where Docker runs in a machine of its own.
  private func driver(of source: DockerNetwork) -> Network.Driver? {
    switch source.driver {
    case "bridge":
      // moby, daemon/libnetwork/drivers/bridge: defaultBridgeName, getBridgeName.
      let name =
        source.options["com.docker.network.bridge.name"] ?? source.identifier.map { "br-\($0.prefix(12))" } ?? ""
      guard let device = InterfaceName(name), hostDevice(device) != nil else { return nil }
      return .bridge(device: device, options: BridgeOptions())
    case "macvlan":
      guard let parent = parent(of: source) else { return nil }
      let mode = source.options["macvlan_mode"].flatMap { MACVLANMode(rawValue: $0) } ?? .bridge
      return .macvlan(parent: parent, makesParent: false, mode: mode)
    case "ipvlan":
      guard let parent = parent(of: source) else { return nil }
      let mode = source.options["ipvlan_mode"].flatMap { IPVLANMode(rawValue: $0) } ?? .l2
      return .ipvlan(parent: parent, makesParent: false, mode: mode)
    case _: return nil
    }
  }

  private func parent(of source: DockerNetwork) -> InterfaceName? {
    guard let parent = source.options["parent"].flatMap({ InterfaceName($0) }), hostDevice(parent) != nil else {
      return nil
    }
    return parent
  }

  private func block(_ source: DockerNetwork.Block, of network: DockerNetwork) -> ExistingNetwork.Block? {
    guard let subnet = source.subnet.flatMap({ IPPrefix($0) }) else { return nil }
    var block = ExistingNetwork.Block(
      subnet: subnet, range: source.range.flatMap { IPPrefix($0) }, gateway: source.gateway.flatMap(address))
    let kept = source.auxiliary.sorted { $0.key < $1.key }.map { (name: $0.key, text: $0.value) }
    let running = network.containers.flatMap { container in
      [container.ipv4Address, container.ipv6Address].compactMap { text in text.map { (container.name ?? "", $0) } }
    }
    block.occupants = (kept + running).compactMap { name, text in
      guard let address = address(text), subnet.contains(address) else { return nil }
      return Pool.Occupant(address: address, name: name.isEmpty ? nil : name)
    }
    return block
  }

  /// An address, without the length of its block that some releases write.
  private func address(_ text: String) -> IPAddress? { IPAddress(String(text.prefix { $0 != "/" })) }

  // MARK: Other bridges

  private func network(_ bridge: Device) -> ExistingNetwork? {
    guard let name = InterfaceName(bridge.ifname) else { return nil }
    var network = ExistingNetwork(
      names: [bridge.ifname], driver: .bridge(device: name, options: BridgeOptions()))
    let digits = bridge.ifname.dropFirst("br-".count)
    if bridge.ifname.hasPrefix("br-"), digits.count == 12, digits.allSatisfy(\.isHexDigit) {
      network.identifier = String(digits)
    }
    if bridge.mtu != 1500 { network.mtu = bridge.mtu }
    for info in bridge.addr_info ?? [] where info.scope == "global" {
      guard let address = IPAddress(info.local), let own = InterfaceAddress(address, prefixLength: info.prefixlen),
        !network.blocks.contains(where: { $0.subnet.family == address.family })
      else { continue }
      var block = ExistingNetwork.Block(subnet: own.prefix, gateway: address)
      block.occupants = neighbors(on: bridge, in: own.prefix)
      network.blocks.append(block)
    }
    network.blocks.sort { $0.subnet.family < $1.subnet.family }
    return network
  }

  /// Who is known to have an address on a bridge: those that the machine has talked to, and its namespaces.
  private func neighbors(on bridge: Device, in block: IPPrefix) -> [Pool.Occupant] {
    let heard = (namespaces.first?.neighbors ?? []).filter { $0.dev == bridge.ifname }
      .compactMap { IPAddress($0.dst) }.map { Pool.Occupant(address: $0, name: nil) }
    let own = namespaces.dropFirst().flatMap { space in
      space.devices.flatMap { $0.addr_info ?? [] }.compactMap { IPAddress($0.local) }
        .map { Pool.Occupant(address: $0, name: space.name) }
    }
    var seen: Set<IPAddress> = []
    return (own + heard).filter { block.contains($0.address) && seen.insert($0.address).inserted }
  }
}

extension ExistingNetwork {
  /// The bridge's device, where it is one.
  fileprivate var bridge: InterfaceName? {
    switch driver {
    case .bridge(let device, _): device
    case .macvlan, .ipvlan, .host, .some(.none), nil: nil
    }
  }
}
