import Diagnostics
import YAMLTree

extension KeyTable where Target == NodeEntry {
  /// The keys of a service that say whether and when it starts.
  static var startKeys: [Key<NodeEntry>] {
    [
      Key(
        "depends_on", .either([.list(.text("service")), .map(.mapping("dependency"))]),
        "Services that start, and get addresses, first."
      ) {
        node, entry, reader in
        reader.readDependencies(entry.value, into: &node)
      },
      Key("links", .list(.text("SERVICE[:ALIAS]")), "Services known by further names here; they start first.") {
        node, entry, reader in
        for link in reader.list(entry.value).compactMap({ reader.linkAlias($0) }) {
          node.linkAliases.append(link)
          node.dependencies.append(link.service)
        }
      },
      Key("volumes_from", .list(.text("SERVICE or container:NAME")), "Services that start first.") {
        node, entry, reader in
        for item in reader.list(entry.value).compactMap({ reader.text($0, expected: "a service's name") })
        where !item.value.hasPrefix("container:") {
          node.dependencies.append(item.map { String($0.prefix { $0 != ":" }) })
        }
      },
      sharing("ipc"), sharing("pid"), sharing("cgroup"),
      Key("uts", .text("host or service:NAME"), "Whose host name it has.") { node, entry, reader in
        reader.readSharing(entry.value, into: &node)
        guard let mode = reader.text(entry.value), mode.value == "host" else { return }
        node.sharesHostName = mode.map { _ in true }
      },
      Key(
        list: "profiles", .text,
        "It is there only if one of them is active, by --profile or COMPOSE_PROFILES."
      ) { $0.profiles.append($1) },
      Key("extends", .either([.text("service"), .mapping("extends")]), "The service that it is made from.") { _, _, _ in
        // The loader has taken it out.
      },
      Key("provider", .anything, "What provides it instead of a container: it gets no namespace.") { node, _, _ in
        node.isProvided = true
      },
      Key("net", .anything, "What version 1 called `network_mode`.", .misplaced) { _, entry, reader in
        reader.report(
          Diagnostic(
            FileCode.unknownKey, "`net` is a key of compose's version 1", at: entry.key.range,
            help: "write `network_mode`"))
      },
    ]
  }

  /// A key whose value may be a service that has to be there first.
  private static func sharing(_ name: String) -> Key<NodeEntry> {
    Key(name, .text("service:NAME or another mode"), "With service:NAME, that one starts first.") {
      node, entry, reader in
      reader.readSharing(entry.value, into: &node)
    }
  }
}

/// A service's `depends_on.SERVICE`.
struct DependencyFields {
  var condition: Located<Condition>?
  var restart: Located<Bool>?
  var isRequired: Located<Bool>?

  /// What is waited for.
  enum Condition: String, CaseIterable {
    case started = "service_started"
    case healthy = "service_healthy"
    case completed = "service_completed_successfully"
  }
}

extension KeyTable where Target == DependencyFields {
  /// An item of the long form of `depends_on` (compose-spec, 05-services.md).
  static let dependency = KeyTable(
    "dependency", "What a service waits for.", takesExtensions: true,
    [
      Key("condition", .choice, "What is waited for; of no effect on networks.", required: true) { $0.condition = $1 },
      Key("restart", .boolean, "Whether it is restarted with that service; of no effect on networks.") {
        $0.restart = $1
      },
      Key("required", .boolean, "Whether that service has to be in an active profile; true without it.") {
        $0.isRequired = $1
      },
    ])
}

extension Reader {
  /// `depends_on`, in either form.
  fileprivate mutating func readDependencies(_ node: YAMLNode, into entry: inout NodeEntry) {
    guard case .mapping(let mapping) = node.content else {
      var places: [String: SourceRange] = [:]
      for name in list(node).compactMap({ itemText($0, expected: "a service's name") }) {
        if let first = places.updateValue(name.range, forKey: name.value) {
          report(.repeatedItem(name.value, at: name.range, first: first))
        } else {
          entry.dependencies.append(name)
        }
      }
      return
    }
    for item in mapping.entries {
      entry.dependencies.append(item.key)
      // An item of the short form has nothing here once both forms are merged.
      guard !item.value.isNull else { continue }
      var fields = DependencyFields()
      read(item.value, into: &fields, by: .dependency)
      if fields.isRequired?.value == false { entry.optionalDependencies.insert(item.key.value) }
    }
  }

  /// A mode that may be another service's.
  fileprivate mutating func readSharing(_ node: YAMLNode, into entry: inout NodeEntry) {
    guard !isEmptyText(node), let mode = text(node), mode.value.hasPrefix("service:") else { return }
    entry.dependencies.append(mode.map { String($0.dropFirst("service:".count)) })
  }
}
