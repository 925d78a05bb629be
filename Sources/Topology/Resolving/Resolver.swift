package import ProjectFile
import Diagnostics
import NetworkTypes

/// Resolves a file: binds its names, gives addresses and names, and leaves out what can't be bound.
///
/// The order decides who gets which address: gateways, then auxiliary, then every static address of a network, then the
/// dynamic ones, node by node in start order; so that no dynamic neighbour takes a static address.
package func resolve(_ file: ProjectFile, options: ResolutionOptions) -> Topology {
  var resolver = Resolver(file: file, options: options)
  resolver.makeNodes()
  resolver.makeNetworks()
  resolver.attachNodes()
  resolver.makeLinks()
  resolver.makeDevices()
  resolver.giveAddresses()
  resolver.giveHardwareAddresses()
  resolver.makeRoutes()
  resolver.chooseDefaultRoutes()
  resolver.publishPorts()
  resolver.makeFirewalls()
  resolver.makeNameTables()
  return resolver.finish()
}

/// What a node's interface on a network came from.
struct Attachment {
  /// The network.
  let network: NetworkID
  /// Its index among the entry's attachments; nil for the network that a node is on without saying so.
  let written: Int?
  /// Where the file says so, or what implies it.
  let origin: SourceRange
}

/// The resolver's state between its stages; each stage is an extension in a file of its own.
///
/// It is large, so nothing may copy it.
struct Resolver: ~Copyable {
  let file: ProjectFile
  var topology: Topology
  var deviceNaming = DeviceNaming()
  /// The nodes of each entry of `file.nodes`, in replica order: their indices.
  var nodesOfEntry: [Range<Int>] = []
  /// The nodes by their keys, and replicas by `KEY-N` where no key is the same.
  var nodeByName: [String: NodeID] = [:]
  /// The networks by key.
  var networkByKey: [String: NetworkID] = [:]
  /// The key of Docker's own network.
  let dockerKey: String
  /// What each interface of each node came from, in step with `Node.interfaces`; nil for links and devices.
  var attachments: [[Attachment?]] = []
  /// The way out that each pool of each network gives, by the network's index; known once addresses are given.
  var waysOut: [[(subnet: IPPrefix, way: WayOut)]] = []
  /// What the links' ends at nodes are called, in the order written.
  let linkedNames: Set<String>
  /// The file's networks by their keys and the engine's names, by their indices; of two with a name the first.
  let networkEntries: [String: Int]
  /// The interface names that the links give, by what their ends are called.
  let linkedInterfaces: [String: [InterfaceName]]

  /// Blocks that automatic subnets keep away from.
  let occupied: [IPPrefix]
  /// The networks that the machine is known to have.
  let known: [ExistingNetwork]
  /// What the machine is known to have of each external network, by the network's index.
  var existingByNetwork: [Int: ExistingNetwork] = [:]

  init(file: ProjectFile, options: ResolutionOptions) {
    occupied = options.occupied
    known = options.existing
    self.file = file
    var host = Host()
    host.interfaces = (file.host?.interfaces ?? []).map { entry in
      Host.ExistingInterface(
        name: entry.name.value, addresses: entry.addresses.map(\.value), gateways: entry.gateways.map(\.value),
        origin: entry.name.range)
    }
    host.outside = Outside(beyond: host.interfaces)
    topology = Topology(
      projectName: file.name?.value ?? options.defaultProjectName, prefix: options.prefix ?? file.prefix?.value,
      host: host)
    dockerKey = Self.dockerKey(beside: file.networks)
    networkEntries = Self.indices(of: file.networks, project: topology.projectName)
    let endpoints = file.links.flatMap(\.endpoints)
    linkedNames = Set(endpoints.map(\.target.value))
    linkedInterfaces = endpoints.reduce(into: [:]) { names, endpoint in
      if let name = endpoint.interface?.value { names[endpoint.target.value, default: []].append(name) }
    }
    for interface in host.interfaces { deviceNaming.reserve(interface.name) }
  }

  /// Networks by their keys and the engine's names.
  private static func indices(of networks: [NetworkEntry], project: String) -> [String: Int] {
    var indices: [String: Int] = [:]
    for index in networks.indices {
      let key = networks[index].key.value
      if indices[key] == nil { indices[key] = index }
      let name = networks[index].name?.value ?? "\(project)_\(key)"
      if indices[name] == nil { indices[name] = index }
    }
    return indices
  }

  /// What has been resolved.
  consuming func finish() -> Topology { topology }

  /// The parts of a name in the host's namespace, the prefix first where there is one.
  func prefixed(_ text: String) -> String { topology.prefix.map { "\($0)-\(text)" } ?? text }
}
