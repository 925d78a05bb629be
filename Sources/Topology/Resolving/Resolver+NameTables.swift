import Diagnostics
import NetworkTypes
import ProjectFile

extension Resolver {
  /// What decides which names a node sees: its networks in the order they are asked, its links, and names of its own.
  private struct View: Hashable {
    let networks: [Int]
    let links: [Int]
    let sharers: Sharers
  }

  /// Who may have the same table, the networks and links being the same.
  private enum Sharers: Hashable {
    case all
    /// The replicas of an entry, by its index: it gives them names of their own.
    case replicas(Int)
    /// Only the node of an index: it sees itself alone, or has its own address in its table.
    case none(Int)
  }

  /// Makes the tables of names: on each network the names of those on it, the first network that knows a name answering
  /// for it, as Docker's resolver does (libnetwork, sandbox.go: ResolveName, over the endpoints in their order).
  mutating func makeNameTables() {
    var text = TextBuffer()
    let names = topology.nodes.indices.map { self.names(of: $0, &text) }
    let members = networkMembers()
    var tables: [View: Int] = [:]
    var last: (view: View, table: Int)?
    for index in topology.nodes.indices {
      guard case .namespace = topology.nodes[index].home else { continue }
      let view = view(of: index)
      // Neighbors mostly see the same.
      let known = last?.view == view ? last?.table : tables[view]
      last = (view, known ?? topology.nameTables.count)
      if let known {
        topology.nameTables[known].nodes.append(NodeID(index: index))
        continue
      }
      tables[view] = topology.nameTables.count
      topology.nameTables.append(
        NameTable(nodes: [NodeID(index: index)], entries: entries(of: index, view, names, members)))
    }
  }

  /// The names that a node has on every network: its own, its key, the container's, the host name.
  ///
  /// - Parameters:
  ///   - index: the node's.
  ///   - text: room for a name in the making, the same for all nodes.
  /// - Returns: the names.
  private func names(of index: Int, _ text: inout TextBuffer) -> [HostName] {
    let entry = topology.nodes[index].entry
    var names: [HostName] = []
    names.reserveCapacity(2)
    func add(_ text: String) {
      if let name = HostName(lowercased(text)), !names.contains(name) { names.append(name) }
    }
    add(topology.nodes[index].name)
    if topology.nodes[index].replica != nil { add(topology.nodes[index].key) }
    text.removeAll()
    topology.writeContainerName(of: NodeID(index: index), to: &text)
    add(String(text))
    if let hostname = file.nodes[entry].hostname?.value.text { add(hostname) }
    return names
  }

  /// The nodes on each network, in the order of the file.
  private func networkMembers() -> [[(node: Int, position: Int)]] {
    var members = [[(node: Int, position: Int)]](repeating: [], count: topology.networks.count)
    for index in topology.nodes.indices {
      for (position, attachment) in attachments[index].enumerated() {
        if let attachment { members[attachment.network.index].append((index, position)) }
      }
    }
    return members
  }

  private func view(of index: Int) -> View {
    let entry = topology.nodes[index].entry
    let networks = orderedNetworks(of: index)
    let isolated = networks.contains { isDockerBridge($0) }
    var links: [Int] = []
    for position in topology.nodes[index].interfaces.indices {
      if case .link(let id) = topology.nodes[index].interfaces[position].source { links.append(id.index) }
    }
    let sharers: Sharers =
      if isolated || networks.isEmpty && links.isEmpty || knowsItself(entry, networks) {
        .none(index)
      } else if !file.nodes[entry].extraHosts.isEmpty || !file.nodes[entry].linkAliases.isEmpty {
        .replicas(entry)
      } else {
        .all
      }
    return View(networks: isolated ? [] : networks, links: links, sharers: sharers)
  }

  /// Docker's default network has no resolver: a container there knows its own host name and what it is linked to.
  private func isDockerBridge(_ network: Int) -> Bool {
    topology.networks[network].isDockerBridge
  }

  private func isOnDockerBridge(_ node: Int) -> Bool {
    attachments[node].contains { $0.map { isDockerBridge($0.network.index) } ?? false }
  }

  /// Whether a node's own hosts file has its host name with the address on each of its networks, where a resolver would
  /// give that of the first alone, or with its domain, which no resolver knows (libnetwork, sandbox_dns_unix.go:
  /// updateHostsFile; moby, daemon/container_operations.go: buildEndpointDNSNames).
  private func knowsItself(_ entry: Int, _ networks: [Int]) -> Bool {
    guard let hostname = file.nodes[entry].hostname?.value.text else { return false }
    return networks.count > 1 || file.nodes[entry].domainname != nil || hostname.utf8.contains(UInt8(ascii: "."))
  }

  /// The lines of a node's own host name: with its domain, and the first part alone.
  private func ownHostName(of index: Int, _ entry: NodeEntry) -> [NameTable.Entry] {
    guard let hostname = entry.hostname?.value else { return [] }
    let full = lowercased(hostname.text + (entry.domainname.map { ".\($0.value.text)" } ?? ""))
    let short = String(full.prefix { $0 != "." })
    let names = [full, short].prefix(short == full ? 1 : 2).compactMap { HostName($0) }
    return topology.nodes[index].interfaces.indices.filter { attachments[index][$0] != nil }.flatMap { position in
      topology.nodes[index].interfaces[position].addresses.filter { !$0.address.address.isLinkLocal }
        .map { NameTable.Entry(address: $0.address.address, names: names) }
    }
  }

  private func entries(
    of index: Int, _ view: View, _ names: [[HostName]], _ members: [[(node: Int, position: Int)]]
  ) -> [NameTable.Entry] {
    let entry = file.nodes[topology.nodes[index].entry]
    var result = extraHosts(entry, topology.nodes[index].entry)
    let isIsolated = isOnDockerBridge(index)
    if isIsolated || knowsItself(topology.nodes[index].entry, view.networks) {
      result += ownHostName(of: index, entry)
    }
    if isIsolated { result += dockerLinks(entry, number: topology.nodes[index].replica ?? 1) }
    var answered = Set(result.flatMap(\.names))
    var askedLater = view.networks.count + view.links.count + (view.networks.isEmpty ? 1 : 0)
    if !isIsolated { result += linkAliases(entry, view, members, &answered) }
    func add(_ found: [(node: Int, position: Int)]) {
      // A name is answered by the first network that knows it, with all its addresses there.
      askedLater -= 1
      var known: Set<HostName> = []
      for (node, position) in found {
        var unanswered = names[node]
        for alias in aliases(node, position) where !unanswered.contains(alias) { unanswered.append(alias) }
        if !answered.isEmpty { unanswered.removeAll { answered.contains($0) } }
        guard !unanswered.isEmpty else { continue }
        if askedLater > 0 { known.formUnion(unanswered) }
        for assigned in topology.nodes[node].interfaces[position].addresses where !assigned.address.address.isLinkLocal
        {
          result.append(NameTable.Entry(address: assigned.address.address, names: unanswered))
        }
      }
      answered.formUnion(known)
    }
    for network in view.networks { add(members[network]) }
    for link in view.links { add(linkMembers(topology.links[link])) }
    if view.networks.isEmpty, !isIsolated {
      add(topology.nodes[index].interfaces.indices.map { (index, $0) })
    }
    return result
  }

  /// The aliases that a node has on the network of an interface.
  private func aliases(_ node: Int, _ position: Int) -> [HostName] {
    guard let written = attachments[node][position]?.written else { return [] }
    return file.nodes[topology.nodes[node].entry].attachments[written].aliases.map(\.value)
  }

  private func linkMembers(_ link: Link) -> [(node: Int, position: Int)] {
    [link.first, link.second].compactMap { end in
      guard case .node(let id, let name) = end,
        let position = topology[id].interfaces.position(of: name)
      else { return nil }
      return (id.index, position)
    }
  }

  private func extraHosts(_ entry: NodeEntry, _ index: Int) -> [NameTable.Entry] {
    entry.extraHosts.flatMap { host in
      host.addresses.compactMap { address -> NameTable.Entry? in
        switch address.value {
        case .address(let address): NameTable.Entry(address: address, names: [host.name.value])
        case .hostGateway: hostGateway(of: index).map { NameTable.Entry(address: $0, names: [host.name.value]) }
        }
      }
    }
  }

  /// The host as a service sees it: the gateway of Docker's default network where the file uses that, else of the first
  /// network that the service is on.
  private func hostGateway(of entry: Int) -> IPAddress? {
    if let docker = networkByKey[dockerKey] { return topology[docker].pool(.ipv4)?.gateway }
    let keys = file.nodes[entry].attachments.map(\.network.value) + [implicitKey(of: entry)].compactMap { $0 }
    for key in keys {
      if let network = networkByKey[key], let gateway = topology[network].pool(.ipv4)?.gateway { return gateway }
    }
    return nil
  }

  /// What `links` give a service on Docker's default network: lines of its hosts file with the alias, the other's host
  /// name and its container's (moby, daemon/container_operations.go: buildSandboxOptions), and with the number of the
  /// service's own container, as compose has it (docker/compose, pkg/compose/convergence.go: getLinks).
  private func dockerLinks(_ entry: NodeEntry, number: Int) -> [NameTable.Entry] {
    entry.linkAliases.flatMap { link -> [NameTable.Entry] in
      let target = topology.nodes.indices.first {
        topology.nodes[$0].key == link.service.value && isOnDockerBridge($0)
      }
      guard let target else { return [] }
      let hostname = file.nodes[topology.nodes[target].entry].hostname?.value.text
      var names: [HostName] = []
      let numbered = "\(link.service.value)-\(number)"
      let given = [
        link.alias?.value.text ?? link.service.value, numbered, "\(topology.projectName)-\(numbered)", hostname,
        topology.containerName(of: NodeID(index: target)),
      ]
      for text in given {
        guard let text, let name = HostName(lowercased(text)), !names.contains(name) else { continue }
        names.append(name)
      }
      return topology.nodes[target].interfaces.flatMap(\.addresses).filter { !$0.address.address.isLinkLocal }
        .map { NameTable.Entry(address: $0.address.address, names: names) }
    }
  }

  /// The names that `links: [SERVICE:ALIAS]` gives one service alone.
  ///
  /// Of replicas it is the first that has it: the engine keeps one container for an alias, the last that compose names,
  /// which is the one made first (moby, libnetwork: CreateOptionAlias; docker/compose, pkg/compose/convergence.go:
  /// getLinks).
  private func linkAliases(
    _ entry: NodeEntry, _ view: View, _ members: [[(node: Int, position: Int)]], _ answered: inout Set<HostName>
  ) -> [NameTable.Entry] {
    var result: [NameTable.Entry] = []
    for link in entry.linkAliases {
      guard let alias = link.alias?.value, !answered.contains(alias) else { continue }
      for network in view.networks {
        guard
          let (node, position) = members[network].first(where: { topology.nodes[$0.node].key == link.service.value })
        else { continue }
        result += topology.nodes[node].interfaces[position].addresses.map {
          NameTable.Entry(address: $0.address.address, names: [alias])
        }
        break
      }
      answered.insert(alias)
    }
    return result
  }
}

/// A text in lower case: itself where it has no capitals of ASCII, which all that can be in names are.
private func lowercased(_ text: String) -> String {
  let bytes = text.utf8Span.span
  for index in bytes.indices where (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(bytes[index]) {
    return text.lowercased()
  }
  return text
}
