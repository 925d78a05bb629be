import Diagnostics
import NetworkTypes
import YAMLTree

extension KeyTable where Target == ProjectFile {
  /// The whole file.
  static let root = KeyTable(
    "file", "A network: a compose file, or one with routers, links and more besides.", takesExtensions: true,
    ignoring: ["version", "volumes", "secrets", "configs", "models"],
    [
      Key("name", .projectName, "The project's name; the folder's without it.") { $0.name = $1 },
      Key(
        "include", .list(.either([.text("file"), .mapping("include")])),
        "Other projects whose services and networks are taken in."
      ) { _, _, _ in
        // The loader has taken it out.
      },
      Key("services", .map(.mapping("service")), "Containers, by name.") { file, entry, reader in
        reader.readNodes(entry.value, .service, by: .service, into: &file)
      },
      Key("networks", .map(.mapping("network")), "Networks, by name.") { file, entry, reader in
        for item in reader.mapping(entry.value, of: "file's networks")?.entries ?? [] where reader.checkName(item.key) {
          file.networks.append(reader.network(item))
        }
      },
      Key("routers", .map(.mapping("router")), "Namespaces that forward, by name.", .netwright) { file, entry, reader in
        reader.readNodes(entry.value, .router, by: .router, into: &file)
      },
      Key("links", .list(.mapping("link")), "Cables between nodes and bridges.", .netwright) { file, entry, reader in
        for item in reader.list(entry.value) {
          var link = LinkEntry(range: item.range)
          if reader.readFinding({ $0.read(item, into: &link, by: .link) }) { file.isPartial = true }
          file.links.append(link)
        }
      },
      Key("host", .mapping("host"), "The namespace that everything is built in.", .netwright) { file, entry, reader in
        var host = HostEntry(range: entry.value.range)
        reader.read(entry.value, into: &host, by: .host)
        file.host = host
      },
      Key("checks", .list(.mapping("check")), "Expectations about who reaches whom.", .netwright) {
        file, entry, reader in
        file.checks += reader.checks(entry.value)
      },
      Key("prefix", .prefix, "A word put before every namespace and device name.", .netwright) { $0.prefix = $1 },
      Key(list: "reserved", .prefix, "Blocks that automatic subnets keep away from.", .netwright) {
        $0.reserved.append($1)
      },
    ])
}

extension Reader {
  /// Reads services or routers.
  fileprivate mutating func readNodes(
    _ node: YAMLNode, _ role: NodeEntry.Role, by table: KeyTable<NodeEntry>, into file: inout ProjectFile
  ) {
    let items = mapping(node, of: "file's \(table.name)s")?.entries ?? []
    file.nodes.reserveCapacity(file.nodes.count + items.count)
    var isSlip = false
    // A span lends the items, and an array would copy each.
    let nodes = items.span
    for index in nodes.indices {
      // Of several keys of one service that stand too far left the first is enough.
      if !file.nodes.isEmpty, isKeyAmongNames(nodes[index], of: table) {
        if !isSlip { reportNotIndented(nodes[index].key, under: file.nodes[file.nodes.count - 1].name) }
        (isSlip, file.isPartial) = (true, true)
        continue
      }
      isSlip = false
      // What a service is made of is one to compose, whatever its name.
      if nodes[index].key.value.hasPrefix("x-") && !nodes[index].value.looksLikeService || !checkName(nodes[index].key)
      {
        continue
      }
      var entry = NodeEntry(role: role, name: nodes[index].key)
      if readFinding({ $0.read(nodes[index].value, into: &entry, by: table) }) { file.isPartial = true }
      if entry.networkMode != nil || entry.sharesHostName != nil || entry.macAddress != nil || !entry.sysctls.isEmpty {
        checkModes(entry)
      }
      file.nodes.append(consume entry)
    }
  }

  /// Whether a key can be the name of a service, a router or a network (compose-spec.json: `^[a-zA-Z0-9._-]+$`).
  fileprivate mutating func checkName(_ key: Located<String>) -> Bool {
    if NamespaceName(key.value) != nil { return true }
    let isTooLong = key.value.utf8.count > NamespaceName.maximumLength
    report(
      Diagnostic(
        FileCode.invalidName, isTooLong ? "a name of \(key.value.utf8.count) bytes" : "`\(key.value)` can't be a name",
        at: key.range,
        help: isTooLong
          ? "use \(NamespaceName.maximumLength) bytes at most"
          : "use letters, digits, `.`, `_` and `-`, not starting with `-`"))
    return false
  }
}

extension TableDescription {
  /// Every mapping that a file can have, the whole file first.
  package static let all: [TableDescription] = [
    KeyTable<ProjectFile>.root.description, KeyTable<IncludeFields>.include.description,
    KeyTable<NodeEntry>.service.description, KeyTable<ExtendsFields>.extends.description,
    KeyTable<DependencyFields>.dependency.description,
    KeyTable<NodeEntry>.router.description, KeyTable<AttachmentEntry>.attachment.description,
    KeyTable<NodeEntry>.deploy.description, KeyTable<PortFields>.port.description,
    KeyTable<NetworkEntry>.network.description, KeyTable<NetworkOptionsEntry>.driverOptions.description,
    KeyTable<IPAMEntry>.ipam.description, KeyTable<PoolEntry>.pool.description,
    KeyTable<LinkEntry>.link.description, KeyTable<EndpointFields>.endpoint.description,
    KeyTable<ImpairmentEntry>.impairment.description, KeyTable<InterfaceFields>.interface.description,
    KeyTable<RouteFields>.route.description, KeyTable<RouteEntry.Hop>.nextHop.description,
    KeyTable<RuleEntry>.rule.description,
    KeyTable<FirewallEntry>.firewall.description, KeyTable<FirewallEntry.Chain>.chain.description,
    KeyTable<FilterRuleEntry>.filterRule.description, KeyTable<TranslationFields>.translation.description,
    KeyTable<HostEntry>.host.description,
    KeyTable<HostEntry.Interface>.hostInterface.description, KeyTable<CheckFields>.check.description,
  ]
}
