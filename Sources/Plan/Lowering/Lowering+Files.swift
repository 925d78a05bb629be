import NetworkTypes
import Topology

extension Lowering {
  /// Writes every namespace's hosts and resolv.conf; namespaces with the same text share an operation.
  mutating func writeFiles() {
    var own = [Int?](repeating: nil, count: topology.nodes.count)
    for namespace in ownNamespaces.indices { own[ownNamespaces[namespace].index] = namespace }
    for table in topology.nameTables {
      write(.hosts, Self.localLines + lines(of: table), table.nodes.compactMap { own[$0.index] })
    }
    var groups: [[Int]] = []
    var index: [ResolverConfiguration: Int] = [:]
    var last: (resolver: ResolverConfiguration, group: Int)?
    for namespace in ownNamespaces.indices {
      let resolver = topology.nodes[ownNamespaces[namespace].index].resolver
      // Neighbours mostly say the same.
      let known = last?.resolver == resolver ? last?.group : index[resolver]
      let group = known ?? groups.count
      if known == nil {
        index[resolver] = group
        groups.append([])
      }
      groups[group].append(namespace)
      last = (resolver, group)
    }
    for group in groups {
      guard let first = group.first else { continue }
      write(.resolvConf, lines(of: topology.nodes[ownNamespaces[first].index].resolver), group)
    }
  }

  /// The lines of hosts(5) that a table asks for.
  private func lines(of table: NameTable) -> [String] {
    var text = TextBuffer()
    return table.entries.map { entry in
      text.removeAll()
      entry.address.write(to: &text)
      for index in entry.names.indices {
        text.append(index == 0 ? UInt8(ascii: "\t") : UInt8(ascii: " "))
        entry.names[index].write(to: &text)
      }
      return String(text)
    }
  }

  /// Writes a file of namespaces, given by their indices in `ownNamespaces`.
  private mutating func write(_ file: WriteNamespaceFile.File, _ lines: [String], _ namespaces: [Int]) {
    guard let first = namespaces.first else { return }
    let names = namespaces.map { ownNamespaces[$0].name }
    add(
      .writeNamespaceFile(WriteNamespaceFile(namespaces: names, file: file, lines: lines)), ownNamespaces[first].origin)
  }

  /// What Docker's /etc/hosts starts with (libnetwork, etchosts.go).
  private static let localLines = [
    "127.0.0.1\tlocalhost", "::1\tlocalhost ip6-localhost ip6-loopback", "fe00::\tip6-localnet",
    "ff00::\tip6-mcastprefix", "ff02::1\tip6-allnodes", "ff02::2\tip6-allrouters",
  ]

  private func lines(of resolver: ResolverConfiguration) -> [String] {
    var lines = resolver.servers.map { "nameserver \($0)" }
    if !resolver.search.isEmpty { lines.append("search \(resolver.search.joined(separator: " "))") }
    if !resolver.options.isEmpty { lines.append("options \(resolver.options.joined(separator: " "))") }
    return lines.isEmpty ? ["# No name server: the names that resolve are those in /etc/hosts."] : lines
  }
}
