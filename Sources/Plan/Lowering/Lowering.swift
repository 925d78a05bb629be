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
  lowering.addHostSysctls()
  lowering.addNetworks()
  lowering.addAttachments()
  lowering.addLinks()
  lowering.addPortVLANs()
  lowering.configureNamespaces()
  lowering.addQdiscs()
  lowering.writeFiles()
  lowering.addHostRoutes()
  return Plan(instance: instance, steps: lowering.steps)
}

/// The steps so far; each phase is an extension in a file of its own.
struct Lowering {
  let topology: Topology
  let sources: SourceSet
  private(set) var steps: [Step] = []

  init(topology: Topology, sources: SourceSet) {
    self.topology = topology
    self.sources = sources
    steps.reserveCapacity(topology.nodes.count * 8 + 64)
  }

  mutating func add(_ operation: Operation, _ origin: Origin) { steps.append(Step(operation, origin: origin)) }

  /// The origin of what a part of the file asks for; an implicit network comes from the file's start.
  func origin(_ subject: String, _ range: SourceRange?) -> Origin {
    guard let range else {
      return Origin(subject: subject, file: sources.sources.first?.name ?? "", line: 1, column: 1)
    }
    return Origin(
      subject: subject, file: sources[range.source].name, line: Int(range.start.line), column: Int(range.start.column))
  }

  func origin(of node: Node) -> Origin {
    switch node.role {
    case .service: origin("service \(node.displayName)", node.origin)
    case .router: origin("router \(node.displayName)", node.origin)
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

  /// The nodes that have namespaces of their own, with those.
  var ownNamespaces: [(node: Node, place: Place, name: NamespaceName)] {
    topology.nodes.compactMap { node in
      switch node.home {
      case .namespace(let name): (node, .namespace(name), name)
      case .host, .shared, .foreign: nil
      }
    }
  }
}
