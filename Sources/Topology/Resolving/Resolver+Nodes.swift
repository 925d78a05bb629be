import Diagnostics
import NetworkTypes
import ProjectFile

extension Resolver {
  /// Makes a node of every replica of every service and of every router, and finds where its network is.
  mutating func makeNodes() {
    topology.nodes.reserveCapacity(file.nodes.count)
    attachments.reserveCapacity(file.nodes.count)
    nodesOfEntry.reserveCapacity(file.nodes.count)
    nodeByName.reserveCapacity(file.nodes.count)
    // Here and below entries are looked at in their place: there can be thousands, and each is large.
    for entry in file.nodes.indices {
      // As `replicaCount` has it, which would copy the entry.
      let count = file.nodes[entry].scale?.value ?? file.nodes[entry].replicas?.value ?? 1
      let first = topology.nodes.count
      for index in 0..<count { makeNode(of: entry, replica: count > 1 ? index + 1 : nil) }
      nodesOfEntry.append(first..<topology.nodes.count)
    }
    for index in topology.nodes.indices { setParameters(of: index) }
    findHomes()
    topology.startOrder = inStartOrder()
  }

  private mutating func makeNode(of entry: Int, replica: Int?) {
    let id = NodeID(index: topology.nodes.count)
    let key = file.nodes[entry].name.value
    let name = replica.map { "\(key)-\($0)" } ?? key
    let role: Node.Role
    switch file.nodes[entry].role {
    case .service: role = .service
    case .router: role = .router
    }
    topology.nodes.append(
      Node(
        id: id, role: role, key: key, replica: replica,
        home: NamespaceName(prefixed(name)).map(Node.Home.namespace) ?? .foreign,
        hostname: file.nodes[entry].hostname?.value,
        writtenContainerName: file.nodes[entry].containerName?.value.text, entry: entry,
        origin: file.nodes[entry].name.range))
    attachments.append([])
    if let first = nodeByName.updateValue(id, forKey: key) { nodeByName[key] = first }
    if replica != nil, nodeByName[name] == nil { nodeByName[name] = id }
  }

  /// Sets a node's kernel parameters and resolver.
  private mutating func setParameters(of index: Int) {
    let position = topology.nodes[index].entry
    let written = withOpenPorts(file.nodes[position].sysctls.map { Sysctl($0) })
    switch file.nodes[position].role {
    case .service:
      topology.nodes[index].sysctls = written
    case .router:
      let keys = [SysctlKey("net.ipv4.ip_forward"), SysctlKey("net.ipv6.conf.all.forwarding")].compactMap { $0 }
      let forwarding = keys.filter { key in !written.contains { $0.key == key } }
        .map { Sysctl(key: $0, value: "1", origin: file.nodes[position].name.range) }
      topology.nodes[index].sysctls = forwarding + written
    }
    guard
      !file.nodes[position].dns.isEmpty || !file.nodes[position].dnsSearch.isEmpty
        || !file.nodes[position].dnsOptions.isEmpty
    else { return }
    topology.nodes[index].resolver.servers = file.nodes[position].dns.map(\.value)
    topology.nodes[index].resolver.search = file.nodes[position].dnsSearch.map(\.value)
    topology.nodes[index].resolver.options = file.nodes[position].dnsOptions.map(\.value)
  }

  /// Finds where the networks of nodes are that have no namespace of their own.
  private mutating func findHomes() {
    var shared: [Int: Node.Home] = [:]
    var containers: [String: NodeID]?
    for index in topology.nodes.indices {
      let entry = topology.nodes[index].entry
      switch file.nodes[entry].networkMode?.value {
      case nil, .some(.none), .bridge: break
      case .host: topology.nodes[index].home = .host
      case .service, .container:
        topology.nodes[index].home = sharedHome(startingAt: entry, &shared, &containers)
      case .network(let name):
        if networkEntry(called: name) == nil, !Self.isNetworkName(name) { topology.nodes[index].home = .foreign }
      }
    }
  }

  /// Follows `network_mode: service:X` to the node whose namespace it is; a cycle or an unknown name leads nowhere.
  ///
  /// - Parameters:
  ///   - entry: the index of the entry to start at.
  ///   - known: where entries led before.
  ///   - containers: the nodes by their containers' names, made when they are first asked for.
  /// - Returns: where the entry's network is.
  private func sharedHome(
    startingAt entry: Int, _ known: inout [Int: Node.Home], _ containers: inout [String: NodeID]?
  ) -> Node.Home {
    var way: [Int] = []
    var current = entry
    var home: Node.Home?
    while home == nil {
      if let before = known[current] {
        home = before
        break
      }
      let target: NodeID?
      switch file.nodes[current].networkMode?.value {
      case .service(let name): target = nodeByName[name]
      case .container(let name):
        let names = containers ?? nodesByContainer()
        containers = names
        target = names[name]
      case .host:
        home = .host
        continue
      case nil, .some(.none), .bridge, .network:
        home = nodeByName[file.nodes[current].name.value].map(Node.Home.shared) ?? .foreign
        continue
      }
      way.append(current)
      // Where a circle closes, it leads nowhere.
      known[current] = .foreign
      if let target { current = topology[target].entry } else { home = .foreign }
    }
    for step in way { known[step] = home }
    return home ?? .foreign
  }

  /// The nodes by the names of their containers: `container_name`, or compose's PROJECT-SERVICE-N.
  private func nodesByContainer() -> [String: NodeID] {
    Dictionary(
      topology.nodes.indices.map { (topology.containerName(of: NodeID(index: $0)), NodeID(index: $0)) },
      uniquingKeysWith: { first, _ in first }
    )
  }

  /// The nodes in the order compose starts them: what others depend on first, else as written.
  private func inStartOrder() -> [NodeID] {
    guard file.nodes.indices.contains(where: { !file.nodes[$0].dependencies.isEmpty }) else {
      return topology.nodes.indices.map { NodeID(index: $0) }
    }
    let index = Dictionary(
      file.nodes.indices.map { (file.nodes[$0].name.value, $0) }, uniquingKeysWith: { first, _ in first })
    let levels = dependencyLevels(
      file.nodes.indices.map { entry in file.nodes[entry].dependencies.compactMap { index[$0.value] } })
    // A circle, a finding of its own, comes last.
    let order = levels.indices.sorted { (levels[$0] ?? .max, $0) < (levels[$1] ?? .max, $1) }
    return order.flatMap { nodesOfEntry[$0].map { NodeID(index: $0) } }
  }
}
