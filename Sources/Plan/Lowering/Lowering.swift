package import Diagnostics
package import Topology
import NetworkTypes

/// The operations that bring a topology about, in phases, so that whoever runs them needs few processes: namespaces and
/// their parameters; then all that is made from the host's namespace; then every namespace by itself; then traffic
/// control, files and the host's own routes.
///
/// Within a phase the order is the file's. A device is joined to its master before it gets addresses, has its addresses
/// before it goes up, and is up before a route leads over it.
///
/// - Parameters:
///   - topology: a topology that the rules found no error in.
///   - sources: the files, for the names in the origins.
///   - instance: the name that the network goes by while it is up.
/// - Returns: the plan.
package func lower(_ topology: Topology, sources: SourceSet, instance: InstanceName) -> Plan {
  var lowering = Lowering(topology: topology, sources: sources)
  lowering.addNamespaces()
  lowering.addHostRules()
  lowering.addHostSysctls()
  lowering.addNetworks()
  lowering.setBridgeParameters()
  lowering.addGateways()
  lowering.addAttachments()
  lowering.addLinks()
  lowering.addHairpins()
  lowering.addPortVLANs()
  lowering.configureNamespaces()
  lowering.addQdiscs()
  lowering.writeFiles()
  lowering.addSysctlsOfHostDevices()
  lowering.addHostRoutes()
  return Plan(instance: instance, steps: lowering.steps)
}

/// The steps so far; each phase is an extension in a file of its own.
struct Lowering {
  let topology: Topology
  let origins: Origins
  /// The nodes that have namespaces of their own, in order.
  private(set) var ownNamespaces: [OwnNamespace] = []
  private(set) var steps: [Step] = []
  /// The 802.1Q sub-interfaces of the host that have been made as parents.
  var subinterfaces: Set<InterfaceName> = []

  init(topology: Topology, sources: SourceSet) {
    self.topology = topology
    origins = Origins(sources: sources)
    steps.reserveCapacity(topology.nodes.count * 10 + 64)
    ownNamespaces = topology.nodes.indices.compactMap { index in
      switch topology.nodes[index].home {
      case .namespace(let name):
        OwnNamespace(index: index, place: .namespace(name), name: name, origin: origin(ofNode: index))
      case .host, .shared, .foreign: nil
      }
    }
  }

  mutating func add(_ operation: Operation, _ origin: Origin) { steps.append(Step(operation, origin: origin)) }

  func origin(_ subject: String, _ range: SourceRange?) -> Origin { origins(subject, range) }

  private func origin(ofNode index: Int) -> Origin {
    let range = topology.nodes[index].origin
    var name = topology.nodes[index].key
    if case .namespace(let namespace) = topology.nodes[index].home { name = namespace.text }
    switch topology.nodes[index].role {
    case .service: return origin("service " + name, range)
    case .router: return origin("router " + name, range)
    }
  }

  func origin(of network: Network) -> Origin { origin("network \(network.key)", network.origin) }

  func origin(of link: Link) -> Origin {
    origin("link \(name(of: link.first)) to \(name(of: link.second))", link.origin)
  }

  private func name(of end: Link.End) -> String {
    switch end {
    case .node(let node, let interface): "\(topology[node].displayName):\(interface)"
    case .bridge(let network, _, _): topology[network].key
    }
  }
}

/// The places in the files that steps come from.
struct Origins {
  let sources: SourceSet

  /// The origin of what a part of the file asks for; an implicit network comes from the file's start.
  func callAsFunction(_ subject: String, _ range: SourceRange?) -> Origin {
    guard let range else {
      return Origin(subject: subject, file: sources.sources.first?.name ?? "", line: 1, column: 1)
    }
    return Origin(
      subject: subject, file: sources[range.source].name, line: Int(range.start.line), column: Int(range.start.column))
  }
}

/// A node that has a namespace of its own.
struct OwnNamespace {
  /// The node's index in the topology.
  let index: Int
  /// The namespace as a place.
  let place: Place
  /// The namespace's name.
  let name: NamespaceName
  /// What its steps come from.
  let origin: Origin
}
